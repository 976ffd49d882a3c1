// node www/serve.mjs --api URL --control URL [--port N] [--folder FOLDER] [--exit-with-stdin]
//
// Serves the demo in front of a sandbox, and prints {"url": …, "forwarder": …} once it listens. `url` contains the
// demo's token. The folder keeps the outbox; without it the outbox is temporary.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startDemo } from "./demo/server/demo.mjs";

const { values } = parseArgs({
  options: {
    api: { type: "string" },
    control: { type: "string" },
    port: { type: "string", default: "0" },
    folder: { type: "string" },
    "exit-with-stdin": { type: "boolean", default: false },
  },
});
for (const name of ["api", "control"]) {
  if (values[name]) continue;
  console.error(`serve: --${name} is missing: a URL of a sandbox (cargo xtask sandbox prints it)`);
  process.exit(1);
}
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), "icloud-ready-demo-")));
const demo = await startDemo({ api: values.api, control: values.control, port: Number(values.port), folder });
console.log(JSON.stringify({ url: demo.url, forwarder: demo.forwarder }));
// However the process that started this one ends, its pipe closes.
const end = async () => {
  await demo.close();
  if (!values.folder) await rm(folder, { recursive: true, force: true });
  process.exit();
};
if (values["exit-with-stdin"]) process.stdin.on("end", end).resume();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end);
