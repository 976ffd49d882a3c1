// node www/lead-form/build.mjs FOLDER
//
// Builds the form into the folder of a package: `lead-form.js`, all in one script for a page to
// load; and `lead-form/`, its languages, the same as modules for a bundler, and their types.

import { spawnSync } from "node:child_process";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const LANGUAGES = ["ar", "en", "fr"];
const VALIDATION = "icloud-ready/validation";

/** What stands in the package as it is written. */
const WRITTEN = ["custom-elements.json", "jsx.d.ts", "react.d.ts"];

const options = {
  absWorkingDir: HERE,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  logLevel: "warning",
};

/** A style sheet is text in the script, since a CSP may forbid `<style>`. */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), { loader: "css", minify: true, charset: "utf8" });
      return { loader: "text", contents: code.trim() };
    });
  },
};

/** Builds everything into the folder of a package. */
export async function buildLeadForm(folder) {
  const modules = join(folder, "lead-form");
  const validation = await browserEntry();
  await build({
    ...options,
    entryPoints: [{ in: "src/index.ts", out: "lead-form" }],
    outdir: folder,
    plugins: [styles, besides((path) => `./lead-form/${path}`)],
  });
  const entries = ["index", "element", "later/index", "further/index", ...LANGUAGES.map((code) => `languages/${code}`)];
  await build({
    ...options,
    entryPoints: entries.map((entry) => ({ in: `src/${entry}.ts`, out: fileOf(entry) })),
    outdir: modules,
    plugins: [styles, besides((path) => (path === VALIDATION ? join("..", validation) : `./${path}`)), once],
  });
  for (const name of WRITTEN) await cp(join(HERE, name), join(modules, name));
  await declare(join(modules, "types"));
}

/** What is loaded later stays a file, wherever it is loaded from. */
const besides = (rewrite) => ({
  name: "besides",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, importer }) => {
      if (kind !== "dynamic-import") return;
      const isLanguage = importer.endsWith("languages/index.ts");
      return { external: true, path: rewrite(fileOf(path.replace("./", isLanguage ? "languages/" : ""))) };
    });
  },
});

/** What defines the element does not repeat it. */
const once = {
  name: "once",
  setup({ onResolve }) {
    onResolve({ filter: /\/element\.js$/ }, ({ path, importer }) => importer.endsWith("/index.ts") && { external: true, path });
  },
};

const fileOf = (entry) => entry.replace(/^(later|further)\/index/, "$1");

/** The checks as a page loads them, by their place in the package. */
async function browserEntry() {
  const { exports } = JSON.parse(await readFile(join(HERE, "../../pkg-template/package.json"), "utf8"));
  return exports["./validation"].browser;
}

async function declare(folder) {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [compiler, "--project", HERE, "--noEmit", "false", "--emitDeclarationOnly", "--outDir", folder], { stdio: "inherit" });
  if (status !== 0) throw new Error("the form's types are wrong");
  // By the package's own files: its name leads nowhere for a compiler that knows no `exports`.
  for (const path of await readdir(folder, { recursive: true })) {
    if (!path.endsWith(".d.ts")) continue;
    const file = join(folder, path);
    const types = relative(dirname(file), join(folder, "../../dist/index.js"));
    await writeFile(file, (await readFile(file, "utf8")).replaceAll('"icloud-ready"', JSON.stringify(types)));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLeadForm(resolve(process.argv[2]));
