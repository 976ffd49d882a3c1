// Apps of the common frameworks with a lead form in them, bundled.

import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "svelte/compiler";

const folder = fileURLToPath(new URL("../frameworks/", import.meta.url));

/** Svelte's components are compiled first. */
const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, "utf8"), { filename: path, generate: "client" });
      return { contents: js.code };
    });
  },
};

/** Each by its name: the app's script, with what stands in for its packages. */
export const frameworks = {
  "React 19": { script: "react.mjs" },
  "React 18": { script: "react.mjs", alias: { react: "react-18", "react-dom": "react-dom-18" } },
  Preact: { script: "preact.mjs" },
  Vue: { script: "vue.mjs" },
  Svelte: { script: "svelte.mjs" },
};

/** The app as one module, which exports `render(place, given)`. */
export async function bundle({ script, alias }, platform = "browser") {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [script],
    bundle: true,
    write: false,
    format: "esm",
    platform,
    alias,
    conditions: ["svelte"],
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    plugins: [svelte],
    logLevel: "error",
  });
  return outputFiles[0].text;
}
