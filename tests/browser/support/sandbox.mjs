// The CRM's emulator, for the length of a test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { leave } from "./browser.mjs";
import { sandboxProgram } from "./places.mjs";

/** What the sandbox takes from everyone. */
export const accessToken = "sandbox-access-token";

/** Starts a sandbox that ends with the test. */
export async function startSandbox(test) {
  const child = spawn(sandboxProgram, ["--exit-with-stdin"], { stdio: ["pipe", "pipe", "inherit"] });
  test.after(async () => {
    await leave(test);
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  });
  const lines = createInterface(child.stdout);
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  const [line] = await Promise.race([once(lines, "line"), failed]);
  const { url, control } = JSON.parse(line);
  return new Sandbox(url, control);
}

/** A running sandbox, seen past the SDK: by plain HTTP. */
class Sandbox {
  constructor(url, control) {
    this.url = url;
    this.control = control;
  }

  /** The leads that there are, oldest first. */
  leads() {
    return this.#ask("leads?resource=leads");
  }

  /** The leads, once there are so many: the forwarder hands them over when it can. */
  async arrived(count) {
    for (let turn = 0; turn < 2_400; turn++) {
      const leads = await this.leads();
      if (leads.length >= count) return leads;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${count} leads did not arrive`);
  }

  /** What was asked of the API, most of it by method and route, as in `POST /leads`. */
  async requests() {
    const requests = await this.#ask("requests");
    // Browsers ask beforehand if they may send; the tests are about what they send.
    return requests.filter(({ method }) => method !== "OPTIONS").map(({ method, route }) => `${method} ${route}`);
  }

  setFaults(...faults) {
    return this.#ask("faults", "PUT", faults);
  }

  change(switches) {
    return this.#ask("switches", "PUT", switches);
  }

  seed(count) {
    return this.#ask("seed", "POST", { resource: "leads", count });
  }

  async #ask(path, method = "GET", body) {
    const answer = await fetch(`${this.control}/${path}`, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
