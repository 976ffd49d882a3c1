// The sandbox (the emulated CRM) as a child process, and its control API.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { sandboxProgram } from "./paths.mjs";

export const ACCESS_TOKEN = "sandbox-access-token";
export const API_KEY = "sandbox-api-key";
export const CREATE_ONLY_KEY = "sandbox-create-only-key";
export const ORGANIZATION = "686f894eaf67193dd6e124ce";
export const EMAIL = "agent@example.com";
export const PASSWORD = "sandbox-password";

/** Starts a sandbox. It ends with the test, or with this process, which closes its stdin. */
export async function startSandbox(test, switches = {}, seed = 1) {
  const args = ["--exit-with-stdin", "--seed", String(seed), "--switches", JSON.stringify(switches)];
  const child = spawn(sandboxProgram, args, { stdio: ["pipe", "pipe", "inherit"] });
  const line = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sandbox exited with ${code}`)));
    createInterface({ input: child.stdout }).once("line", resolve);
  });
  child.removeAllListeners("exit");
  const { url, control } = JSON.parse(line);
  const graph = new URL("/graph", url).href;
  test?.after(() => child.stdin.end());

  const call = async (method, path, body) => {
    const answer = await fetch(control + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the sandbox's control responded with ${answer.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    url,
    control,
    /** The Graph API of the simulated Meta. */
    graph,
    /** Changes the simulated ad platforms, or reads their state. */
    platforms: (changes) => call(changes ? "PUT" : "GET", "/platforms", changes),
    /** Delivers leads from a platform: `meta` or `google`. */
    deliver: (platform, leads = {}) => call("POST", `/platforms/${platform}`, leads),
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
    leads: () => call("GET", "/leads"),
    records: (resource) => call("GET", `/leads?resource=${resource}`),
    requests: () => call("GET", "/requests"),
    forget: () => call("DELETE", "/requests"),
    switches: (changed) => call("PUT", "/switches", changed),
    faults: (rules) => call("PUT", "/faults", rules),
    tokens: (changes) => call("POST", "/tokens", changes),
    seed: (resource, count) => call("POST", "/seed", { resource, count }),
    reset: () => call("POST", "/reset"),
    /** The bytes of a response, requested without the SDK. */
    bytes: async (path) => {
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } });
      return Buffer.from(await answer.arrayBuffer());
    },
  };
}
