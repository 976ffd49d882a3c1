// Ports for programs that cannot choose their own.

import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of the loopback that nobody listens on just now. It is none of those that systems give to whoever
 * does not ask for one, so nobody else comes by it while its program is started, or started again.
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

/** Whether a program could listen on a port of the loopback now. */
export async function isFree(port) {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  await once(server.close(), "close");
  return true;
}
