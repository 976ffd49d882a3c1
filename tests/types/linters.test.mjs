// What the linters of packages say of the package.

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

test("publint finds nothing, not even a suggestion", async () => {
  const pkgDir = join(project, "node_modules", "icloud-ready");
  const { messages } = await publint({ pkgDir, strict: true, pack: false });
  assert.deepEqual(messages, []);
});

test("arethetypeswrong finds nothing", async () => {
  const folder = dirname(createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json"));
  const given = [join(folder, "dist/index.js"), join(project, tarball), "--profile", "esm-only", "--format", "json"];
  const { stdout } = await promisify(execFile)(process.execPath, given, { maxBuffer: 1 << 26 });
  const { analysis } = JSON.parse(stdout);
  assert.ok(Object.keys(analysis.entrypoints).includes("./icloud-ready.wasm"));
});
