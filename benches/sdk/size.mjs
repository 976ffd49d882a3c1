// What a page downloads for a program that creates a lead and lists leads: bytes (brotli).
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Bytes by client. What a program loads only on demand is not counted; the SDK's wasm is. */
export async function measureSizes(names) {
  const sizes = {};
  for (const name of names) sizes[name] = brotli(await bundle(name)) + (name === "icloud-ready" ? await wasm() : 0);
  return sizes;
}

async function bundle(name) {
  const contents = `import connect from "./clients/${name}.mjs";
    const client = connect({ baseURL: "https://crm.example", token: "t", fetch });
    console.log(await client.create({ leadInformation: {} }), await client.list(100));`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here, sourcefile: "program.mjs" },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    conditions: ["browser"],
    outdir: "out",
    write: false,
    logLevel: "error",
    plugins: [browserEntry],
  });
  return outputFiles.find(({ path }) => path.endsWith("stdin.js")).contents;
}

/** The benchmark runs the package's entry for Node.js; a page loads the one for browsers. */
const browserEntry = {
  name: "browser-entry",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /\/pkg\/runtime\/node\.js$/ }, ({ path, kind, resolveDir }) =>
      resolve(path.replace("node.js", "browser.js"), { kind, resolveDir }),
    );
  },
};

async function wasm() {
  return brotli(await readFile(new URL("../../pkg/icloud-ready.wasm", import.meta.url)));
}

function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}
