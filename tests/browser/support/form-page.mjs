// Pages with lead forms, and an endpoint behind them.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { leave, openPage } from "./browser.mjs";
import { startForwarder } from "./forwarder.mjs";
import { packageFolder } from "../../../tools/paths.mjs";
import { LeadForm } from "./lead-form.mjs";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/** The strictest CSP that allows WebAssembly. */
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
 * Serves the package below `/icloud-ready/` and `pages` by their paths, until the test ends; `null` never responds.
 * `scripts` are headers of the package's files, and `change` modifies a served file by its path and bytes; `null` cuts
 * the connection.
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
      if (body === null) return void request.socket.destroy();
      response
        .writeHead(200, { "content-type": TYPES[extname(path)], "cache-control": "no-store", ...scripts })
        .end(body);
    } catch {
      // Browsers request an icon, and report a missing one.
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

/** The markup of a page with a form. */
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

/** Opens a page with one form that sends to an endpoint, and waits until it is `shown`. */
export async function openForm(
  test,
  { next, origins, headers, page: pageOptions, path = "/", endpoint, shown = (form) => form.shown(), ...options } = {},
) {
  const forwarder = await startForwarder(test, { next, origins });
  const pages = {};
  const policy = headers?.(forwarder) ?? {};
  const site = await startPages(test, pages, { headers: policy });
  pages["/"] = markup({ endpoint: endpoint ?? forwarder.url, ...options });
  const page = await openPage(test, pageOptions);
  await page.goto(site.url + path);
  const form = new LeadForm(page);
  await shown(form);
  return { page, form, forwarder, site, pages };
}

/** Switches the page and its form to a language. */
export async function switchLanguage(page, form, language) {
  await page.evaluate((language) => {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    document.querySelector("icloud-ready-lead-form").locale = language;
  }, language);
  await form.element.locator(`[part=root][lang=${language}]`).waitFor();
}

/** A visitor who fills in the required fields. */
export const visitor = { firstName: "Mona", phone: "+201001234567" };

/** The ids of the leads stored in a page's browser. */
export const stored = async (page) => (await submissions(page)).map(({ id }) => id);

/** Their first names. */
export const storedNames = async (page) =>
  (await submissions(page)).map(({ body }) => JSON.parse(body).lead.leadInformation.firstName);

/** What a tab shows and what its browser stores, for the message of a wait that timed out. */
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
