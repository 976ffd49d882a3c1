// node www/admin/build.mjs FILE
//
// Writes the admin page as a module of texts: its markup, its script and its style sheet. The forwarder serves them.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [HERE + entry],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["chrome111", "firefox115", "safari16.4"],
    legalComments: "none",
    charset: "utf8",
  });
  return outputFiles[0].text;
}

const html = await readFile(`${HERE}page.html`, "utf8");
const assets = { html, script: await bundled("src/main.js"), style: await bundled("page.css") };
const lines = Object.entries(assets).map(([name, text]) => `export const ${name} =\n  ${JSON.stringify(text)};\n`);
await writeFile(process.argv[2], `// Written by www/admin/build.mjs.\n\n${lines.join("\n")}`);
