// Pages with lead forms on them, and an endpoint behind.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { leave, openPage } from "./browser.mjs";
import { startForwarder } from "./forwarder.mjs";
import { packageFolder } from "../../../tools/paths.mjs";
import { LeadForm } from "./lead-form.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm" };

/** As strict as a page with WebAssembly can be. */
export const strictPolicy = (endpoint, wasm = "'wasm-unsafe-eval'") =>
  [
    "default-src 'none'",
    `script-src 'self' ${wasm}`,
    `connect-src 'self' ${endpoint}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

/**
 * Serves the package below `/icloud-ready/` and `pages` by their paths, until the test ends; `null` is never answered.
 * `scripts` are headers of the package's files, and `change` makes of a file what is served, by its path and bytes.
 */
export async function startPages(test, pages, { headers = {}, scripts = {}, change = (_, body) => body } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://page");
    requests.push(pathname);
    const page = pages[pathname];
    if (page === null) return;
    if (page !== undefined)
      return response
        .writeHead(200, { "content-type": TYPES[extname(pathname)] ?? TYPES[".html"], ...headers })
        .end(page);
    try {
      const path = normalize(pathname.replace("/icloud-ready/", "/"));
      const body = change(path.slice(1), await readFile(join(packageFolder, path)));
      response
        .writeHead(200, { "content-type": TYPES[extname(path)], "cache-control": "no-store", ...scripts })
        .end(body);
    } catch {
      // Browsers ask for an icon, and complain of a missing one.
      response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(async () => {
    await leave(test);
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}

/** A page's markup with a form on it. */
export function markup({
  endpoint,
  lang = "en",
  attributes = "",
  inner = "",
  head = "",
  body = "",
  scripts = ["/icloud-ready/lead-form.js"],
}) {
  const dir = lang === "ar" ? "rtl" : "ltr";
  return `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}${scripts.map((script) => `<script type="module" src="${script}"></script>`).join("")}</head>
<body><main><h1>A page</h1><icloud-ready-lead-form ${endpoint === undefined ? "" : `endpoint="${endpoint}"`} ${attributes}>${inner}</icloud-ready-lead-form>${body}</main></body></html>`;
}

/** Opens a page with one form that sends to an endpoint. */
export async function openForm(
  test,
  { next, origins, headers, page: pageOptions, path = "/", endpoint, ...options } = {},
) {
  const forwarder = await startForwarder(test, { next, origins });
  const pages = {};
  const policy = headers?.(forwarder) ?? {};
  const site = await startPages(test, pages, { headers: policy });
  pages["/"] = markup({ endpoint: endpoint ?? forwarder.url, ...options });
  const page = await openPage(test, pageOptions);
  await page.goto(site.url + path);
  const form = new LeadForm(page);
  await form.shown();
  return { page, form, forwarder, site, pages };
}

/** A visitor who fills in what must be. */
export const visitor = { firstName: "Mona", phone: "+201001234567" };

/** The ids of the leads that a page's browser keeps. */
export const stored = async (page) => (await submissions(page)).map(({ id }) => id);

/** Whose they are: their first names. */
export const storedNames = async (page) =>
  (await submissions(page)).map(({ body }) => JSON.parse(body).lead.leadInformation.firstName);

/** What a tab shows and what its browser keeps, for a message of a test that waited for something else. */
export async function describeTab(tab) {
  const page = await tab.evaluate(async () => {
    const form = document.querySelector("icloud-ready-lead-form");
    const text = (name) => form?.shadowRoot?.querySelector(`[part=${name}]`)?.textContent;
    const { held = [], pending = [] } = (await navigator.locks?.query()) ?? {};
    return {
      url: String(location),
      visibility: document.visibilityState,
      hasFocus: document.hasFocus(),
      state: form?.shadowRoot?.querySelector("[part=root]")?.dataset.state,
      texts: ["notice", "summary-title", "status-title", "submit"].map(text),
      focused: form?.shadowRoot?.activeElement?.outerHTML.slice(0, 100),
      values: form?.value,
      now: Date.now(),
      locks: { held: held.map(({ name }) => name), pending: pending.map(({ name }) => name) },
    };
  });
  const queue = (await submissions(tab)).map(({ body, values, ...record }) => record);
  return { ...page, queue };
}

function submissions(page) {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === "icloud-ready-lead-form")) return [];
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("icloud-ready-lead-form");
      opening.onerror = reject;
      opening.onsuccess = () => {
        const reading = opening.result.transaction("submissions").objectStore("submissions").getAll();
        reading.onsuccess = () => {
          opening.result.close();
          resolve(reading.result);
        };
      };
    });
  });
}
