// Serves the demonstration's site, and the package as npm would send it.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const SITE = fileURLToPath(new URL("site/", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../pkg/", import.meta.url));

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** What the pages contain in place of the forwarder's address, which is known at run time only. */
const ENDPOINT = /(?<=(endpoint|action)=")\/leads(?=")/g;

/**
 * Starts serving; gives the address and what stops it.
 *
 * `forwarder` gives the address that takes the leads of pages of an origin. `connect` are further
 * origins that pages may speak to. `folder` is the package's, `site` the pages'.
 */
export async function serve({ forwarder, connect = [], port = 0, folder = PACKAGE, site = SITE }) {
  let endpoint = "/leads";
  let headers = {};

  async function answer({ method, url }) {
    if (method !== "GET" && method !== "HEAD") return;
    const path = new URL(url, "http://site").pathname;
    if (path.startsWith("/icloud-ready/")) return file(folder, path.slice("/icloud-ready".length));
    const found = await file(site, path);
    if (found?.type === TYPES[".html"]) found.body = found.body.toString().replace(ENDPOINT, endpoint);
    return found;
  }

  const server = createServer(async (request, response) => {
    const send = (status, type, body) => response.writeHead(status, { ...headers, "content-type": type }).end(body);
    try {
      const found = await answer(request);
      if (found) send(200, found.type, found.body);
      else send(404, "text/plain", "Not found\n");
    } catch (error) {
      console.error(error);
      send(500, "text/plain", "The server failed\n");
    }
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });

  const origin = `http://127.0.0.1:${server.address().port}`;
  if (forwarder) endpoint = await forwarder(origin);
  const origins = [...connect, ...(forwarder ? [new URL(endpoint).origin] : [])];
  headers = {
    "content-security-policy": policy(origins.join(" ")),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  return {
    url: `${origin}/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As strict as a page with WebAssembly can be that speaks to these origins. */
function policy(origins) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${origins}`,
    "base-uri 'none'",
    `form-action 'self' ${origins}`,
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** A file below a folder, if there is one. */
async function file(folder, path) {
  const name = normalize(decodeURIComponent(path)).replace(/[/\\]$/, "/index.html");
  const type = TYPES[extname(name)];
  if (!type || name.split(/[/\\]/).includes("..")) return;
  try {
    return { type, body: await readFile(join(folder, name)) };
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(error.code)) return;
    throw error;
  }
}
