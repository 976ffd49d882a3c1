// Where servers run scripts: Node.js at its oldest and newest, Deno, Bun.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, prepare } from "./support/cell.mjs";
import { folder, report, tool } from "./support/project.mjs";

const deno = tool("@deno/linux-x64-glibc", "deno");
const bun = tool("@oven/bun-linux-x64", "bin/bun");

/** A runtime, its program and arguments for the scenario and for one that may do nothing, its script. */
const RUNTIMES = [
  ["Node.js 20", tool("node-20", "bin/node"), [], [], "node.mjs"],
  ["Node.js 24", tool("node-24", "bin/node"), [], [], "node.mjs"],
  // It may ask the network, and read nothing.
  ["Deno", deno, ["run", "--no-prompt", "--allow-net=127.0.0.1"], ["run", "--no-prompt"], "deno.mjs"],
  ["Bun", bun, ["run"], ["run"], "node.mjs"],
];

for (const [name, program, given, nothing, script] of RUNTIMES) {
  cell(name, async (settings, test) => {
    const cwd = await folder(test, [`cells/${script}`]);
    return report(program, [...given, script, JSON.stringify(settings)], cwd);
  });

  test(`${name}: a lead whose answer is lost is sent once`, { timeout: 300_000 }, async (test) => {
    const { sandbox, settings } = await prepare(test);
    await sandbox.faults([{ method: "POST", path: "/leads", skip: 1, times: 1, action: { kind: "cut", when: "after" } }]);
    const cwd = await folder(test, ["cells/lost.mjs"]);
    assert.deepEqual(await report(program, [...given, "lost.mjs", JSON.stringify(settings)], cwd), { code: "connection", ambiguous: true });
    const names = (await sandbox.leads()).map(({ leadInformation }) => leadInformation.firstName);
    assert.deepEqual(names, ["Ahmed", "Mona"]);
  });

  test(`${name}: importing and constructing do nothing, and the wasm is compiled once`, { timeout: 300_000 }, async (test) => {
    const cwd = await folder(test, ["cells/imported.mjs", "counts.mjs"]);
    const { before, compiled } = await report(program, [...nothing, "imported.mjs"], cwd);
    assert.deepEqual(before, {});
    // Deno hands over a module that it compiled itself.
    assert.equal(compiled, name === "Deno" ? undefined : 1);
  });
}
