// The project with the packed package installed: outside the workspace, so that nothing is resolved from it by
// accident. `cargo xtask test --only runtimes` creates it.

import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = process.env.ICLOUD_READY_TARBALL_DIR;
if (!project) throw new Error("run this by `cargo xtask test`: it packs and installs the package");

/** The installed package. */
export const packageFolder = join(project, "node_modules", "icloud-ready");

/** A folder in the project with the scenario and the given files and texts, removed with the test. */
export async function folder(test, files = [], texts = {}) {
  const path = await mkdtemp(join(project, "cell-"));
  test.after(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
  for (const name of ["scenario.mjs", ...files]) {
    await cp(fileURLToPath(new URL(`../${name}`, import.meta.url)), join(path, basename(name)));
  }
  for (const [name, text] of Object.entries(texts)) await writeFile(join(path, name), text);
  return path;
}

/** A file of a package that npm installed for these tests. */
export function tool(name, file) {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve(`${name}/package.json`)), file);
}

/** Runs a program in a folder and returns its last line on stdout as JSON. */
export async function report(command, args, cwd, environment = {}) {
  const output = await run(command, args, cwd, environment);
  try {
    return JSON.parse(output.trim().split("\n").at(-1));
  } catch {
    throw new Error(`${command} printed no JSON\n${output}`);
  }
}

/** Runs a program in a folder and returns what it printed on stdout. */
export async function run(command, args, cwd, environment = {}) {
  const options = { cwd, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] };
  const child = spawn(command, args, options);
  let [output, complained] = ["", ""];
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (complained += data));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${output}\n${complained}`);
  return output;
}
