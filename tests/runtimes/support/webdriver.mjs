// The part of WebDriver that a cell needs.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { waitUntil } from "../../../tools/wait.mjs";
import { freePort } from "../../support/port.mjs";

/** How long one command may take, in milliseconds: longer than a script in a page may. */
const MAX_COMMAND_MS = 150_000;

/** Starts a driver, which takes `--port=N`, and a session of the browser that the capabilities name. */
export async function start(program, capabilities, environment) {
  const port = await freePort();
  const options = { env: { ...process.env, ...environment }, stdio: "ignore", detached: true };
  const driver = spawn(program, [`--port=${port}`], options);
  const send = async (method, path, body) => {
    const signal = AbortSignal.timeout(MAX_COMMAND_MS);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal,
    });
    return { answer: response, value: (await response.json()).value };
  };
  const command = async (method, path, body) => {
    const { answer: response, value } = await send(method, path, body).catch((error) => {
      throw new Error(`${method} ${path} ${JSON.stringify(body ?? null).slice(0, 300)}: ${error.message}`);
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const failed = once(driver, "error").then(([error]) => Promise.reject(error));
  const isReady = () =>
    command("GET", "/status").then(
      () => true,
      () => false,
    );
  await Promise.race([failed, waitUntil("the driver", isReady, { intervalMs: 100 })]);
  const { sessionId } = await command("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
  const session = `/session/${sessionId}`;
  const go = (handle) => command("POST", `${session}/window`, { handle });
  const first = await command("GET", `${session}/window`);
  const element = (found) => {
    const path = `${session}/element/${Object.values(found)[0]}`;
    return {
      click: () => command("POST", `${path}/click`, {}),
      type: (text) => command("POST", `${path}/value`, { text }),
    };
  };
  return {
    open: (url) => command("POST", `${session}/url`, { url }),
    /** Opens a window; returns the handle for `go`. */
    newWindow: async () => {
      // From the window that always exists: the session may be in one that was closed.
      await go(first);
      return (await command("POST", `${session}/window/new`, { type: "window" })).handle;
    },
    go,
    closeWindow: () => command("DELETE", `${session}/window`),
    /** The element that a function's text returns. */
    find: async (script, args) => element(await command("POST", `${session}/execute/sync`, { script, args })),
    /** Runs a function's text, whose last argument receives the result. */
    run: (script, args) => command("POST", `${session}/execute/async`, { script, args }),
    setScriptTimeout: (milliseconds) => command("POST", `${session}/timeouts`, { script: milliseconds }),
    async close() {
      await command("DELETE", session).catch(() => {});
      process.kill(-driver.pid);
      await once(driver, "exit");
    },
  };
}
