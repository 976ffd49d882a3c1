// Ports for programs that cannot choose their own.

import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A free port of the loopback. It is outside the range from which systems assign ports, so no other program gets it
 * while its program is started or restarted.
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
