// A forwarder as a process, so that it can be killed: `server.mjs KIND OPTIONS` prints its address.
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { packageFolder } from "../../../tools/paths.mjs";
import { bundle, forwarderOptions, SETTINGS, startWorker } from "../../../tools/workerd.mjs";

const [kind, text] = process.argv.slice(2);
const { config, folder, port } = JSON.parse(text);

const start = {
  workerd: async () => startWorker(await forwarderOptions(config, { persist: folder, port })),
  async node() {
    const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));
    return serve({ ...config, clientAddress: "socket", file: join(folder, "outbox.sqlite"), port });
  },
  /** Does not see that its file is gone. */
  async unguarded() {
    const { default: fs } = await import("node:fs");
    const { syncBuiltinESMExports } = await import("node:module");
    fs.statSync = () => ({ dev: 1, ino: 1, size: 1 });
    syncBuiltinESMExports();
    return start.node();
  },
  /** Takes a commit that failed for one that did not. */
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
  /** Answers first and sends then, out of memory: what the forwarder is not. */
  async "no-storage"() {
    const modules = await bundle(fileURLToPath(new URL("worker/no-storage.js", import.meta.url)));
    return startWorker({ ...SETTINGS, port, modules, bindings: { CONFIG: config } });
  },
};

const { url } = await start[kind]();
console.log(JSON.stringify({ url }));
