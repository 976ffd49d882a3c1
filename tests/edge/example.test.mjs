// The deployable example: in workerd as the demonstration starts it, and by wrangler as its guide says.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { API_KEY, ORGANIZATION } from "../package/support/sandbox.mjs";
import { freePort } from "../support/port.mjs";
import { arrived, crm, eventually } from "./support/crm.mjs";
import { PACKAGE } from "./support/places.mjs";
import { body, ORIGIN, postJson } from "./support/requests.mjs";
import { startForwarder } from "./support/workerd.mjs";

const WRANGLER = fileURLToPath(new URL("node_modules/wrangler/bin/wrangler.js", import.meta.url));

test("the example has at most 30 lines of its own", async () => {
  const files = ["index.js", "wrangler.jsonc"];
  const texts = await Promise.all(files.map((name) => readFile(join(PACKAGE, "examples/edge-worker", name), "utf8")));
  assert.ok(texts.join("").trimEnd().split("\n").length <= 30);
});

test("the example forwards a lead from the demonstration's site", async (test) => {
  const sandbox = await crm(test);
  const { url, close } = await startForwarder({ api: sandbox.url, origin: ORIGIN });
  test.after(close);
  const sent = body();
  assert.equal((await postJson(`${url}/leads`, sent)).status, 202);
  await arrived(sandbox, [sent.submissionId]);
});

test("the guide: the example, copied from the package, forwards a lead under wrangler dev", async (test) => {
  const sandbox = await crm(test);
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-example-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(PACKAGE, join(folder, "node_modules/icloud-ready"));
  await cp(join(PACKAGE, "examples/edge-worker"), folder, { recursive: true });
  const secrets = { ICLOUDREADY_API_KEY: API_KEY, ICLOUDREADY_ORGANIZATION_ID: ORGANIZATION, ICLOUDREADY_BASE_URL: sandbox.url };
  await writeFile(join(folder, ".dev.vars"), Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`).join(""));
  const port = await freePort();
  const environment = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  const child = spawn(process.execPath, [WRANGLER, "dev", "--port", String(port), "--inspector-port", "0"], { cwd: folder, env: environment, detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  test.after(async () => {
    process.kill(-child.pid, "SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok, "wrangler");
  const sent = body();
  assert.equal((await postJson(`${url}/leads`, sent)).status, 202);
  await arrived(sandbox, [sent.submissionId]);
});
