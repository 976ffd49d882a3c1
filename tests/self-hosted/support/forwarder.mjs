// The example for Node.js as an operator runs it: a process of its own, with settings from the environment.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../../../tools/paths.mjs";
import { API_KEY, ORGANIZATION } from "../../../tools/sandbox.mjs";
import { waitUntil, within } from "../../../tools/wait.mjs";
import { body, ORIGIN, PERSON, postJson } from "../../edge/support/requests.mjs";
import { freePort } from "../../support/port.mjs";

export const EXAMPLE = fileURLToPath(new URL("../../../examples/node-forwarder/", import.meta.url));
const ADMIN_TOKEN = "admin-token-for-tests-".padEnd(40, "0");

/** Starts a program that ends with the test, by `signal`; `stop(signal)` ends it and waits for that. */
export async function start(test, command, args, { signal: last = "SIGKILL", ...options } = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  await once(child, "spawn");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = once(child, "close");
  const stop = async (signal = "SIGTERM") => {
    child.kill(signal);
    await within(`the end of ${command} after ${signal}`, 60_000, ended);
  };
  test.after(() => stop(last));
  return { child, stop, output: () => output };
}

/** Waits until a server responds. Throws if its program ends. */
export async function responds(program, url) {
  const { child, output } = program;
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} exited with ${child.exitCode}\n${output()}`);
    return fetch(url, { headers: { connection: "close" } }).then(
      () => true,
      () => false,
    );
  };
  await waitUntil(`a response of ${child.spawnfile}`, isUp, { describe: async () => output() });
}

/** A folder of the test's own. */
export async function folderOf(test) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-self-hosted-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The example in a folder; `run()` starts it, and can be called again once it has ended. */
export async function installForwarder(test, sandbox, folder) {
  await copyFile(join(EXAMPLE, "server.mjs"), join(folder, "server.mjs"));
  await mkdir(join(folder, "node_modules"));
  await symlink(packageFolder, join(folder, "node_modules/icloud-ready"));
  const [port, outbox] = [await freePort(), join(folder, "outbox.sqlite")];
  const url = `http://127.0.0.1:${port}`;
  const run = async (environment = {}) => {
    const program = await start(test, process.execPath, ["server.mjs"], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        ICLOUDREADY_API_KEY: API_KEY,
        ICLOUDREADY_ORGANIZATION_ID: ORGANIZATION,
        ICLOUDREADY_BASE_URL: sandbox.url,
        ORIGINS: ORIGIN,
        ADMIN_TOKEN,
        PROXIES: "1",
        OUTBOX: outbox,
        PORT: String(port),
        ...environment,
      },
    });
    await responds(program, `${url}/health`);
    return program;
  };
  /** The leads of the outbox with their states and reasons. */
  const states = async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, connection: "close" };
    return (await fetch(`${url}/admin/leads?limit=200`, { headers })).text();
  };
  return { run, port, outbox, url, states };
}

/** The submission ids of the leads in the CRM, each as often as it is there. */
export async function ids(sandbox) {
  const fields = (await sandbox.leads()).map(({ customField }) => customField);
  return fields
    .filter((field) => field?.startsWith("{"))
    .map((field) => JSON.parse(field).submissionId)
    .sort();
}

/** Sends a lead as a page does. */
export function submit(url, submissionId, { headers, firstName = PERSON.firstName } = {}) {
  return postJson(`${url}/leads`, body({ submissionId, lead: { leadInformation: { ...PERSON, firstName } } }), headers);
}
