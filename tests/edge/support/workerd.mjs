// Workers in real workerd, as Miniflare sets it up.
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { mkdir, mkdtemp, readFile, rm, symlink, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE } from "./places.mjs";

/** A worker's script with the modules it comes with, bundled as wrangler does. */
export async function bundle(entry) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-worker-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(PACKAGE, join(folder, "node_modules/icloud-ready"));
    await build({
      entryPoints: [entry],
      outfile: join(folder, "out/index.js"),
      bundle: true,
      format: "esm",
      target: "es2022",
      conditions: ["workerd", "worker", "browser"],
      nodePaths: [join(folder, "node_modules")],
      external: ["cloudflare:*", "node:*"],
      loader: { ".wasm": "copy" },
      assetNames: "[name]",
      logLevel: "error",
    });
    const names = await readdir(join(folder, "out"));
    const modules = await Promise.all(
      names.map(async (path) => {
        const isScript = path.endsWith(".js");
        const contents = await readFile(join(folder, "out", path));
        return { type: isScript ? "ESModule" : "CompiledWasm", path, contents: isScript ? contents.toString() : new Uint8Array(contents) };
      }),
    );
    // Miniflare begins with the first.
    return modules.sort((one) => (one.path === "index.js" ? -1 : 1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const FORWARDER = fileURLToPath(new URL("worker/index.js", import.meta.url));

/** Miniflare's options for a forwarder; `persist` is a folder, else all is gone at the end. */
export async function forwarderOptions(config, { persist, port = 0, more = {} } = {}) {
  return {
    host: "127.0.0.1",
    port,
    cf: false,
    modules: await (bundled ??= bundle(FORWARDER)),
    compatibilityDate: "2026-04-01",
    bindings: { CONFIG: JSON.parse(JSON.stringify(config)) },
    durableObjects: { LEAD_OUTBOX: { className: "LeadOutbox", useSQLite: true } },
    ...(persist ? { durableObjectsPersist: persist } : {}),
    ...more,
  };
}

let bundled;

/** Starts a worker; gives its address, and what ends it. */
export async function startWorker(options) {
  const miniflare = new Miniflare(options);
  const url = (await miniflare.ready).origin;
  return { url, miniflare, close: () => miniflare.dispose() };
}
