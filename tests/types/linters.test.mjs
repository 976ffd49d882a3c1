// What package linters report about the package.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { publint } from "publint";

const project = process.env.ICLOUD_READY_TARBALL_DIR;
const [tarball] = (await readdir(project)).filter((name) => name.endsWith(".tgz"));

test("publint reports nothing, including suggestions", async () => {
  const pkgDir = join(project, "node_modules", "icloud-ready");
  const { messages } = await publint({ pkgDir, strict: true, pack: false });
  assert.deepEqual(messages, []);
});

/** Entries with a CommonJS build; the others are for pages and workers, which have only ES modules. */
const COMMONJS = [
  ".",
  "./slim",
  "./validation",
  "./testing",
  "./react",
  "./forwarder",
  "./forwarder/node",
  "./forwarder/sources",
  "./icloud-ready.wasm",
];

/** A style sheet has no types. */
const STYLES = "./lead-form/themes.css";

for (const [what, options] of [
  ["entries with a CommonJS build, in every resolution", ["--entrypoints", ...COMMONJS]],
  ["other entries, for ES modules", ["--profile", "esm-only", "--exclude-entrypoints", ...COMMONJS, STYLES]],
]) {
  test(`arethetypeswrong reports nothing: ${what}`, async () => {
    const folder = dirname(createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json"));
    const args = [join(folder, "dist/index.js"), join(project, tarball), "--format", "json", ...options];
    // It exits with an error if it finds anything.
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
    const { analysis } = JSON.parse(stdout);
    assert.ok(Object.keys(analysis.entrypoints).length > 2);
  });
}
