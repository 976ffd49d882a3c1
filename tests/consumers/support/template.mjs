// A consumer's project: its own template, the scenario, the packed package, and its tools.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitUntil } from "../../../tools/wait.mjs";
import { freePort } from "../../support/port.mjs";

const project = process.env.ICLOUD_READY_TARBALL_DIR;
const own = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A program of a tool, by its file in the tool's package. */
export const tool = (file) => join(project, "node_modules", file);

let tools;

/** Creates a folder in the project whose `node_modules` are real files, as after an installation. */
export async function folder(test, name) {
  tools ??= cp(own("node_modules"), join(project, "node_modules"), { recursive: true, verbatimSymlinks: true });
  await tools;
  const path = await mkdtemp(join(project, `${name}-`));
  test.after(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

/** Copies a template into a new folder. */
export async function template(test, name) {
  const path = await folder(test, name);
  await cp(own(`templates/${name}`), path, { recursive: true });
  await cp(own("../runtimes/scenario.mjs"), join(path, "scenario.mjs"));
  return path;
}

/**
 * Starts a server, a Node.js script that takes its port last; returns its URL once it responds. It ends with the test.
 */
export async function serving(test, file, args, cwd, environment = {}) {
  const port = await freePort();
  const options = { cwd, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"], detached: true };
  const child = spawn(process.execPath, [file, ...args, `${port}`], options);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  const over = once(child, "exit");
  test.after(async () => {
    // Kills its child processes as well: a graceful exit of wrangler sometimes waits for processes that have ended.
    if (child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await over;
  });
  const url = `http://127.0.0.1:${port}/`;
  const isResponding = async () => child.exitCode !== null || (await fetch(url).catch(() => undefined));
  await waitUntil(`a response of ${file}`, isResponding, {
    maxMs: 300_000,
    intervalMs: 100,
    describe: async () => output,
  });
  if (child.exitCode !== null) throw new Error(`${file} ended\n${output}`);
  return url;
}
