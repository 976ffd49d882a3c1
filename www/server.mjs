// Serves the demonstration: the site, the package as npm would send it, and what takes the leads.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SITE = fileURLToPath(new URL("site/", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../pkg/", import.meta.url));

/** The largest body that is read, in bytes. */
const LIMIT = 65_536;

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Starts serving; gives the address and what stops it.
 *
 * `api` is the base URL of a sandbox. `folder` is the package's, `site` the pages'.
 */
export async function serve({ api, port = 0, folder = PACKAGE, site = SITE }) {
  const { ICloudReady, ValidationError } = await import(pathToFileURL(join(folder, "runtime/node.js")));
  const crm = new ICloudReady({ baseURL: api, apiKey: "sandbox-api-key", organizationId: "686f894eaf67193dd6e124ce" });

  /** Takes a lead as the forwarder does, but keeps nothing: what the CRM does not take is not accepted. */
  async function take(request) {
    const { submissionId, lead, context } = JSON.parse(await read(request));
    const customField = JSON.stringify({ ...context, trap: undefined, elapsedMs: undefined });
    try {
      await crm.leads.create({ ...lead, customField }, { submissionId, lookFirst: true });
      return json({ submissionId, status: "accepted" }, 202);
    } catch (error) {
      if (!(error instanceof ValidationError)) return json({ error: { code: "unavailable", message: error.code, issues: [] } }, 503);
      return json({ error: { code: "validation", message: error.message, issues: error.issues } }, 400);
    }
  }

  async function answer(request) {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const path = new URL(request.url, "http://site").pathname;
    if (method === "POST" && path === "/leads") return take(request);
    if (method !== "GET") return;
    return path.startsWith("/icloud-ready/") ? file(folder, path.slice("/icloud-ready".length)) : file(site, path);
  }

  const server = createServer(async (request, response) => {
    const send = (status, type, body) => response.writeHead(status, { ...HEADERS, "content-type": type }).end(body);
    try {
      const found = await answer(request);
      if (found) send(found.status ?? 200, found.type, found.body);
      else send(404, "text/plain", "Not found\n");
    } catch (error) {
      console.error(error);
      send(500, "text/plain", "The server failed\n");
    }
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As strict as a page with WebAssembly can be. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS = { "content-security-policy": POLICY, "cache-control": "no-store", "x-content-type-options": "nosniff" };

function json(value, status) {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

/** A request's body. */
async function read(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LIMIT) throw new Error("the body is too large");
  }
  return text;
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
