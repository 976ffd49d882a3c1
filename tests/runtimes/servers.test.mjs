// Server runtimes: the oldest and newest Node.js, Deno, Bun.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { cell, prepare } from "./support/cell.mjs";
import { folder, packageFolder, report, tool } from "./support/project.mjs";

const deno = tool("@deno/linux-x64-glibc", "deno");
const bun = tool("@oven/bun-linux-x64", "bin/bun");

/** A runtime, its program and arguments for the scenario and for one without permissions, its script. */
const RUNTIMES = [
  ["Node.js 20", tool("node-20", "bin/node"), [], [], "node.mjs"],
  ["Node.js 24", tool("node-24", "bin/node"), [], [], "node.mjs"],
  // It may use the network, and read nothing.
  ["Deno", deno, ["run", "--no-prompt", "--allow-net=127.0.0.1"], ["run", "--no-prompt"], "deno.mjs"],
  ["Bun", bun, ["run"], ["run"], "node.mjs"],
];

const IMPORT = 'import { ICloudReady } from "icloud-ready";';

/**
 * Ways to load another entry than the one that the runtime's condition selects: each creates a script from the
 * scenario's.
 */
const WAYS = {
  "a bundle for Node.js": async (text, cwd) => {
    const { build } = await import("esbuild");
    const { outputFiles } = await build({
      stdin: { contents: text, resolveDir: cwd },
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      logLevel: "error",
    });
    return outputFiles[0].text;
  },
  require: (text) =>
    text.replace(
      IMPORT,
      'import { createRequire } from "node:module";\nconst { ICloudReady } = createRequire(import.meta.url)("icloud-ready");',
    ),
  "the default entry": (text) =>
    text.replace(IMPORT, `import { ICloudReady } from "file://${packageFolder}/runtime/default.js";`),
  slim: (text) =>
    text
      .replace(IMPORT, 'import { readFile } from "node:fs/promises";\nimport { ICloudReady } from "icloud-ready/slim";')
      .replace(
        "JSON.parse(process.argv[2])",
        `{ ...JSON.parse(process.argv[2]), wasm: await readFile(${JSON.stringify(`${packageFolder}/icloud-ready.wasm`)}) }`,
      ),
};

for (const [name, program, args, restricted, script] of RUNTIMES) {
  cell(name, async (settings, test) => {
    const cwd = await folder(test, [`cells/${script}`]);
    return report(program, [...args, script, JSON.stringify(settings)], cwd);
  });

  test(`${name}: a lead whose response is lost is sent once`, { timeout: 300_000 }, async (test) => {
    const { sandbox, settings } = await prepare(test);
    await sandbox.faults([
      { method: "POST", path: "/leads", skip: 1, times: 1, action: { kind: "cut", when: "after" } },
    ]);
    const cwd = await folder(test, ["cells/lost.mjs"]);
    assert.deepEqual(await report(program, [...args, "lost.mjs", JSON.stringify(settings)], cwd), {
      code: "connection",
      ambiguous: true,
    });
    const names = (await sandbox.leads()).map(({ leadInformation }) => leadInformation.firstName);
    assert.deepEqual(names, ["Ahmed", "Mona"]);
  });

  for (const [how, load] of Object.entries(WAYS)) {
    test(`${name}: a lead whose response is lost is sent once, through ${how}`, { timeout: 300_000 }, async (test) => {
      const { sandbox, settings } = await prepare(test);
      await sandbox.faults([
        { method: "POST", path: "/leads", skip: 1, times: 1, action: { kind: "cut", when: "after" } },
      ]);
      const cwd = await folder(test);
      const text = await load(await readFile(new URL("cells/lost.mjs", import.meta.url), "utf8"), cwd);
      await writeFile(join(cwd, "lost.mjs"), text);
      const leave = name === "Deno" ? args.toSpliced(-1, 0, "--allow-read") : args;
      assert.deepEqual(await report(program, [...leave, "lost.mjs", JSON.stringify(settings)], cwd), {
        code: "connection",
        ambiguous: true,
      });
      const names = (await sandbox.leads()).map(({ leadInformation }) => leadInformation.firstName);
      assert.deepEqual(names, ["Ahmed", "Mona"]);
    });
  }

  test(
    `${name}: importing and constructing have no side effects, and the wasm is compiled once`,
    { timeout: 300_000 },
    async (test) => {
      const cwd = await folder(test, ["cells/imported.mjs", "counts.mjs"]);
      const { before, compiled } = await report(program, [...restricted, "imported.mjs"], cwd);
      assert.deepEqual(before, {});
      // Deno provides a module that it compiled itself.
      assert.equal(compiled, name === "Deno" ? undefined : 1);
    },
  );
}
