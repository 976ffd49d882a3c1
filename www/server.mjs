// Serves the demonstration: the site, the package as npm would send it, the form, and what a
// site's own server adds to them: a configuration and short-lived tokens.

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { buildLeadForm } from "./lead-form/build.mjs";

const SITE = fileURLToPath(new URL("site/", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../pkg/", import.meta.url));

/** How long a token is good for, in milliseconds. */
const TOKEN_LIFETIME = 300_000;

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
 * `api` is the base URL of a sandbox, whose control stands below the same origin. `folder` is the
 * package's, `site` the pages'.
 */
export async function serve({ api, port = 0, folder = PACKAGE, site = SITE }) {
  const control = new URL("/_sandbox/", api);
  const leadForm = await buildLeadForm();
  const headers = { "content-security-policy": policy(new URL(api).origin), "cache-control": "no-store", "x-content-type-options": "nosniff" };
  const revocations = new Set();

  /** A token of its own for each asking: whoever reads one in the page has it for minutes. */
  async function token() {
    const token = randomUUID();
    const change = (body) => command(control, "tokens", "POST", body);
    await change({ add: [{ kind: "bearer", token, role: "full" }] });
    const revocation = setTimeout(() => {
      revocations.delete(revocation);
      change({ revoke: [token] }).catch(() => {});
    }, TOKEN_LIFETIME);
    revocations.add(revocation.unref());
    return { accessToken: token, expiresIn: TOKEN_LIFETIME / 1000 };
  }

  const answers = {
    "GET /config.json": async () => json({ baseURL: api }),
    "POST /token": async () => json(await token()),
    "GET /lead-form.js": async () => ({ type: TYPES[".js"], body: leadForm }),
  };

  async function answer(method, path) {
    const own = answers[`${method} ${path}`];
    if (own) return own();
    if (method !== "GET") return;
    return path.startsWith("/icloud-ready/") ? file(folder, path.slice("/icloud-ready".length)) : file(site, path);
  }

  const server = createServer(async (request, response) => {
    const send = (status, type, body) => response.writeHead(status, { ...headers, "content-type": type }).end(body);
    try {
      const method = request.method === "HEAD" ? "GET" : request.method;
      const found = await answer(method, new URL(request.url, "http://site").pathname);
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

  const address = server.address();
  const origins = ["127.0.0.1", "localhost"].map((host) => `http://${host}:${address.port}`);
  // The pages call the sandbox from their own origin, which it must allow.
  await command(control, "switches", "PUT", { cors: origins });
  return {
    url: `${origins[0]}/`,
    close() {
      for (const revocation of revocations) clearTimeout(revocation);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As strict as a page with WebAssembly can be. */
function policy(api) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${api}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function json(value) {
  return { type: "application/json", body: JSON.stringify(value) };
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

/** Has the sandbox do something. */
async function command(control, name, method, body) {
  const answer = await fetch(new URL(name, control), {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${method} ${name}`);
}
