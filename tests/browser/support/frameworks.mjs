// Apps of the common frameworks with a lead form in them, bundled.

import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { packageFolder } from "../../../tools/paths.mjs";

const folder = fileURLToPath(new URL("../frameworks/", import.meta.url));

/** Svelte components are compiled first. */
const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, "utf8"), { filename: path, generate: "client" });
      return { contents: js.code };
    });
  },
};

/** Components of Vue are compiled first, as its bundler plugins do with `isCustomElement`. */
const vue = {
  name: "vue",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/, namespace: "app" }, ({ path, pluginData }) => {
      const { descriptor } = parse(pluginData.source, { filename: path });
      const compilerOptions = { isCustomElement: (tag) => tag === "icloud-ready-lead-form" };
      const { content } = compileScript(descriptor, {
        id: path,
        inlineTemplate: true,
        templateOptions: { compilerOptions },
      });
      return { contents: content, resolveDir: folder, loader: "js" };
    });
  },
};

/** What mounts a component that is given as source. */
const MOUNT = {
  vue: 'import { createApp } from "vue"; createApp(App).mount("#app");',
  svelte: 'import { mount } from "svelte"; mount(App, { target: document.querySelector("#app") });',
};

/** A component that is given as source, in a module of its name. */
const given = ({ file, source }) => ({
  name: "given",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^${file}$`) }, () => ({ path: file, namespace: "app", pluginData: { source } }));
    onLoad({ filter: /\.svelte$/, namespace: "app" }, ({ path, pluginData }) => {
      const { js } = compile(pluginData.source, { filename: path, generate: "client" });
      return { contents: js.code, resolveDir: folder };
    });
  },
});

/** Finds the package's component; its element stays a module of its own, below `base`. */
const component = (base) => ({
  name: "component",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^icloud-ready\/lead-form$/ }, () => ({ path: `${base}/lead-form.js`, external: true }));
    // A page links the themes.
    onResolve({ filter: /^icloud-ready\/lead-form\/themes\.css$/ }, ({ path }) => ({ path, namespace: "themes" }));
    onLoad({ filter: /./, namespace: "themes" }, () => ({ contents: "" }));
    onResolve({ filter: /^icloud-ready\/react$/ }, () => ({ path: join(packageFolder, "react/index.js") }));
    onResolve({ filter: /^\.\.\/lead-form\/element\.js$/ }, () => ({
      path: `${base}/lead-form/element.js`,
      external: true,
    }));
  },
});

/** By name: the app's script, with the packages that replace others. */
export const frameworks = {
  "React 19": { script: "react.mjs" },
  "React 18": { script: "react.mjs", alias: { react: "react-18", "react-dom": "react-dom-18" } },
  Preact: { script: "preact.mjs" },
  Vue: { script: "vue.mjs" },
  Svelte: { script: "svelte.mjs" },
};

/** React's packages for servers use `require`. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * The app as one module, which exports `render(place, props)`; for a server with `platform` and the package's URL.
 * Instead of a script: `source` is JSX, `app` a component as `{ file, source }`, which is mounted.
 */
export async function bundle(
  { script, app, source = app && mounted(app), alias },
  platform = "browser",
  base = "/icloud-ready",
) {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    ...(source ? { stdin: { contents: source, resolveDir: folder, loader: "jsx" } } : { entryPoints: [script] }),
    jsx: "automatic",
    bundle: true,
    write: false,
    format: "esm",
    platform,
    banner: platform === "node" ? { js: REQUIRE } : {},
    alias,
    // The package's scripts find React here too.
    nodePaths: [join(folder, "../node_modules")],
    conditions: ["svelte"],
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    plugins: [...(app ? [given(app), vue] : []), svelte, component(base)],
    logLevel: "error",
  });
  return outputFiles[0].text;
}

const mounted = ({ file }) => `import App from "${file}"; ${MOUNT[file.split(".").at(-1)]}`;
