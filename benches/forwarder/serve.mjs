// One contender as a separate process: `serve.mjs KIND OPTIONS` prints its URL.
import { fileURLToPath } from "node:url";
import { bundle, forwarderOptions, SETTINGS, startWorker } from "../../tools/workerd.mjs";

const [kind, text] = process.argv.slice(2);
const { config, persist } = JSON.parse(text);
const contenders = {
  forwarder: () => forwarderOptions(config, { persist }),
  row: async () => ({
    ...SETTINGS,
    modules: await bundle(fileURLToPath(new URL("row.js", import.meta.url))),
    durableObjects: { ROWS: { className: "Rows", useSQLite: true } },
    durableObjectsPersist: persist,
  }),
};
const { url, close } = await startWorker(await contenders[kind]());
console.log(JSON.stringify({ url }));
process.stdin.on("end", close).resume();
