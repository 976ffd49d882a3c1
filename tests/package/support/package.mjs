// The package under test: installed in the project in ICLOUD_READY_TARBALL_DIR, else the built pkg/.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";

const folder = process.env.ICLOUD_READY_TARBALL_DIR ?? fileURLToPath(new URL("../../../pkg", import.meta.url));
// Inside the package, its own name resolves to it too.
const { resolve } = createRequire(join(folder, "anything.js"));

/** The package's folder. */
export const packageFolder = new URL(".", pathToFileURL(resolve("icloud-ready/package.json"))).href;

const { exports } = JSON.parse(readFileSync(new URL("package.json", packageFolder), "utf8"));

/** The URL of an entry point: `icloud-ready`, or `icloud-ready/slim` for "slim". */
export function entry(name = "") {
  return new URL(moduleOf(exports[name ? `./${name}` : "."]), packageFolder).href;
}

/** What `import` finds in Node.js; `require.resolve` would find the CommonJS build. */
function moduleOf(target) {
  if (typeof target === "string") return target;
  const [, match] = Object.entries(target).find(([condition]) => /^(node|import|default)$/.test(condition));
  return moduleOf(match);
}

/**
 * A copy of the package that shares nothing with the others: separate wasm, separate classes. `parts`: which of its
 * folders, if not all.
 */
export async function freshCopy(parts = [""]) {
  const { cp, mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const target = await mkdtemp(join(tmpdir(), "icloud-ready-"));
  for (const part of parts)
    await cp(fileURLToPath(new URL(part, packageFolder)), join(target, part), { recursive: true });
  const remove = () => rm(target, { recursive: true, force: true });
  return { folder: pathToFileURL(`${target}/`).href, remove };
}

export const icloudReady = await import(entry());
