// Serves the sites, the playground and the demo's page, and the package as npm would send it.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../tools/paths.mjs";

const WWW = fileURLToPath(new URL(".", import.meta.url));

/** The folders of pages, by the first part of the path; the start page is the demo's. */
const FOLDERS = ["demo", "playground", "shared", "site"];
const START = "/demo/index.html";

/** Scripts of the servers end in `.mjs` and are not served. */
const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The placeholder in the pages for the forwarder's URL, which is known only at run time. */
const ENDPOINT = /(?<=(endpoint|action)=")\/leads(?=")/g;

/**
 * Starts serving; returns the origin, the start page's URL and a function that stops it.
 *
 * `forwarder` returns the URL that accepts the leads of pages of an origin. `connect` are further origins that pages
 * may connect to. `folder` is the package's, and `site` one with further files. `api` answers requests below `/api/`:
 * its argument is the request, its result `{ status, body }`, sent as JSON.
 */
export async function serve({ forwarder, connect = [], port = 0, folder = packageFolder, site, api }) {
  let endpoint = "/leads";
  let headers = {};

  async function find({ method, url }) {
    if (method !== "GET" && method !== "HEAD") return;
    const path = new URL(url, "http://site").pathname;
    const [first, ...rest] = path.slice(1).split("/");
    if (first === "icloud-ready") return file(folder, rest.join("/"));
    const root = FOLDERS.includes(first) ? WWW : site;
    const found = path === "/" ? await file(WWW, START) : root && (await file(root, path));
    if (found?.type === TYPES[".html"]) found.body = found.body.toString().replace(ENDPOINT, endpoint);
    return found;
  }

  const server = createServer(async (request, response) => {
    const send = (status, type, body) => response.writeHead(status, { ...headers, "content-type": type }).end(body);
    try {
      if (api && request.url.startsWith("/api/")) {
        const { status, body } = await api(request);
        return send(status, TYPES[".json"], JSON.stringify(body));
      }
      const found = await find(request);
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
    origin,
    url: `${origin}/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The strictest CSP that allows WebAssembly, connections to these origins, and the pages in frames of each other. */
function policy(origins) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${origins}`,
    "frame-src 'self'",
    "base-uri 'none'",
    `form-action 'self' ${origins}`,
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** A file below a folder, if it exists. */
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
