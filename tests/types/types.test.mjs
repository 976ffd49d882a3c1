// The installed package's types, as strict projects of either kind of resolution see them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const project = process.env.ICLOUD_READY_TARBALL_DIR;
const require = createRequire(import.meta.url);
const tsc = join(require.resolve("typescript/package.json"), "../bin/tsc");

for (const [module, moduleResolution] of [
  ["NodeNext", "NodeNext"],
  ["Node16", "Node16"],
  ["ESNext", "Bundler"],
]) {
  test(`usage.ts compiles with ${moduleResolution}, the wrong lines apart`, async () => {
    await copyFile(new URL("usage.ts", import.meta.url), join(project, "usage.ts"));
    const compilerOptions = {
      module,
      moduleResolution,
      target: "ES2022",
      lib: ["ES2022", "DOM", "DOM.Iterable"],
      types: [],
      strict: true,
      noUncheckedIndexedAccess: true,
      // The package's own declarations are checked too.
      skipLibCheck: false,
      noEmit: true,
    };
    const config = join(project, "tsconfig.json");
    await writeFile(config, JSON.stringify({ compilerOptions, files: ["usage.ts"] }));
    const said = await promisify(execFile)(process.execPath, [tsc, "--project", config]).then(
      ({ stdout }) => stdout,
      (error) => error.stdout,
    );
    assert.equal(said, "");
  });
}
