// A forwarder as a process, so that it can be killed: `server.mjs KIND OPTIONS` prints its address.
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { PACKAGE } from "./places.mjs";
import { bundle, forwarderOptions, SETTINGS, startWorker } from "./workerd.mjs";

const [kind, text] = process.argv.slice(2);
const { config, folder, port } = JSON.parse(text);

const start = {
  workerd: async () => startWorker(await forwarderOptions(config, { persist: folder, port })),
  async node() {
    const { serve } = await import(join(PACKAGE, "runtime/forwarder/node.js"));
    return serve({ ...config, clientAddress: "socket", file: join(folder, "outbox.sqlite"), port });
  },
  /** Answers first and sends then, out of memory: what the forwarder is not. */
  async "no-storage"() {
    const modules = await bundle(fileURLToPath(new URL("worker/no-storage.js", import.meta.url)));
    return startWorker({ ...SETTINGS, port, modules, bindings: { CONFIG: config } });
  },
};

const { url } = await start[kind]();
console.log(JSON.stringify({ url }));
