// One contender as a process of its own: `serve.mjs KIND OPTIONS` prints its address.
import { fileURLToPath } from "node:url";
import { bundle, forwarderOptions, startWorker } from "../../tests/edge/support/workerd.mjs";

const [kind, text] = process.argv.slice(2);
const { config, persist } = JSON.parse(text);
const contenders = {
  forwarder: () => forwarderOptions(config, { persist }),
  row: async () => ({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    modules: await bundle(fileURLToPath(new URL("row.js", import.meta.url))),
    compatibilityDate: "2026-04-01",
    durableObjects: { ROWS: { className: "Rows", useSQLite: true } },
    durableObjectsPersist: persist,
  }),
};
const { url, close } = await startWorker(await contenders[kind]());
console.log(JSON.stringify({ url }));
process.stdin.on("end", close).resume();
