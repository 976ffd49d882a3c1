// node www/lead-form/build.mjs FOLDER
//
// Builds the form into the folder of a package: `lead-form.js`, all in one script for a page to
// load; and `lead-form/`, its languages, the same as modules for a bundler, their types, and what a
// page writes that takes them from a CDN. What it has of the package is that in `pkg/`.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../../pkg/", import.meta.url));
const LANGUAGES = ["ar", "en", "fr"];
const VALIDATION = "icloud-ready/validation";

/** What stands in the package as it is written. */
const WRITTEN = ["custom-elements.json", "jsx.d.ts", "react.d.ts"];

/** Properties that the form's scripts alone use: all of them call these by the same shorter names. */
const OWN_PROPERTIES = [
  "addToLead",
  "againButton",
  "answers",
  "challengeToken",
  "containers",
  "defaultHint",
  "definition",
  "element",
  "enteredIn",
  "fieldError",
  "getMessage",
  "hasVisitorInput",
  "honeypot",
  "isBusy",
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
  "setState",
  "setValues",
  "shadow",
  "showErrors",
  "skipChecks",
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
  mangleProps: new RegExp(`^(${OWN_PROPERTIES.join("|")})$`),
};

/** The oldest browsers with adopted style sheets and `color-mix()`: some of them know no nested rules. */
const BROWSERS = ["chrome111", "firefox113", "safari16.4"];

/** A style sheet is text in the script, since a CSP may forbid `<style>`. */
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
      // What esbuild leaves in the values of custom properties, where no text is.
      return { loader: "text", contents: code.trim().replace(/([:,]) /g, "$1") };
    });
  },
};

/** Builds everything into the folder of a package. */
export async function buildLeadForm(folder) {
  const modules = join(folder, "lead-form");
  // All scripts of the form have to call its own properties alike.
  const { mangleCache } = await build({
    ...options,
    mangleCache: {},
    entryPoints: [{ in: "src/index.ts", out: "lead-form" }],
    outdir: folder,
    plugins: [styles, externalImports((path) => `./lead-form/${path}`)],
  });
  const entries = [
    "index",
    "element",
    "background/index",
    "form/draft",
    "deferred/index",
    "extra-fields/index",
    ...LANGUAGES.map((code) => `languages/${code}`),
  ];
  await build({
    ...options,
    mangleCache,
    entryPoints: entries.map((entry) => ({ in: `src/${entry}.ts`, out: fileOf(entry) })),
    outdir: modules,
    plugins: [styles, externalImports((path) => `./${path}`), once],
  });
  await build({
    ...options,
    mangleProps: undefined,
    entryPoints: [join(PACKAGE, await browserEntry())],
    outfile: join(modules, CHECKS),
    plugins: [await checks()],
  });
  for (const name of WRITTEN) await cp(join(HERE, name), join(modules, name));
  await declare(join(modules, "types"));
  await seal(folder);
}

/** The checks in one script, where a page would wait for one after another: `icloud-ready/validation` is many. */
const CHECKS = "checks.js";

/** What is loaded later stays a file, wherever it is loaded from. */
const externalImports = (rewrite) => ({
  name: "externalImports",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, importer }) => {
      if (kind !== "dynamic-import") return;
      if (path === VALIDATION) return { external: true, path: `./${CHECKS}` };
      // By its place among the sources.
      const source = relative(join(HERE, "src"), resolve(dirname(importer), path));
      return { external: true, path: rewrite(`${fileOf(source.replace(/\.js$/, ""))}.js`) };
    });
  },
});

/** What defines the element does not repeat it. */
const once = {
  name: "once",
  setup({ onResolve }) {
    onResolve(
      { filter: /\/element\.js$/ },
      ({ path, importer }) => importer.endsWith("/index.ts") && { external: true, path },
    );
  },
};

/** The script that a source becomes: `deferred/index` is `deferred.js`. */
const fileOf = (source) => source.replace(/^(.+)\/index$/, "$1").replace("form/", "");

/** The checks as a page loads them, by their place in the package. */
async function browserEntry() {
  return JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8")).exports["./validation"].browser;
}

/** The script of the checks takes no other wasm than the one it was built with, and leaves its copy where it is. */
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
  // By the package's own files: its name leads nowhere for a compiler that knows no `exports`.
  for (const path of await readdir(folder, { recursive: true })) {
    if (!path.endsWith(".d.ts")) continue;
    const file = join(folder, path);
    const types = relative(dirname(file), join(folder, "../../dist/index.js"));
    await writeFile(file, (await readFile(file, "utf8")).replaceAll('"icloud-ready"', JSON.stringify(types)));
  }
}

/**
 * Writes what a page needs that trusts a CDN with nothing: the hash of each script that the form
 * may load, and with them the markup. A script's own `integrity` does not cover what it imports.
 */
async function seal(folder) {
  const later = [
    "background",
    "draft",
    "deferred",
    "extra-fields",
    "checks",
    ...LANGUAGES.map((code) => `languages/${code}`),
  ].map((name) => `lead-form/${name}.js`);
  const copy = (await browserEntry()).replace("./", "").replace("browser", "inline");
  const hashes = {};
  for (const name of ["lead-form.js", ...later]) hashes[name] = hashOf(await readFile(join(folder, name)));
  hashes[copy] = hashOf(await readFile(join(PACKAGE, copy)));
  await writeFile(join(folder, "lead-form/integrity.json"), `${JSON.stringify(hashes, null, 2)}\n`);
  const { version } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
  await writeFile(
    join(folder, "lead-form/snippet.html"),
    snippet(`https://cdn.example/icloud-ready@${version}`, hashes),
  );
}

/** What a page has in its head to take the form from an address. */
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
