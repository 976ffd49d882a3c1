// The examples, run from the packed package as a user runs them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { folder } from "./support/template.mjs";

const example = (name) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** Starts a script in a folder; `output` gives what it has printed. */
function start(cwd, args, env) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  return { child, ended: once(child, "exit").then(([code]) => code), output: () => output };
}

test("csv-import: interrupted twice and run again, each row is one lead", { timeout: 300_000 }, async (test) => {
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
