// Ports for programs that cannot choose their own.

import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Finds a free port on the loopback interface. It is outside the ephemeral range, so the system does not assign it to
 * another program during a start or restart.
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

/** Whether a port on the loopback interface is free. */
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
