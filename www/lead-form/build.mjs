// node www/lead-form/build.mjs FOLDER
//
// Builds the form into the folder of a package: `lead-form.js`, a single script for pages; and `lead-form/`, its
// languages, the same as modules for bundlers, their types, and the markup for pages that load it from a CDN; and
// `react/`, the component. It uses the package in `pkg/`.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../../pkg/", import.meta.url));
const LANGUAGES = ["ar", "en", "fr"];
const VALIDATION = "icloud-ready/validation";

/** Files that are copied into the package unchanged. */
const WRITTEN = ["attributes.d.ts", "custom-elements.json", "jsx.d.ts", "react.d.ts", "README.md", "themes.css"];

/** Properties that only the form's scripts use: all of them use the same shorter names. */
const OWN_PROPERTIES = [
  "addToLead",
  "againButton",
  "answers",
  "containers",
  "defaultHint",
  "defaultLabel",
  "definition",
  "element",
  "enteredIn",
  "fallback",
  "fieldError",
  "fieldViews",
  "getMessage",
  "headingSlot",
  "honeypot",
  "isBusy",
  "isDone",
  "isInvalid",
  "isList",
  "isLocked",
  "isPersisted",
  "isPlainName",
  "isVisible",
  "isVisitors",
  "isWarning",
  "isWide",
  "loadFailure",
  "missingText",
  "native",
  "node",
  "notice",
  "onOutcome",
  "presentation",
  "rawValue",
  "ready",
  "retryButton",
  "root",
  "setCountries",
  "setDescription",
  "setFields",
  "setLanguage",
  "setTexts",
  "setState",
  "setValues",
  "shadow",
  "showErrors",
  "skipChecks",
  "textIn",
  "updateCountries",
  "visitorValues",
  "withLabel",
];

const options = {
  absWorkingDir: HERE,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  logLevel: "warning",
  sourcemap: "external",
  mangleProps: new RegExp(`^(${OWN_PROPERTIES.join("|")})$`),
};

/** The oldest browsers with adopted style sheets and `color-mix()`: some of them do not support nested rules. */
const BROWSERS = ["chrome111", "firefox113", "safari16.4"];

/** A style sheet is text in the script, since a CSP may block `<style>`. */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), {
        loader: "css",
        minify: true,
        charset: "utf8",
        target: BROWSERS,
      });
      // The spaces that esbuild keeps in the values of custom properties, outside of strings.
      return { loader: "text", contents: code.trim().replace(/([:,(]) | (?=\))/g, "$1") };
    });
  },
};

/** Builds everything into the folder of a package. */
export async function buildLeadForm(folder) {
  const modules = join(folder, "lead-form");
  // All scripts of the form have to use the same names for its own properties.
  const { mangleCache } = await build({
    ...options,
    mangleCache: {},
    entryPoints: [{ in: "src/index.ts", out: "lead-form" }],
    outdir: folder,
    inject: ["src/base/import-script.ts"],
    plugins: [styles, repeatableImports],
  });
  const entries = [
    "index",
    "element",
    "background/index",
    "form/draft",
    "deferred/index",
    "extra-fields/index",
    "content/index",
    "steps/index",
    "modes/index",
    "teaser/index",
    ...LANGUAGES.map((code) => `languages/${code}`),
  ];
  await build({
    ...options,
    mangleCache,
    entryPoints: entries.map((entry) => ({ in: `src/${entry}.ts`, out: fileOf(entry) })),
    outdir: modules,
    plugins: [styles, externalImports, once],
  });
  await build({
    ...options,
    mangleProps: undefined,
    entryPoints: [join(PACKAGE, await browserEntry())],
    outfile: join(modules, CHECKS),
    plugins: [await checks()],
  });
  for (const name of WRITTEN) await cp(join(HERE, name), join(modules, name));
  await cp(join(HERE, "react"), join(folder, "react"), { recursive: true });
  await completeSourceMaps(folder);
  await declare(join(modules, "types"));
  await seal(folder);
}

/** The checks in one script, so that a page does not load the many files of `icloud-ready/validation` in sequence. */
const CHECKS = "checks.js";

/** Deferred scripts stay separate files. */
const externalImports = {
  name: "externalImports",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, importer }) => {
      if (kind !== "dynamic-import") return;
      return { external: true, path: path === VALIDATION ? `./${CHECKS}` : `./${importedFile(path, importer)}.js` };
    });
  },
};

/**
 * The script that pages load imports deferred scripts by name, since it repeats imports that failed (see
 * `base/import-script.ts`). Bundlers need the path in the `import()`.
 */
const repeatableImports = {
  name: "repeatableImports",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: importer }) => {
      const text = await readFile(importer, "utf8");
      const contents = text.replace(
        /(?<!typeof )\bimport\("([^"]+)"\)/g,
        (_, path) => `importScript("${importedFile(path, importer)}")`,
      );
      return { loader: "ts", contents };
    });
  },
};

