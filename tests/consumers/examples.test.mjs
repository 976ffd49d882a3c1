// The examples, run from the packed package as a user runs them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { useChromium } from "../browser/support/browser.mjs";
import { run } from "../runtimes/support/project.mjs";
import { checkForm } from "./support/form-app.mjs";
import { folder, serving, tool } from "./support/template.mjs";

useChromium();

const example = (name) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

const OFFLINE = { WRANGLER_SEND_METRICS: "false", CI: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false" };

/** Starts a script in a folder; `output` gives what it has printed. */
function start(cwd, args, env) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  return { child, ended: once(child, "exit").then(([code]) => code), output: () => output };
}

test("csv-import: interrupted twice and run again, each row creates one lead", { timeout: 300_000 }, async (test) => {
  const sandbox = await startSandbox(test);
  const cwd = await folder(test, "csv-import");
  await cp(example("csv-import"), cwd, { recursive: true });
  const rows = Array.from({ length: 60 }, (_, index) => `Lead ${index},+2010000000${index + 10},"Cairo, Egypt"`);
  await writeFile(join(cwd, "leads.csv"), ["firstName,phone,region", ...rows, rows[0], ",+201000000099,"].join("\r\n"));
  const env = {
    ICLOUDREADY_BASE_URL: sandbox.url,
    ICLOUDREADY_API_KEY: API_KEY,
    ICLOUDREADY_ORGANIZATION_ID: ORGANIZATION,
  };
  const import_ = () => start(cwd, ["import.mjs", "leads.csv"], env);

  for (const count of [10, 30]) {
    const { child, ended, output } = import_();
    await waitUntil(`${count} leads`, async () => (await sandbox.leads()).length >= count, { describe: output });
    child.kill("SIGKILL");
    await ended;
  }
  const { ended, output } = import_();
  assert.equal(await ended, 1, output());
  assert.match(output(), /row 63: leadInformation\.firstName required/);
  assert.match(output(), /61 of 62 leads are in the CRM/);
  const names = (await sandbox.leads()).map(({ leadInformation, region }) => `${leadInformation.firstName}, ${region}`);
  assert.deepEqual(names.sort(), rows.map((_, index) => `Lead ${index}, Cairo, Egypt`).sort());
});

test("hono-worker: creates a lead once per id, and posts a summary on its cron", { timeout: 300_000 }, async (test) => {
  const sandbox = await startSandbox(test);
  const messages = [];
  const chat = createServer(async (request, response) => {
    messages.push(JSON.parse((await request.toArray()).join("")));
    response.end();
  });
  await new Promise((resolve) => chat.listen(0, "127.0.0.1", resolve));
  test.after(() => chat.close());
  const cwd = await folder(test, "hono-worker");
  await cp(example("hono-worker"), cwd, { recursive: true });
  const variables = {
    ICLOUDREADY_BASE_URL: sandbox.url,
    ICLOUDREADY_API_KEY: API_KEY,
    ICLOUDREADY_ORGANIZATION_ID: ORGANIZATION,
    CALLER_TOKEN: "caller",
    CHAT_URL: `http://127.0.0.1:${chat.address().port}/`,
  };
  await writeFile(
    join(cwd, ".dev.vars"),
    Object.entries(variables)
      .map((pair) => pair.join("="))
      .join("\n"),
  );
  const args = ["dev", "--test-scheduled", "--ip", "127.0.0.1", "--port"];
  const url = await serving(test, tool("wrangler/bin/wrangler.js"), args, cwd, OFFLINE);
  const post = (lead, token, query = "") =>
    fetch(`${url}leads/crm-sync-0001${query}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(lead),
    });
  const lead = { leadInformation: { firstName: "Ahmed", phone: "+201001234567" } };
  assert.equal((await post(lead, "undefined")).status, 401);
  const invalid = await post({ leadInformation: {} }, "caller");
  assert.equal(invalid.status, 400);
  assert.equal((await invalid.json()).issues.length, 2);
  const created = [await post(lead, "caller"), await post(lead, "caller", "?repeat")];
  assert.deepEqual(
    created.map(({ status }) => status),
    [201, 201],
  );
  const [{ _id }, ...others] = await sandbox.leads();
  assert.deepEqual([others, await created[1].json()], [[], { id: _id }]);
  assert.equal((await fetch(`${url}__scheduled`)).status, 200);
  assert.deepEqual(messages, [{ text: "1 leads in the last 24 hours" }]);
});

test("sveltekit: the form on a page that a server rendered creates a lead", { timeout: 300_000 }, async (test) => {
  const sandbox = await startSandbox(test);
  const cwd = await folder(test, "sveltekit");
  await cp(example("sveltekit"), cwd, { recursive: true });
  await run(process.execPath, [tool("vite/bin/vite.js"), "build"], cwd);
  const env = {
    ICLOUDREADY_BASE_URL: sandbox.url,
    ICLOUDREADY_API_KEY: API_KEY,
    ICLOUDREADY_ORGANIZATION_ID: ORGANIZATION,
  };
  const url = await serving(test, tool("vite/bin/vite.js"), ["preview", "--host", "127.0.0.1", "--port"], cwd, env);
  await checkForm(test, url, sandbox);
});

test("nextjs and sveltekit have the same handler", async () => {
  const read = (path) => readFile(example(path), "utf8");
  assert.equal(await read("sveltekit/src/lib/forward-lead.js"), await read("nextjs/lib/forward-lead.js"));
});
