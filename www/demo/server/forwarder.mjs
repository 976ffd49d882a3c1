// The demo's forwarder in workerd, as on Cloudflare, in a process of its own that can be killed: `forwarder.mjs
// OPTIONS`. Prints its URL as JSON once it listens, and ends when its stdin closes.

import { forwarderOptions, startWorker } from "../../../tools/workerd.mjs";

const { config, folder, port } = JSON.parse(process.argv[2]);
const worker = await startWorker(await forwarderOptions(config, { persist: folder, port }));
console.log(JSON.stringify({ url: worker.url }));
const end = () => worker.close().then(() => process.exit());
process.stdin.on("end", end).resume();
