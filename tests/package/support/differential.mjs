// Sends the same requests to the test CRM of `icloud-ready/testing` and to the sandbox.
import assert from "node:assert/strict";
import {
  ACCESS_TOKEN,
  API_KEY,
  CREATE_ONLY_KEY,
  EMAIL,
  ORGANIZATION,
  PASSWORD,
  startSandbox,
} from "../../../tools/sandbox.mjs";
import { entry } from "./package.mjs";

const { createTestCRM } = await import(entry("testing"));

const bearer = (token) => ({ authorization: `Bearer ${token}` });
const apiKey = (token, organizationId = ORGANIZATION) => ({ "x-api-key": token, organizationId });

/** The ways to send a credential, valid and invalid. */
export const MODES = {
  "access token": bearer(ACCESS_TOKEN),
  "integration token": apiKey(API_KEY),
  "integration token that may only create leads": apiKey(CREATE_ONLY_KEY),
  "no credential": {},
  "both kinds": { ...bearer(ACCESS_TOKEN), ...apiKey(API_KEY) },
  "unknown access token": bearer("other"),
  "scheme in capitals": { authorization: `BEARER ${ACCESS_TOKEN}` },
  "other scheme": { authorization: `Basic ${ACCESS_TOKEN}` },
  "unknown integration token": apiKey("other"),
  "access token as integration token": apiKey(ACCESS_TOKEN),
  "other organization": apiKey(API_KEY, "000000000000000000000000"),
  "malformed organization": apiKey(API_KEY, "x"),
};

/** The options with which the test CRM accepts what the sandbox accepts. */
const CREDENTIALS = {
  credentials: [
    { accessToken: ACCESS_TOKEN },
    { apiKey: API_KEY, organizationId: ORGANIZATION },
    { apiKey: CREATE_ONLY_KEY, organizationId: ORGANIZATION, role: "create-only" },
  ],
  users: [{ email: EMAIL, password: PASSWORD }],
};

/** The sandbox's switches that correspond to options of the test CRM. */
function switchesOf(options) {
  const { emptyResponses, rateLimit, requestIdHeader = null, signInShape = { key: "accessToken" } } = options;
  const limits = rateLimit ? { perMinute: null, perHour: null, ...rateLimit } : null;
  const { envelope = "array", firstPage = 1, limitCap = null, defaultLimit = 20, searchFields = ["_all"] } = options;
  const { errorShape = "message", createdStatus = 200, retryAfter = null } = options;
  return {
    ...{ envelope, firstPage, limitCap, defaultLimit, searchFields, errorShape, createdStatus, retryAfter, limits },
    emptyResponses: emptyResponses ? String(emptyResponses) : false,
    requestId: requestIdHeader,
    signinShape: signInShape,
  };
}

/** Starts a sandbox; `pair(options)` returns an empty test CRM and the empty sandbox, both with these options. */
export async function startPairs(test) {
  const sandbox = await startSandbox(test);
  return async (options = {}) => {
    await sandbox.reset();
    await sandbox.switches(switchesOf(options));
    return new Pair(sandbox, createTestCRM({ ...CREDENTIALS, ...options }));
  };
}

class Pair {
  /** Values from responses, for `$name` in a path or body: of the sandbox and of the test CRM. */
  #saved = [{}, {}];

  constructor(sandbox, crm) {
    Object.assign(this, { sandbox, crm });
  }

  /**
   * Sends a request to both and compares the responses. `save`: the name under which the `_id` is saved. Returns the
   * test CRM's response.
   */
  async send({ method = "GET", path, query = "", headers = MODES["access token"], body, raw, media, save }) {
    const what = `${method} ${path}${query} ${raw ?? JSON.stringify(body) ?? ""}`;
    const call = async (fetch, baseURL, saved) => {
      const fill = (text) => text.replace(/\$(\w+)/g, (whole, name) => saved[name] ?? whole);
      const content = raw ?? (body === undefined ? undefined : fill(JSON.stringify(body)));
      const type = content === undefined || media === null ? {} : { "content-type": media ?? "application/json" };
      // Bytes: a string would get a content type.
      const bytes = content === undefined ? {} : { body: Buffer.from(content) };
      const init = { method, headers: { ...headers, ...type }, redirect: "manual", ...bytes };
      let response;
      try {
        response = await fetch(baseURL + fill(path) + query, init);
      } catch (error) {
        assert.ok(error instanceof TypeError, `${what}: ${error.stack}`);
        return { rejected: true };
      }
      const reply = { status: response.status, headers: headersOf(response), body: parsed(await response.text()) };
      if (save) saved[save] = reply.body._id;
      return reply;
    };
    const [theirs, ours] = await Promise.all([
      call(fetch, this.sandbox.url, this.#saved[0]),
      call(this.crm.fetch, this.crm.baseURL, this.#saved[1]),
    ]);
    assert.deepEqual(normal(ours), normal(theirs), what);
    return ours;
  }

  /** Compares the records that both store. */
  async compareRecords() {
    for (const resource of ["leads", "opportunities", "batches", "customers"]) {
      const theirs = await this.sandbox.records(resource);
      assert.deepEqual(normal(this.crm[resource]), normal(theirs), resource);
    }
  }
}

function headersOf({ headers }) {
  const get = (name) => headers.get(name) ?? undefined;
  const [retryAfter, date] = [get("retry-after"), get("date")];
  return {
    contentType: get("content-type"),
    location: get("location"),
    retryAfter: retryAfter
      ?.replace(/^\d+$/, (seconds) => `${Math.ceil(seconds / 60)} minutes`)
      .replace(/^.* GMT$/, "<date>"),
    hasId: [headers.has("x-request-id"), headers.has("cf-ray")],
    hasDate: Math.abs(Date.parse(date)) > 0,
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const FORMS = [
  [/^[\da-f]{24}$/, "<id>"],
  [/^[\da-f]{32}$|^test-token-\d+$/, "<token>"],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "<time>"],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$/, "<local time>"],
];

/** A response with ids, dates and tokens, which differ between runs, replaced by their format. */
function normal(value, name) {
  if (typeof value === "string") {
    if (name === "uid") return value.replace(/^[A-Z\d]{12}$/, "<uid>");
    if (name === "realmId" || name === "createdBy") return value;
    return FORMS.find(([form]) => form.test(value))?.[1] ?? value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => normal(item));
  // Pairs: a member may be named `__proto__`.
  return Object.entries(value)
    .map(([name, member]) => [name, normal(member, name)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
