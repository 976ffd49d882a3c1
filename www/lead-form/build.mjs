// Bundles the form into one script for a page to load.

import { build } from "esbuild";
import { fileURLToPath } from "node:url";

/** The script's text. The package is not in it: the form takes its client from the page. */
export async function buildLeadForm() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("src/define.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    minify: true,
    charset: "utf8",
    loader: { ".css": "text" },
    logLevel: "warning",
  });
  return outputFiles[0].text;
}
