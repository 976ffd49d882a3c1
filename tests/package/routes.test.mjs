// For each operation and both kinds of credential, exactly the request that the vendor documents. Driven by routes
// typed by hand from the vendor's reference, not by the table that generates the SDK.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { client } from "./support/helpers.mjs";
import { header, record } from "./support/recorder.mjs";

const lines = (await readFile(new URL("../golden/routes.txt", import.meta.url), "utf8")).trim().split("\n");
const ROUTES = lines
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split(/\s+/))
  .map(([operation, method, path]) => ({ operation, method, path }));

const MODES = {
  "access token": { options: { accessToken: "token-1" }, sent: { authorization: "Bearer token-1" } },
  "integration token": {
    options: { apiKey: "key-1", organizationId: "686f894eaf67193dd6e124ce" },
    sent: { "x-api-key": "key-1", organizationId: "686f894eaf67193dd6e124ce" },
  },
};

/** Headers that Node's `fetch` adds itself; the last two because of `cache: "no-store"`. */
const NODES_OWN =
  /^(host|connection|user-agent|accept-language|accept-encoding|sec-fetch-mode|content-length|pragma|cache-control)$/i;

/** The operations that are documented to send only their path. */
const BODILESS = /\.(list|retrieve|delete)$/;
const BODIES = {
  "opportunities.updateMultiple": [{ _id: "1", revenue: 1 }, { _id: "2" }],
  "batches.create": { batchCode: "b", notes: "n", rating: 1 },
};
const BODY = { leadInformation: { firstName: "A", phone: "+201001234567" }, odd: [null, "ü\u2028"], n: -0 };

const idsOf = (path) => (path.match(/:\w+/g) ?? []).map((_, index) => `id ${index}/ü`);

function fill(path) {
  const ids = idsOf(path).map(encodeURIComponent);
  return path.replace(/:\w+/g, () => ids.shift());
}

function methodOf(crm, operation) {
  return operation.split(".").reduce((place, name) => place[name], crm);
}

/** Makes the call and returns its only request. */
async function requestOf(recorder, crm, { operation, path }, more = []) {
  recorder.clear();
  const call = methodOf(crm, operation);
  await call(...idsOf(path), ...more);
  assert.equal(recorder.requests.length, 1);
  return recorder.requests[0];
}

function checkHeaders(request, sent, withBody) {
  const ours = request.headers.filter(([name]) => !NODES_OWN.test(name));
  const expected = { accept: "application/json", ...sent, ...(withBody ? { "content-type": "application/json" } : {}) };
  assert.deepEqual(Object.fromEntries(ours.map(([name, value]) => [name.toLowerCase(), value])), lower(expected));
  assert.equal(ours.length, Object.keys(expected).length);
}

const lower = (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

test("the vendor documents 33 operations", () => {
  assert.equal(ROUTES.length, 33);
  assert.equal(new Set(ROUTES.map(({ operation }) => operation)).size, 33);
});

test("the client has exactly these operations", () => {
  const crm = client("http://127.0.0.1:1");
  const found = [];
  const collect = (place, name) => {
    for (const [key, value] of Object.entries(place)) {
      if (typeof value === "function") found.push(`${name}${key}`);
      else collect(value, `${name}${key}.`);
    }
  };
  collect(crm, "");
  const others = ["leads.createMany", "request", "signIn", "withOptions"];
  assert.deepEqual(found.sort(), [...ROUTES.map(({ operation }) => operation), ...others].sort());
});

for (const [mode, { options, sent }] of Object.entries(MODES)) {
  test(`each operation with the ${mode}`, async (t) => {
    const recorder = await record(t, (request) => ({
      body: request.method === "GET" && !request.path.includes("id%20") ? [] : { _id: "1" },
    }));
    const crm = client(recorder, options);
    for (const route of ROUTES) {
      await t.test(route.operation, async () => {
        const withBody = !BODILESS.test(route.operation);
        const body = BODIES[route.operation] ?? BODY;
        const request = await requestOf(recorder, crm, route, withBody ? [body] : []);
        assert.equal(request.method, route.method);
        assert.equal(request.target, `/api/v2${fill(route.path)}`);
        checkHeaders(request, sent, withBody);
        assert.equal(request.body.toString(), withBody ? JSON.stringify(body) : "");
      });
    }
  });
}

test("convert without a body sends no body and no content type", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder, MODES["access token"].options);
  const request = await requestOf(
    recorder,
    crm,
    ROUTES.find(({ operation }) => operation === "leads.convert"),
  );
  checkHeaders(request, MODES["access token"].sent, false);
  assert.equal(request.body.length, 0);
});

test("each list accepts the documented query", async (t) => {
  const recorder = await record(t, { body: [] });
  const crm = client(recorder);
  const query = {
    limit: 5,
    page: 0,
    order: "desc",
    sortBy: "createdAt",
    fields: "a b",
    p: "x&y=z",
    q: "+20 ü/?#%",
    other: true,
    none: undefined,
  };
  const expected =
    "limit=5&page=0&order=desc&sortBy=createdAt&fields=a%20b&p=x%26y%3Dz&q=%2B20%20%C3%BC%2F%3F%23%25&other=true";
  for (const route of ROUTES.filter(({ operation }) => operation.endsWith(".list"))) {
    const request = await requestOf(recorder, crm, route, [query]);
    assert.equal(request.target, `/api/v2${route.path}?${expected}`);
  }
});

test("with the integration token only, leadType is spelled as in the guide, in place", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const both = { odd: { leadType: "x" }, leadType: "new", leadtype: "old" };
  const one = { odd: { leadType: "x" }, leadType: "new", leadInformation: BODY.leadInformation };
  const renamed = JSON.stringify(one).replace('"leadType":"new"', '"leadtype":"new"');
  for (const [mode, { options }] of Object.entries(MODES)) {
    const crm = client(recorder, options);
    for (const route of ROUTES.filter(({ operation }) => /\.(create|update|patch)$/.test(operation))) {
      const isLead = /^leads\.\w+$/.test(route.operation);
      const request = await requestOf(recorder, crm, route, [one]);
      assert.equal(
        request.body.toString(),
        isLead && mode === "integration token" ? renamed : JSON.stringify(one),
        route.operation,
      );
      const whole = { ...both, leadInformation: BODY.leadInformation };
      const kept = await requestOf(recorder, crm, route, [whole]);
      assert.equal(kept.body.toString(), JSON.stringify(whole), route.operation);
    }
  }
});

test("a submission id adds only itself to the body", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder);
  const route = ROUTES.find(({ operation }) => operation === "leads.create");
  const request = await requestOf(recorder, crm, route, [BODY, { submissionId: "submission-1" }]);
  assert.equal(request.body.toString(), JSON.stringify({ ...BODY, customField: '{"submissionId":"submission-1"}' }));
  const other = client(recorder, { submissionField: "idengagerRequestId" });
  const second = await requestOf(recorder, other, route, [BODY, { submissionId: "submission-1" }]);
  assert.equal(second.body.toString(), JSON.stringify({ ...BODY, idengagerRequestId: "submission-1" }));
});

test("custom headers are sent once, in any case", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder, { headers: { "X-Tag": "client", Accept: "application/json, text/x" } });
  await crm.request({ method: "GET", path: "/x" }, { headers: { "x-tag": "call", "x-none": undefined } });
  const [request] = recorder.requests;
  assert.equal(header(request, "x-tag"), "call");
  assert.equal(header(request, "accept"), "application/json, text/x");
  assert.equal(header(request, "x-none"), undefined);
});
