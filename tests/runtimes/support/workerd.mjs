// workerd through miniflare: with unbundled modules, or bundled by wrangler as for a deployment.

import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { packageFolder, run, tool } from "./project.mjs";

const COMPATIBILITY_DATE = "2026-04-26";
const FLAGS = ["enable_request_signal"];
const CALLER = fileURLToPath(new URL("../cells/caller.mjs", import.meta.url));

/** Settings that keep wrangler off the network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: "false",
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_LOG: "error",
};

/**
 * Bundles the Worker of a folder, as `wrangler deploy` would, and starts it. Returns a function like `fetch` that calls
 * it through cells/caller.mjs.
 */
export async function bundled(test, folder, main) {
  const args = ["deploy", main, "--dry-run", "--outdir", "out", "--name", "cell"];
  const dates = ["--compatibility-date", COMPATIBILITY_DATE, "--compatibility-flags", ...FLAGS];
  await run(process.execPath, [tool("wrangler", "bin/wrangler.js"), ...args, ...dates], folder, OFFLINE);
  const out = join(folder, "out");
  const files = (await readdir(out)).filter((name) => /\.(m?js|wasm)$/.test(name));
  return start(test, out, [main.replace(/\.\w+$/, ".js"), ...files]);
}

/**
 * Starts the Worker of a folder with the package's unbundled files: package names need a bundler, so the package's
 * entries must be imported by path.
 */
export async function plain(test, folder, main) {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".mjs"));
  const parts = await readdir(packageFolder, { recursive: true });
  const own = parts.filter((name) => /^(dist|wasm)\/.*\.js$|^runtime\/.*workerd\.js$|\.wasm$/.test(name));
  const root = join(folder, "..");
  const paths = [
    join(folder, main),
    ...files.map((name) => join(folder, name)),
    ...own.map((name) => join(packageFolder, name)),
  ];
  return start(
    test,
    root,
    paths.map((path) => relative(root, path)),
  );
}

async function start(test, root, names) {
  const modules = [...new Set(names)].map((name) => ({
    type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
    path: join(root, name),
  }));
  const common = { compatibilityDate: COMPATIBILITY_DATE, compatibilityFlags: FLAGS, modules: true };
  const worker = new Miniflare({
    cf: false,
    workers: [
      { ...common, name: "caller", scriptPath: CALLER, serviceBindings: { WORKER: "worker" } },
      { ...common, name: "worker", modulesRoot: root, modules },
    ],
  });
  test.after(() => worker.dispose());
  const url = await worker.ready;
  return (path, init) => fetch(new URL(path, url), init);
}
