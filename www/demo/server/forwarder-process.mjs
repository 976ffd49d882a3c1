// Starts and kills the demo's forwarder.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort, isFree } from "../../../tools/port.mjs";
import { waitUntil } from "../../../tools/wait.mjs";

const PROGRAM = fileURLToPath(new URL("forwarder.mjs", import.meta.url));

export class ForwarderProcess {
  url;
  #options;
  #child;

  /** `options`: the forwarder's `config`, and the `folder` of its outbox. */
  constructor(options) {
    this.#options = options;
  }

  get isRunning() {
    return this.#child !== undefined;
  }

  /** Starts it, at the same port as before. */
  async start() {
    if (this.#child) return;
    const port = (this.#options.port ??= await freePort());
    // workerd ends a moment after the process that started it.
    await waitUntil(`port ${port}`, () => isFree(port));
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(this.#options)], {
      stdio: ["pipe", "pipe", "inherit"],
      // A group of processes, to which workerd belongs.
      detached: true,
    });
    this.#child = child;
    child.once("exit", () => (this.#child = undefined));
    const line = await new Promise((resolve, reject) => {
      child.once("error", reject);
      // Killed before it listens: it has the state that was asked for last.
      child.once("exit", (code, signal) =>
        signal ? resolve() : reject(new Error(`the forwarder exited with ${code}`)),
      );
      createInterface({ input: child.stdout }).once("line", resolve);
    });
    if (!line) return;
    this.url = JSON.parse(line).url;
  }

  /** Ends it as a power failure would: without a chance to store anything. */
  async kill() {
    const child = this.#child;
    if (!child) return;
    const exited = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await exited;
  }
}
