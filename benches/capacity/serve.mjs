// `serve` as a separate process: `serve.mjs OPTIONS` prints its URL; it ends when its stdin does.
import { join } from "node:path";
import { packageFolder } from "../../tools/paths.mjs";

const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));
const { url, close } = await serve(JSON.parse(process.argv[2]));
console.log(JSON.stringify({ url }));
process.stdin.on("end", close).resume();
