// node www/serve.mjs --api URL [--port N] [--package FOLDER] [--exit-with-stdin]
//
// Serves the demonstration's site against a sandbox and prints {"url": …} once it listens.

import { parseArgs } from "node:util";
import { serve } from "./server.mjs";

const { values } = parseArgs({
  options: {
    api: { type: "string" },
    port: { type: "string", default: "0" },
    package: { type: "string" },
    "exit-with-stdin": { type: "boolean", default: false },
  },
});
if (!values.api) {
  console.error("serve: --api is missing: the base URL of a sandbox (cargo xtask sandbox prints it)");
  process.exit(1);
}
const { url } = await serve({ api: values.api, port: Number(values.port), folder: values.package });
console.log(JSON.stringify({ url }));
// However the process that started this one goes, its pipe closes.
if (values["exit-with-stdin"]) process.stdin.on("end", () => process.exit()).resume();
