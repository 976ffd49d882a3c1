// The deployable example: in workerd as the demo starts it, and by its guide from an empty folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { waitUntil } from "../../tools/wait.mjs";
import { API_KEY, ORGANIZATION } from "../../tools/sandbox.mjs";
import { freePort } from "../support/port.mjs";
import { arrived, crm } from "./support/crm.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, ORIGIN, postJson } from "./support/requests.mjs";
import { startForwarder } from "../../tools/workerd.mjs";

const WRANGLER = fileURLToPath(new URL("../../tools/node_modules/wrangler", import.meta.url));

test("the example has at most 30 lines of code", async () => {
  const files = ["index.js", "wrangler.jsonc"];
  const texts = await Promise.all(
    files.map((name) => readFile(join(packageFolder, "examples/edge-worker", name), "utf8")),
  );
  assert.ok(texts.join("").trimEnd().split("\n").length <= 30);
});

test("the example forwards a lead from the demo site", async (test) => {
  const sandbox = await crm(test);
  const { url, close } = await startForwarder({ api: sandbox.url, origin: ORIGIN });
  test.after(close);
  const sent = body();
  assert.equal((await postJson(`${url}/leads`, sent)).status, 202);
  await arrived(sandbox, [sent.submissionId]);
});

/** An empty folder with the packed package; `run` runs commands there and returns their output. */
async function emptyFolder(test) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-guide-"));
  const environment = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  const shells = [];
  const run = async (commands) => {
    const shell = spawn("bash", ["-ec", commands], {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    shells.push(shell);
    let logged = "";
    shell.stdout.setEncoding("utf8").on("data", (text) => (logged += text));
    assert.deepEqual(await once(shell, "close"), [0, null], commands);
    return logged;
  };
  test.after(async () => {
    for (const { pid } of shells) {
      try {
        // The processes that it started: wrangler, and workerd with it.
        process.kill(-pid, "SIGKILL");
      } catch {
        // No process is left.
      }
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  await run(`npm pack --silent --pack-destination "$PWD" ${JSON.stringify(packageFolder)}`);
  return { folder, run };
}

/** The packed package, and wrangler, which is already installed here. */
const INSTALLED = [
  "npm install icloud-ready wrangler",
  `npm install --offline --silent ./*.tgz; ln -s ${JSON.stringify(WRANGLER)} node_modules/wrangler; mkdir node_modules/.bin; ln -s ../wrangler/bin/wrangler.js node_modules/.bin/wrangler`,
];

/** Replaces texts of a guide, each of which must be there. */
function replaced(commands, exchanges) {
  return exchanges.reduce((text, [there, instead]) => {
    assert.ok(text.includes(there), there);
    return text.replace(there, () => instead);
  }, commands);
}

test("the deployment guide's commands bundle the worker with all its bindings", async (test) => {
  const { folder, run } = await emptyFolder(test);
  const guide = await readFile(new URL("../../docs/forwarder.md", import.meta.url), "utf8");
  const [, commands] = /## Deploying to Cloudflare\n[^]*?```sh\n([^]*?)```/.exec(guide);
  const output = await run(replaced(commands, [INSTALLED]));
  assert.match(output, /env\.LEAD_OUTBOX \(LeadOutbox\)/);
  assert.match(output, /env\.ORIGINS/);
  assert.match(output, /--dry-run: exiting now/);
  const files = await readdir(join(folder, "build"));
  assert.ok(files.includes("index.js"), files.join());
  assert.ok(
    files.some((name) => name.endsWith(".wasm")),
    files.join(),
  );
});

test("the guide's five commands, in an empty folder with the packed package, forward a lead", async (test) => {
  const sandbox = await crm(test);
  const port = await freePort();
  const { run } = await emptyFolder(test);
  const guide = await readFile(join(packageFolder, "examples/edge-worker/README.md"), "utf8");
  const [, block] = /```sh\n([^]*?)```/.exec(guide);
  const commands = block.replaceAll("\\\n", "").trim().split("\n");
  assert.ok(commands.length <= 5, block);
  // Unchanged, except for placeholders.
  const changed = replaced(commands.join("\n"), [
    INSTALLED,
    ["=your key\\n", `=${API_KEY}\\nICLOUDREADY_BASE_URL=${sandbox.url}\\n`],
    ["=your organization", `=${ORGANIZATION}`],
    ["wrangler dev", `wrangler dev --port ${port} --inspector-port 0 >wrangler.log 2>&1`],
    ["localhost:8787", `127.0.0.1:${port}`],
  ]);
  const [last, ...first] = changed.split("\n").reverse();
  await run(first.reverse().join("\n"));
  await waitUntil("wrangler", async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.ok);
  assert.match(await run(last), /^HTTP\/1\.1 202 /);
  await arrived(sandbox, ["first-lead-0001"]);
});
