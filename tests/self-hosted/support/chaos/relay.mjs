// A way to the CRM that can be interrupted: without it, connections are refused.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { freePort } from "../../../support/port.mjs";

/** Passes connections on to a port of the loopback. */
export async function startRelay(scope, target) {
  const port = await freePort();
  const sockets = new Set();
  let server;
  const link = {
    port,
    async up() {
      server = createServer((client) => {
        const upstream = connect(target, "127.0.0.1");
        for (const [socket, other] of [
          [client, upstream],
          [upstream, client],
        ]) {
          sockets.add(socket);
          socket.pipe(other);
          socket.on("error", () => other.destroy());
          socket.on("close", () => {
            sockets.delete(socket);
            other.destroy();
          });
        }
      });
      await once(server.listen(port, "127.0.0.1"), "listening");
    },
    async down() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  await link.up();
  scope.after(() => link.down());
  return link;
}
