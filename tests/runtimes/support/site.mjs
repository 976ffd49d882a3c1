// A site that serves the installed package unchanged with the pages of the cells, or a bundler's output.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "./project.mjs";

const PAGES = fileURLToPath(new URL("../pages/", import.meta.url));
/** Scripts that other places than pages run too. */
const SHARED = fileURLToPath(new URL("..", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * Starts a site that ends with the test. `folder`: where its files are, if not in the package and among the pages.
 * `policy`: its content security policy, if any. `types`: other MIME types. `answer` may respond to a path instead of
 * the files, with `{ status?, type, body }`.
 */
export async function serve(test, { folder, policy, types, answer: reply } = {}) {
  const requested = [];
  const headers = { "cache-control": "no-store", ...(policy && { "content-security-policy": policy }) };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    requested.push(pathname);
    const { status = 200, type, body } = reply?.(pathname) || (await file(pathname, { ...TYPES, ...types }, folder));
    response.writeHead(status, { ...headers, "content-type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    /** How often a path with this ending was requested. */
    requested: (end) => requested.filter((path) => path.endsWith(end)).length,
  };
}

async function file(path, types, folder) {
  const name = normalize(path === "/" ? "/index.html" : path);
  const built = folder && join(folder, name);
  const own = name.startsWith("/icloud-ready/") && join(packageFolder, name.slice("/icloud-ready".length));
  const shared = ["/scenario.mjs", "/counts.mjs"].includes(name);
  const place = built || own || join(shared ? SHARED : PAGES, name);
  try {
    return { type: types[extname(name)] ?? "application/octet-stream", body: await readFile(place) };
  } catch {
    return { status: 404, type: "text/html", body: "<!doctype html><title>Not here</title>" };
  }
}
