// Each row of the table in docs/misconfiguration.md: what the visitor, the page's developer and the operator see.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ACCESS_TOKEN, API_KEY, ORGANIZATION } from "../../tools/sandbox.mjs";
import { captureLog } from "./support/log.mjs";
import { CONFIG, node, workerd } from "./support/platforms.mjs";
import { startTurnstile } from "./support/turnstile.mjs";
import { forwarderOptions, startWorker } from "../../tools/workerd.mjs";
import { freePort } from "../support/port.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { leave, networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { markup, startPages, visitor } from "../browser/support/form-page.mjs";
import { LeadForm } from "../browser/support/lead-form.mjs";
import { startSandbox } from "../browser/support/sandbox.mjs";
import { reach } from "./support/requests.mjs";

useChromium();

const DAY_MS = 86_400_000;
const AUTHORIZED = { headers: { authorization: `Bearer ${CONFIG.adminToken}` } };

/** What browsers log for requests that a policy or a failing network blocks. */
const expected = new RegExp(`${networkErrors.source}|Content Security Policy|^console: CSP: |Mixed Content|CORS`);

/** The parts of a table cell: its code and its quotations. */
const parts = (cell) => [...cell.matchAll(/`([^`]+)`|“([^”]+)”/g)].map(([, code, quotation]) => code ?? quotation);

const text = await readFile(new URL("../../docs/misconfiguration.md", import.meta.url), "utf8");
const rows = [...text.matchAll(/^\|(.+)\|$/gm)].slice(2).map(([, row]) => {
  const [setting, visitor, page, health, alerts] = row.split(" | ").map((cell) => cell.trim());
  return { setting, visitor: parts(visitor), page: parts(page), health: parts(health), alerts: parts(alerts) };
});

/** A site with a form, an endpoint and the CRM. `start` returns the URL of the forwarder or its replacement. */
async function open(
  test,
  {
    start = forwarder,
    config = {},
    path = "/leads",
    headers = {},
    attributes = "",
    inner = "",
    secure = false,
    prepare,
  } = {},
) {
  const sandbox = await startSandbox(test);
  const pages = {};
  const site = await startPages(test, pages, { headers });
  const alerts = [];
  const options = {
    crm: { apiKey: API_KEY, organizationId: ORGANIZATION, baseURL: sandbox.url },
    origins: [site.url],
    onAlert: (alert) => alerts.push(alert.kind),
    ...config,
    ...(config.crm
      ? { crm: { apiKey: API_KEY, organizationId: ORGANIZATION, baseURL: sandbox.url, ...config.crm } }
      : {}),
  };
  const { url, endpoint = url } = await start(test, options);
  pages["/"] = markup({ endpoint: endpoint + path, attributes, inner });
  const page = await openPage(test, { expected });
  const warnings = [];
  page.on("console", (message) => warnings.push(message.text()));
  if (secure)
    await page.route("https://agency.example/**", async (route) =>
      route.fulfill({ response: await route.fetch({ url: site.url + new URL(route.request().url()).pathname }) }),
    );
  await page.goto(secure ? "https://agency.example/" : site.url);
  const form = new LeadForm(page);
  await form.shown();
  await prepare?.(form, sandbox);
  return { form, alerts, warnings, health: async () => (url ? (await reach(`${url}/health`, AUTHORIZED)).text() : "") };
}

const forwarder = (test, options) => node(test, options);
const nothing = async () => ({ endpoint: `http://127.0.0.1:${await freePort()}` });

