// The package in workerd.

import { readFile } from "node:fs/promises";
import { cell } from "./support/cell.mjs";
import { folder } from "./support/project.mjs";
import { bundled, plain } from "./support/workerd.mjs";

/** Runs the scenario in a Worker. */
async function report(worker, settings) {
  const response = await worker("/", { method: "POST", body: JSON.stringify(settings) });
  const text = await response.text();
  if (!response.ok) throw new Error(`the Worker responded with ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** Where the entries' files are in the package. */
const FILES = {
  "icloud-ready": "runtime/workerd.js",
  "icloud-ready/icloud-ready.wasm": "icloud-ready.wasm",
  "icloud-ready/slim": "dist/slim.js",
  "icloud-ready/validation": "runtime/validation-workerd.js",
};

cell("workerd with the modules as they are", async (settings, test) => {
  const source = await readFile(new URL("cells/worker.mjs", import.meta.url), "utf8");
  const text = source.replace(/"(icloud-ready.*?)"/g, (_, name) => `"../node_modules/icloud-ready/${FILES[name]}"`);
  return report(await plain(test, await folder(test, [], { "worker.mjs": text }), "worker.mjs"), settings);
});

cell("workerd with wrangler's bundle", async (settings, test) => {
  return report(await bundled(test, await folder(test, ["cells/worker.mjs"]), "worker.mjs"), settings);
});
