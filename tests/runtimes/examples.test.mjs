// The examples for Deno and Bun, run from the packed package.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";
import { folder, run, tool } from "./support/project.mjs";

const deno = tool("@deno/linux-x64-glibc", "deno");
const bun = tool("@oven/bun-linux-x64", "bin/bun");

/** Runs a script of an example with leads in the CRM; returns its output and the leads. */
async function runExample(test, name, program, args) {
  const sandbox = await startSandbox(test);
  await sandbox.seed("leads", 250);
  const cwd = await folder(test);
  await cp(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), cwd, { recursive: true });
  const output = await run(program, args, cwd, {
    ICLOUDREADY_BASE_URL: sandbox.url,
    ICLOUDREADY_API_KEY: API_KEY,
    ICLOUDREADY_ORGANIZATION_ID: ORGANIZATION,
  });
  return { lines: output.trim().split("\n"), leads: await sandbox.leads() };
}

test("deno: every lead is exported once", { timeout: 300_000 }, async (test) => {
  const args = ["run", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1", "export.ts"];
  const { lines, leads } = await runExample(test, "deno", deno, args);
  const ids = lines.map((line) => JSON.parse(line)._id);
  assert.equal(ids.length, 250);
  assert.deepEqual(ids.sort(), leads.map(({ _id }) => _id).sort());
});

test("bun: leads are counted by source", { timeout: 300_000 }, async (test) => {
  const { lines, leads } = await runExample(test, "bun", bun, ["run", "sources.ts", "100000"]);
  const counted = Object.fromEntries(lines.map((line) => line.split("\t").reverse()));
  const expected = {};
  for (const { leadSource } of leads) expected[leadSource || "unknown"] = (expected[leadSource || "unknown"] ?? 0) + 1;
  assert.deepEqual(
    counted,
    Object.fromEntries(Object.entries(expected).map(([source, count]) => [source, `${count}`])),
  );
});
