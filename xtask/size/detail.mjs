// Lists the size of each function of the wasm and each module of the facade, the largest first.
//
//   node detail.mjs pkg module-with-names.wasm

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const [pkg, file] = process.argv.slice(2);
const { names, sections, imported, functions } = read(await readFile(file));
const named = functions.map((size, index) => [names.get(imported + index) ?? "?", size]);
print(
  "functions, bytes",
  named.sort((a, b) => b[1] - a[1]),
);
print("sections, bytes", sections);

const { metafile } = await build({
  entryPoints: [join(pkg, "runtime/browser.js")],
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  conditions: ["browser"],
  outdir: "out",
  write: false,
  metafile: true,
});
const entry = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint?.endsWith("browser.js"));
const modules = Object.entries(entry.inputs).map(([path, { bytesInOutput }]) => [path, bytesInOutput]);
print(
  "facade modules, bytes minified",
  modules.sort((a, b) => b[1] - a[1]),
);

function print(title, rows) {
  console.log(`\n${title}: ${rows.reduce((sum, [, size]) => sum + size, 0)}`);
  for (const [name, size] of rows) console.log(`${`${size}`.padStart(7)}  ${name}`);
}

/** The sections' sizes, and those of the functions with their names. */
function read(bytes) {
  const TITLES = [
    "custom",
    "types",
    "imports",
    "functions",
    "tables",
    "memory",
    "globals",
    "exports",
    "start",
    "elements",
    "code",
    "data",
  ];
  const [names, sections, functions] = [new Map(), [], []];
  let at = 8;
  let imported = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const text = () => {
    const length = number();
    return bytes.toString("utf8", at, (at += length));
  };
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = number();
    const end = at + size;
    const isNames = id === 0 && text() === "name";
    if (id) sections.push([TITLES[id] ?? `${id}`, size]);
    if (id === 2) imported = importedFunctions();
    if (id === 10) {
      for (let count = number(); count > 0; count--) {
        const length = number();
        functions.push(length);
        at += length;
      }
    }
    while (isNames && at < end) {
      const kind = bytes[at++];
      const next = number() + at;
      for (let count = kind === 1 ? number() : 0; count > 0; count--) names.set(number(), text());
      at = next;
    }
    at = end;
  }
  return { names, sections, imported, functions };

  function importedFunctions() {
    let count = 0;
    for (let left = number(); left > 0; left--) {
      text();
      text();
      const kind = bytes[at++];
      if (kind !== 0) throw new Error("the module imports something other than functions");
      number();
      count++;
    }
    return count;
  }
}
