// A forwarder as a separate process: `server.mjs` with its options.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { waitUntil } from "../../../tools/wait.mjs";
import { isFree } from "../../support/port.mjs";

const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));

/**
 * Starts a forwarder that can be killed. `logged` gets each line that it prints. `setClock(ahead)` sets its clock ahead
 * by this many milliseconds.
 */
export async function start(kind, options, logged = () => {}) {
  // A process killed here before may still be exiting.
  await waitUntil(`the port ${options.port}`, () => isFree(options.port));
  const child = spawn(process.execPath, [SERVER, kind, JSON.stringify(options)], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const printed = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    printed.push(line);
    logged(line);
  });
  const exited = once(child, "exit");
  // The whole group at once: workerd is a separate process.
  const kill = (signal = "SIGKILL") => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Already exited.
    }
  };
  const onExit = () => kill();
  process.once("exit", onExit);
  exited.then(() => process.off("exit", onExit));
  const line = await new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once("line", (line) => {
      resolve(line);
      lines.on("line", logged);
    });
    child.once("exit", (code) => reject(new Error(`the forwarder ended with ${code}\n${printed.join("\n")}`)));
  });
  const setClock = (ahead) => child.send({ ahead });
  return { ...JSON.parse(line), pid: child.pid, kill, setClock, gone: exited };
}
