// Prints the package's sizes as JSON: name → [bytes, bytes as brotli -11].
//
//   node measure.mjs pkg

import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const pkg = process.argv[2];

/** The scripts that a page loads: the browser entry, bundled and minified. */
const entry = await bundle({ entryPoints: [join(pkg, "runtime/browser.js")], splitting: true });
const glue = await bundle({ entryPoints: [join(pkg, "wasm/client.js")] });
const facade = await bundle({
  entryPoints: [join(pkg, "runtime/browser.js")],
  splitting: true,
  external: ["*/wasm/client.js"],
});
const wasm = await readFile(join(pkg, "icloud-ready.wasm"));

// The fallback must be a separate chunk, loaded only where the .wasm is missing.
const inline = wasm.toString("base64").slice(0, 1_000);
if (main(entry).some((file) => file.text.includes(inline))) throw new Error("the inline wasm is in the entry");
if (!entry.some((file) => file.text.includes(inline))) throw new Error("the inline wasm is nowhere");

console.log(
  JSON.stringify({
    wasm: measure(wasm),
    glue: total(main(glue)),
    facade: total(main(facade)),
    "browser entry": total(main(entry)),
    validation: measure(await readFile(join(pkg, "validation.wasm"))),
    "createMany, at first use": onFirstUse("create-many"),
    "signIn, at first use": onFirstUse("sign-in"),
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
    metafile: true,
    ...options,
  });
  return result.outputFiles.map((file) => {
    const path = relative(process.cwd(), file.path);
    const imports = result.metafile.outputs[path].imports.filter(({ kind }) => kind === "import-statement");
    return { path, text: file.text, contents: file.contents, imports: imports.map(({ path }) => path) };
  });
}

/** The entry, and the chunks that it imports statically; dynamic imports are not counted. */
function main(files) {
  const chunks = [files.find((file) => /(browser|client)\.js$/.test(file.path))];
  for (const { imports } of chunks) {
    chunks.push(...files.filter((file) => imports.includes(file.path) && !chunks.includes(file)));
  }
  return chunks;
}

/** A chunk that the entry loads on demand. */
function onFirstUse(name) {
  return measure(entry.find((file) => file.path.includes(name)).contents);
}

function total(files) {
  return files.map((file) => measure(file.contents)).reduce(([a, b], [c, d]) => [a + c, b + d]);
}

function measure(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return [bytes.length, brotliCompressSync(bytes, { params }).length];
}
