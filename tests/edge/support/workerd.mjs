// The forwarder in workerd.
import { fileURLToPath } from "node:url";
import { bundle, SETTINGS, startWorker } from "../../../www/workerd.mjs";
import { PACKAGE } from "./places.mjs";

export { startWorker };

const FORWARDER = fileURLToPath(new URL("worker/index.js", import.meta.url));
let bundled;

/** A worker's script, with the package under test. */
export const bundleWorker = (entry) => bundle(entry, PACKAGE);

/** Miniflare's options for a forwarder; `persist` is a folder, else all is gone at the end. */
export async function forwarderOptions(config, { persist, port = 0 } = {}) {
  return {
    ...SETTINGS,
    port,
    modules: await (bundled ??= bundleWorker(FORWARDER)),
    bindings: { CONFIG: JSON.parse(JSON.stringify(config)) },
    durableObjects: { LEAD_OUTBOX: { className: "LeadOutbox", useSQLite: true } },
    ...(persist ? { durableObjectsPersist: persist } : {}),
  };
}
