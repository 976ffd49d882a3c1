// Workers in workerd, through Miniflare.

import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare, Response } from "miniflare";
import { packageFolder } from "./paths.mjs";

const EXAMPLE = fileURLToPath(new URL("../examples/edge-worker/index.js", import.meta.url));

/**
 * Starts the example's forwarder and returns its URL and `close`. `api` is the CRM's base URL, `origin` the site's
 * origin, `persist` a folder for the outbox; without it the outbox is in memory.
 */
export async function startForwarder({ api, origin, persist }) {
  return startWorker({
    ...SETTINGS,
    modules: await bundle(EXAMPLE),
    bindings: {
      ICLOUDREADY_API_KEY: "sandbox-api-key",
      ICLOUDREADY_ORGANIZATION_ID: "686f894eaf67193dd6e124ce",
      ICLOUDREADY_BASE_URL: api,
      ORIGINS: origin,
    },
    durableObjects: { LEAD_OUTBOX: { className: "LeadOutbox", useSQLite: true } },
    ...(persist ? { durableObjectsPersist: persist } : {}),
  });
}

/** Miniflare's options for all workers: they listen on loopback, and Miniflare itself sends no requests. */
export const SETTINGS = { host: "127.0.0.1", port: 0, cf: false, compatibilityDate: "2026-04-01" };

/** Starts a worker and returns its URL, the Miniflare instance and `close`. */
export async function startWorker(options) {
  const miniflare = new Miniflare(options);
  const url = (await miniflare.ready).origin;
  return { url, miniflare, close: () => miniflare.dispose() };
}

/** Bundles a worker as wrangler does and returns its modules. */
export async function bundle(entry) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-worker-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(packageFolder, join(folder, "node_modules/icloud-ready"));
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
        return {
          type: isScript ? "ESModule" : "CompiledWasm",
          path,
          contents: isScript ? contents.toString() : new Uint8Array(contents),
        };
      }),
    );
    // Miniflare runs the first module.
    return modules.sort((one) => (one.path === "index.js" ? -1 : 1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const FORWARDER = fileURLToPath(new URL("worker.js", import.meta.url));
let bundled;

/**
 * Miniflare's options for a forwarder with `config`. `persist` is a folder for the outbox; without it the outbox is in
 * memory. `key` returns the CRM's key, which the worker requests before each send.
 */
export async function forwarderOptions(config, { persist, port = 0, key } = {}) {
  return {
    ...SETTINGS,
    port,
    modules: await (bundled ??= bundle(FORWARDER)),
    bindings: { CONFIG: JSON.parse(JSON.stringify(config)) },
    ...(key ? { serviceBindings: { KEYS: () => new Response(key()) } } : {}),
    durableObjects: { LEAD_OUTBOX: { className: "LeadOutbox", useSQLite: true } },
    ...(persist ? { durableObjectsPersist: persist } : {}),
  };
}
