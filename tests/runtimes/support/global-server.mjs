// Serves a Worker with a global client: returns tokens and signals its caller when to disconnect.

import { once } from "node:events";
import { createServer } from "node:http";

/** Starts it; it ends with the test. The tokens are valid in the sandbox. */
export async function serve(test, sandbox) {
  const [leaving, leaves] = signal();
  const [held, hold] = signal();
  let holding = false;
  let count = 0;
  const http = createServer(async (request, response) => {
    if (request.url === "/leave") {
      await leaving;
      return response.end();
    }
    if (holding) {
      holding = false;
      return hold();
    }
    const token = `token-${++count}`;
    await sandbox.tokens({ add: [{ kind: "bearer", token, role: "full" }] });
    server.token = token;
    response.end(token);
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  test.after(() => {
    http.close();
    http.closeAllConnections();
  });
  const url = `http://127.0.0.1:${http.address().port}`;
  const server = {
    tokens: `${url}/token`,
    /** The newest token. */
    token: undefined,
    /** Never responds to the next request for a token. */
    holdToken: () => (holding = true),
    /** Once it was requested. */
    tokenHeld: held,
    leave: `${url}/leave`,
    signalLeave: leaves,
  };
  return server;
}

function signal() {
  let resolve;
  const promise = new Promise((resolved) => (resolve = resolved));
  return [promise, resolve];
}
