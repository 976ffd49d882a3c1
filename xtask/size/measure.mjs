// Prints the package's sizes as JSON: name → [bytes, bytes as brotli -11].
//
//   node measure.mjs pkg

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const pkg = process.argv[2];

/** What a page loads: the browser's entry, bundled and minified. */
const entry = await bundle({ entryPoints: [join(pkg, "runtime/browser.js")], splitting: true });
const glue = await bundle({ entryPoints: [join(pkg, "wasm/client.js")] });
const facade = await bundle({
  entryPoints: [join(pkg, "runtime/browser.js")],
  splitting: true,
  external: ["*/wasm/client.js"],
});
const wasm = await readFile(join(pkg, "icloud-ready.wasm"));

// The fallback must be a chunk of its own, fetched only where the .wasm is not.
const inline = wasm.toString("base64").slice(0, 1_000);
if (main(entry).text.includes(inline)) throw new Error("the inline wasm is in the entry");
if (!entry.some((file) => file.text.includes(inline))) throw new Error("the inline wasm is nowhere");

console.log(
  JSON.stringify({
    wasm: measure(wasm),
    glue: measure(main(glue).contents),
    facade: measure(main(facade).contents),
    "browser entry": measure(main(entry).contents),
    validation: measure(await readFile(join(pkg, "validation.wasm"))),
  }),
);

async function bundle(options) {
  const result = await build({
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["browser"],
    outdir: "out",
    write: false,
    logLevel: "error",
    ...options,
  });
  return result.outputFiles;
}

/** The entry among the chunks: no import of it is dynamic, so it is the first. */
function main(files) {
  return files.find((file) => /(browser|client)\.js$/.test(file.path));
}

function measure(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return [bytes.length, brotliCompressSync(bytes, { params }).length];
}