/** The wrong settings, by the table's first column. */
const SETTINGS = {
  "The page's origin is not in `origins`": { config: { origins: ["https://www.agency.example"] } },
  "The path of `endpoint` is wrong": { path: "/lead" },
  "No server at `endpoint`": { start: nothing },
  "`endpoint` is http on an https page": {
    start: async () => ({ endpoint: "http://leads.agency.example" }),
    secure: true,
  },
  "The page's CSP does not list the endpoint in `connect-src`": {
    headers: { "content-security-policy": "connect-src 'self'" },
  },
  "The page's CSP lacks `'wasm-unsafe-eval'`": { headers: { "content-security-policy": "script-src 'self'" } },
  "`crm.apiKey` is wrong or revoked": { config: { crm: { apiKey: "another-key" } } },
  "`crm.organizationId` is wrong": { config: { crm: { organizationId: "0".repeat(24) } } },
  "The host of `crm.baseURL` is wrong": {
    start: async (test, options) =>
      node(test, { ...options, crm: { ...options.crm, baseURL: `http://127.0.0.1:${await freePort()}/api/v2` } }),
  },
  "The path of `crm.baseURL` is wrong": {
    start: async (test, options) =>
      node(test, { ...options, crm: { ...options.crm, baseURL: new URL("/wrong", options.crm.baseURL).href } }),
  },
  "`challenge.secret` is wrong": {
    start: async (test, options) => {
      const { url } = await startTurnstile(test);
      return node(test, { ...options, challenge: { provider: "turnstile", secret: "wrong", verifyURL: url } });
    },
    inner: '<div slot="challenge"><input type="hidden" name="cf-turnstile-response" value="good"></div>',
  },
  "Behind a proxy without `clientAddress`": {
    config: { rate: { perMinute: 1, burst: 1 } },
    async start(test, options) {
      const { url } = await node(test, options);
      const endpoint = await proxy(test, url, { "x-forwarded-for": "203.0.113.9" });
      // Another visitor came before.
      await reach(`${endpoint}/leads`, {
        method: "POST",
        headers: { origin: options.origins[0], "content-type": "application/json" },
        body: JSON.stringify({ submissionId: "0".repeat(32), lead: { leadInformation: visitor } }),
      });
      return { url, endpoint };
    },
  },
  "No binding `LEAD_OUTBOX`": {
    async start(test, options) {
      const { durableObjects, ...others } = await forwarderOptions({
        ...CONFIG,
        clientAddress: "cf-connecting-ip",
        ...serializable(options),
      });
      const { url, close } = await startWorker(others);
      test.after(close);
      return { url };
    },
  },
  "`ORIGINS` is missing in the worker's environment": {
    start: (test, options) => workerd(test, { ...serializable(options), origins: undefined }),
  },
  "The machine's clock is over a day off": {
    async start(test, options) {
      const real = Date.now;
      Date.now = () => real() + 2 * DAY_MS;
      test.after(() => (Date.now = real));
      return node(test, options);
    },
  },
  "`client` in a page, and the CRM does not allow its origin (CORS)": {
    start: nothing,
    prepare: (form, { url }) =>
      form.element.evaluate(
        async (form, [baseURL, accessToken]) => {
          const { ICloudReady } = await import("/icloud-ready/runtime/browser.js");
          form.client = new ICloudReady({ accessToken: () => accessToken, baseURL, maxRetries: 0 });
        },
        [url, ACCESS_TOKEN],
      ),
  },
};

function serializable({ onAlert, ...options }) {
  return options;
}

/** A proxy that adds headers to requests; returns its URL. */
async function proxy(test, target, added) {
  const server = createServer(async (request, response) => {
    const body = [];
    for await (const part of request) body.push(part);
    const { host, connection, "content-length": _, ...headers } = request.headers;
    const reply = await reach(target + request.url, {
      method: request.method,
      headers: { ...headers, ...added },
      ...(body.length ? { body: Buffer.concat(body) } : {}),
    });
    response.writeHead(
      reply.status,
      Object.fromEntries(
        [...reply.headers].filter(
          ([name]) => !/^(content-encoding|content-length|transfer-encoding|connection)$/.test(name),
        ),
      ),
    );
    response.end(Buffer.from(await reply.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(async () => {
    await leave(test);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${server.address().port}`;
}

test("every row of the table has a setting in this test, and every setting a row", () => {
  assert.deepEqual(
    rows.map(({ setting }) => setting),
    Object.keys(SETTINGS),
  );
});

for (const row of rows) {
  test(`${row.setting}: the visitor, the page's console, /health and the alerts show what the table says`, async (test) => {
    captureLog(test);
    const { form, alerts, warnings, health } = await open(test, SETTINGS[row.setting]);
    await form.fill(visitor);
    await form.send();
    for (const words of row.visitor) await form.status.filter({ hasText: words }).waitFor();
    if (row.page.length)
      await waitUntil(`the console to say ${row.page}`, async () =>
        row.page.every((words) => warnings.some((line) => line.includes(words))),
      );
    else assert.equal(warnings.filter((line) => line.startsWith("<icloud-ready-lead-form>")).join("\n"), "");
    for (const words of row.health)
      await waitUntil(`/health to say ${words}`, async () => (await health()).includes(words));
    if (row.alerts.length)
      await waitUntil(`the alerts ${row.alerts}`, async () => row.alerts.every((kind) => alerts.includes(kind)));
    else assert.deepEqual(alerts, []);
  });
}
