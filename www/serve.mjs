// node www/serve.mjs --api URL [--port N] [--outbox FOLDER] [--exit-with-stdin]
//
// Serves the demonstration's site, whose leads go through a forwarder in workerd to a sandbox, and
// prints {"url": …, "forwarder": …} once both listen. Without a folder the outbox is gone at the end.

import { parseArgs } from "node:util";
import { startForwarder } from "../tools/workerd.mjs";
import { serve } from "./server.mjs";

const { values } = parseArgs({
  options: {
    api: { type: "string" },
    port: { type: "string", default: "0" },
    outbox: { type: "string" },
    "exit-with-stdin": { type: "boolean", default: false },
  },
});
if (!values.api) {
  console.error("serve: --api is missing: the base URL of a sandbox (cargo xtask sandbox prints it)");
  process.exit(1);
}
let forwarder;
const { url } = await serve({
  port: Number(values.port),
  async forwarder(origin) {
    forwarder = await startForwarder({ api: values.api, origin, persist: values.outbox });
    return `${forwarder.url}/leads`;
  },
});
console.log(JSON.stringify({ url, forwarder: forwarder.url }));
// However the process that started this one goes, its pipe closes.
const end = async () => {
  await forwarder.close();
  process.exit();
};
if (values["exit-with-stdin"]) process.stdin.on("end", end).resume();
