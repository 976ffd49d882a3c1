// A forwarder as a separate process that can be killed: `server.mjs KIND OPTIONS` prints its URL.
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { packageFolder } from "../../../tools/paths.mjs";
import { setUpClock } from "./machine-clock.mjs";
import { sourcesOf } from "./platforms.mjs";
import { bundle, forwarderOptions, SETTINGS, startWorker } from "../../../tools/workerd.mjs";

const [kind, text] = process.argv.slice(2);
const { config, folder, port, clock } = JSON.parse(text);
// Before the package is imported.
if (clock) setUpClock(clock);

const start = {
  workerd: async () => startWorker(await forwarderOptions(config, { persist: folder, port })),
  async node() {
    const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));
    return serve({
      clientAddress: "socket",
      ...config,
      sources: await sourcesOf(config.sources),
      file: join(folder, "outbox.sqlite"),
      port,
    });
  },
  /** Does not detect that its file is gone. */
  async unguarded() {
    const { default: fs } = await import("node:fs");
    const { syncBuiltinESMExports } = await import("node:module");
    fs.statSync = () => ({ dev: 1, ino: 1, size: 1 });
    syncBuiltinESMExports();
    return start.node();
  },
  /** Treats a failed commit as not committed. */
  async careless() {
    const drivers = [
      await import("better-sqlite3").catch(() => undefined),
      await import("node:sqlite").catch(() => undefined),
    ];
    for (const { prototype } of drivers.flatMap((driver) => driver?.DatabaseSync ?? driver?.default ?? [])) {
      const { exec } = prototype;
      prototype.exec = function (sql) {
        try {
          return exec.call(this, sql);
        } catch (error) {
          if (sql !== "COMMIT") throw error;
        }
      };
    }
    return start.node();
  },
  /** Responds first and sends from memory afterwards: what the forwarder does not do. */
  async "no-storage"() {
    const modules = await bundle(fileURLToPath(new URL("worker/no-storage.js", import.meta.url)));
    return startWorker({ ...SETTINGS, port, modules, bindings: { CONFIG: config } });
  },
};

const { url, close } = await start[kind]();
// As in the example for Node.js.
process.once("SIGTERM", () => void close().then(() => process.disconnect?.()));
console.log(JSON.stringify({ url }));
