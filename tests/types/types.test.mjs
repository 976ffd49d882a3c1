// The installed package's types in strict projects: with each kind of resolution, and the oldest and the newest
// TypeScript that the package's README names.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const project = process.env.ICLOUD_READY_TARBALL_DIR;
const require = createRequire(import.meta.url);
const { resolve } = require;

/** The global names of a page, and of a server without those of a page. */
const PLACES = {
  page: { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  server: { lib: ["ES2022"], types: ["node"], typeRoots: [dirname(dirname(resolve("@types/node/package.json")))] },
};

for (const [compiler, module, moduleResolution, place] of [
  ["typescript-oldest", "NodeNext", "NodeNext", "page"],
  ["typescript-oldest", "Node16", "Node16", "page"],
  ["typescript-oldest", "ESNext", "Bundler", "page"],
  ["typescript-newest", "NodeNext", "NodeNext", "page"],
  ["typescript-newest", "Node16", "Node16", "page"],
  ["typescript-newest", "ESNext", "Bundler", "page"],
  ["typescript-newest", "NodeNext", "NodeNext", "server"],
]) {
  const folder = dirname(resolve(`${compiler}/package.json`));
  const { version } = require(`${compiler}/package.json`);
  test(`usage.ts compiles for a ${place} with TypeScript ${version} by ${moduleResolution}, except the lines marked wrong`, () =>
    compile(folder, "usage.ts", { module, moduleResolution, ...PLACES[place] }));
}

for (const [compiler, module, moduleResolution, file] of [
  ["typescript-oldest", "CommonJS", "Node10", "usage.ts"],
  ["typescript-oldest", "Node16", "Node16", "usage.cts"],
  ["typescript-newest", "Node16", "Node16", "usage.cts"],
  ["typescript-newest", "NodeNext", "NodeNext", "usage.cts"],
]) {
  const folder = dirname(resolve(`${compiler}/package.json`));
  const { version } = require(`${compiler}/package.json`);
  test(`usage.ts compiles as CommonJS with TypeScript ${version} by ${moduleResolution}, except the lines marked wrong`, () =>
    compile(folder, file, { module, moduleResolution, esModuleInterop: true, ...PLACES.page }));
}

for (const compiler of ["typescript-oldest", "typescript-newest"]) {
  const folder = dirname(resolve(`${compiler}/package.json`));
  const { version } = require(`${compiler}/package.json`);
  const resolution = { module: "ESNext", moduleResolution: "Bundler", ...PLACES.page };
  test(`the lead form compiles in JSX with TypeScript ${version}, except the lines marked wrong`, () =>
    compile(folder, "usage-jsx.tsx", { ...resolution, jsx: "preserve" }));
  for (const types of ["@types/react", "types-react-18"]) {
    const file = resolve(`${types}/package.json`);
    test(`the lead form compiles in React ${require(file).version} with TypeScript ${version}, except the lines marked wrong`, () =>
      compile(folder, "usage-react.tsx", { ...resolution, jsx: "react-jsx", paths: pathsTo(dirname(file)) }));
  }
}

/** React's types, which are not installed in the project. */
const pathsTo = (folder) => ({ react: [folder], "react/*": [join(folder, "*")] });

/** Compiles a file in the project with the strictest options, and expects no errors. */
async function compile(folder, file, options) {
  await copyFile(new URL(file.replace(".cts", ".ts"), import.meta.url), join(project, file));
  const compilerOptions = {
    ...options,
    target: "ES2022",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    // The package's own declarations are checked too.
    skipLibCheck: false,
    noEmit: true,
  };
  const config = join(project, "tsconfig.json");
  await writeFile(config, JSON.stringify({ compilerOptions, files: [file] }));
  const output = await promisify(execFile)(process.execPath, [join(folder, "bin/tsc"), "--project", config]).then(
    ({ stdout }) => stdout,
    (error) => error.stdout + error.stderr,
  );
  assert.equal(output, "");
}