/** The script of an import in a source. */
const importedFile = (path, importer) =>
  fileOf(relative(join(HERE, "src"), resolve(dirname(importer), path)).replace(/\.js$/, ""));

/** The script that defines the element does not include it. */
const once = {
  name: "once",
  setup({ onResolve }) {
    onResolve(
      { filter: /\/element\.js$/ },
      ({ path, importer }) => importer.endsWith("/index.ts") && { external: true, path },
    );
  },
};

/**
 * Names the sources in the source maps by their place in the repository, and links the map of the script that bundlers
 * take. The scripts that pages load have no link: the comment would cost every visitor bytes.
 */
async function completeSourceMaps(folder) {
  for (const path of await readdir(folder, { recursive: true })) {
    if (!path.endsWith(".map")) continue;
    const map = JSON.parse(await readFile(join(folder, path), "utf8"));
    map.sources = map.sources.map((source) => source.replace(/^(\.\.\/)+/, "icloud-ready:///"));
    await writeFile(join(folder, path), JSON.stringify(map));
  }
  await appendFile(join(folder, "lead-form/element.js"), "//# sourceMappingURL=element.js.map\n");
}

/** The script of a source: `deferred/index` is `deferred.js`. */
const fileOf = (source) => source.replace(/^(.+)\/index$/, "$1").replace("form/", "");

/** The checks as a page loads them, by their path in the package. */
async function browserEntry() {
  return JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8")).exports["./validation"].browser;
}

/** The script of the checks loads only the wasm that it was built with, and does not include the inline copy. */
async function checks() {
  const fetched = /(fetch\(new URL\("([^"]+\.wasm)", import\.meta\.url\))\)/;
  const entry = join(PACKAGE, await browserEntry());
  return {
    name: "checks",
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /-browser\.js$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const [, , wasm] = fetched.exec(text);
        const integrity = hashOf(await readFile(join(dirname(path), wasm)));
        return { contents: text.replace(fetched, `$1, { integrity: "${integrity}" })`) };
      });
      onResolve({ filter: /inline\.js$/ }, ({ path }) => ({
        external: true,
        path: join("..", relative(PACKAGE, dirname(entry)), path),
      }));
    },
  };
}

const hashOf = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

async function declare(folder) {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { status } = spawnSync(
    process.execPath,
    [compiler, "--project", HERE, "--noEmit", "false", "--emitDeclarationOnly", "--outDir", folder],
    { stdio: "inherit" },
  );
  if (status !== 0) throw new Error("the form's types are wrong");
  // By the package's own files, since a compiler without `exports` cannot resolve its name.
  for (const path of await readdir(folder, { recursive: true })) {
    if (!path.endsWith(".d.ts")) continue;
    const file = join(folder, path);
    const types = relative(dirname(file), join(folder, "../../dist/index.js"));
    await writeFile(file, (await readFile(file, "utf8")).replaceAll('"icloud-ready"', JSON.stringify(types)));
  }
}

/**
 * Writes what a page needs to load the form from an untrusted CDN: the hash of each script that the form may load and
 * of the themes, and the markup with the scripts' hashes. A script's own `integrity` does not cover its imports.
 */
async function seal(folder) {
  const later = [
    "background",
    "draft",
    "deferred",
    "extra-fields",
    "content",
    "steps",
    "modes",
    "teaser",
    "checks",
    ...LANGUAGES.map((code) => `languages/${code}`),
  ].map((name) => `lead-form/${name}.js`);
  const copy = (await browserEntry()).replace("./", "").replace("browser", "inline");
  const hashes = {};
  for (const name of ["lead-form.js", ...later]) hashes[name] = hashOf(await readFile(join(folder, name)));
  hashes[copy] = hashOf(await readFile(join(PACKAGE, copy)));
  const themes = "lead-form/themes.css";
  const all = { ...hashes, [themes]: hashOf(await readFile(join(folder, themes))) };
  await writeFile(join(folder, "lead-form/integrity.json"), `${JSON.stringify(all, null, 2)}\n`);
  const { version } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
  await writeFile(
    join(folder, "lead-form/snippet.html"),
    snippet(`https://cdn.example/icloud-ready@${version}`, hashes),
  );
}

/** The markup for a page's head that loads the form from a URL. */
function snippet(base, hashes) {
  const integrity = Object.fromEntries(Object.entries(hashes).map(([name, hash]) => [`${base}/${name}`, hash]));
  const language = "lead-form/languages/en.js";
  return `<script type="importmap">
${JSON.stringify({ integrity }, null, 2)}
</script>
<link rel="modulepreload" href="${base}/${language}" integrity="${hashes[language]}" crossorigin>
<script type="module" src="${base}/lead-form.js" integrity="${hashes["lead-form.js"]}" crossorigin></script>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLeadForm(resolve(process.argv[2]));
