// workerd by miniflare: with modules as they are, or as wrangler bundles them for a deployment.

import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { packageFolder, run, tool } from "./project.mjs";

const COMPATIBILITY_DATE = "2026-04-26";
const FLAGS = ["enable_request_signal"];
const CALLER = fileURLToPath(new URL("../cells/caller.mjs", import.meta.url));

/** What keeps wrangler from asking anything of the network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: "false",
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_LOG: "error",
};

/**
 * Bundles the worker of a folder, as `wrangler deploy` would, and starts it. Gives a function that
 * asks it by way of cells/caller.mjs, as `fetch` would.
 */
export async function bundled(test, folder, main) {
  const given = ["deploy", main, "--dry-run", "--outdir", "out", "--name", "cell"];
  const dates = ["--compatibility-date", COMPATIBILITY_DATE, "--compatibility-flags", ...FLAGS];
  await run(process.execPath, [tool("wrangler", "bin/wrangler.js"), ...given, ...dates], folder, OFFLINE);
  const out = join(folder, "out");
  const files = (await readdir(out)).filter((name) => /\.(m?js|wasm)$/.test(name));
  return start(test, out, [main.replace(/\.\w+$/, ".js"), ...files]);
}

/**
 * Starts the worker of a folder with the package's files as they are: names of packages are for
 * bundlers, so the package's entries must be imported by path.
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
