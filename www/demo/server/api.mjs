// The API of the demo's page: `POST /api/state` reads, `POST /api/control` causes outages and ends them.

import { timingSafeEqual } from "node:crypto";

/** What the CRM does with requests, as rules of the sandbox. */
const CRM_MODES = {
  up: [],
  slow: [{ action: { kind: "delay", ms: 4_000 } }],
  limited: [{ action: { kind: "status", status: 429, headers: { "retry-after": "5" } } }],
  down: [{ action: { kind: "status", status: 503 } }],
  /** It stores the lead, and the connection breaks before the response. */
  silent: [{ method: "POST", path: "/leads", action: { kind: "cut", when: "after" } }],
};

/** How many leads are read, the newest first. */
const MAX_LEADS = 100;
const MAX_BODY_BYTES = 1_000;
const TIMEOUT_MS = 3_000;

/**
 * Returns a function that answers a request with `{ status, body }`. Requests need the token, and must come from a page
 * of this server: the loopback address alone does not keep pages of other origins out.
 */
export function createApi({ origin, token, adminToken, control, forwarder }) {
  let mode = "up";
  /** The texts of leads that the CRM does not have yet, by submission id. */
  const details = new Map();

  async function read(url, init) {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
    if (!response.ok) throw new Error(`${new URL(url).pathname} responded with ${response.status}`);
    return response.json();
  }
  const fromForwarder = (path) =>
    read(`${forwarder.url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });

  /** The outbox, as far as the forwarder can be asked. */
  async function outbox() {
    if (!forwarder.isRunning) return { isRunning: false };
    try {
      const [health, { entries }] = await Promise.all([
        fromForwarder("/health"),
        fromForwarder(`/admin/leads?limit=${MAX_LEADS}`),
      ]);
      const waiting = entries.filter(({ submissionId, state }) => state !== "delivered" && !details.has(submissionId));
      await Promise.all(
        waiting.map(async ({ submissionId }) => {
          const { lead, custom } = await fromForwarder(`/admin/leads/${encodeURIComponent(submissionId)}`);
          details.set(submissionId, { lead, custom });
        }),
      );
      for (const { submissionId, state } of entries) if (state === "delivered") details.delete(submissionId);
      return {
        isRunning: true,
        health,
        entries: entries.map((entry) => ({ ...entry, ...details.get(entry.submissionId) })),
      };
    } catch {
      // It was killed while it was asked, or is starting.
      return { isRunning: forwarder.isRunning };
    }
  }

  async function state() {
    const [found, leads, { resources }] = await Promise.all([
      outbox(),
      read(`${control}/leads?newest=${MAX_LEADS}`),
      read(`${control}/state`),
    ]);
    return { now: Date.now(), forwarder: found, crm: { mode, leads, count: resources.leads.count } };
  }

  async function send(method, path, body) {
    const headers = { "content-type": "application/json" };
    await read(control + path, { method, headers, body: JSON.stringify(body) });
  }

  async function change({ crm, forwarder: command, arrives, ...unknown }) {
    const isKnown =
      Object.keys(unknown).length === 0 &&
      (crm === undefined || Object.hasOwn(CRM_MODES, crm)) &&
      (command === undefined || command === "start" || command === "kill") &&
      (arrives === undefined || arrives === "meta");
    if (!isKnown) return refuse(400, "unknown command");
    if (crm !== undefined) {
      await send("PUT", "/faults", CRM_MODES[crm]);
      mode = crm;
    }
    if (command === "start") await forwarder.start();
    if (command === "kill") await forwarder.kill();
    if (arrives === "meta") {
      // The platform repeats its delivery until the forwarder, which may be killed, acknowledges it.
      await send("PUT", "/platforms", { metaUrl: `${forwarder.url}/leads/sources/meta` });
      await send("POST", "/platforms/meta", {});
    }
    return { status: 200, body: {} };
  }

  return async (request) => {
    const { host, origin: sender } = request.headers;
    if (request.method !== "POST") return refuse(405, "only POST is allowed");
    // A name that resolves to the loopback address is another host.
    if (host !== new URL(origin).host || sender !== origin) return refuse(403, "the page has another origin");
    if (!isSame(String(request.headers["x-demo-token"] ?? ""), token)) return refuse(403, "the token is wrong");
    const body = await bodyOf(request);
    if (body === undefined) return refuse(400, "the body is not a JSON object");
    if (request.url === "/api/state") return { status: 200, body: await state() };
    if (request.url === "/api/control") return change(body);
    return refuse(404, "not found");
  };
}

const refuse = (status, error) => ({ status, body: { error } });

function isSame(given, expected) {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The body as an object; `undefined` if it is not one. */
async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) return;
  }
  try {
    const body = JSON.parse(text);
    return body && typeof body === "object" ? body : undefined;
  } catch {
    return;
  }
}
