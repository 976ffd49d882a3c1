// A lead goes from JavaScript through the wasm into the CRM and back unchanged.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { client, guideLead, LEAD } from "./support/helpers.mjs";
import { entry, icloudReady } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";
import { ACCESS_TOKEN, API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";

const { ICloudReady, preload } = icloudReady;

for (const [mode, credential] of [
  ["access token", { accessToken: ACCESS_TOKEN }],
  ["integration token", { apiKey: API_KEY, organizationId: ORGANIZATION }],
]) {
  test(`create, retrieve and list with the ${mode}`, async (t) => {
    const sandbox = await startSandbox(t);
    const crm = new ICloudReady({ baseURL: sandbox.url, ...credential });
    const sent = await guideLead();
    const created = await crm.leads.create(sent);
    assert.match(created._id, /^[0-9a-f]{24}$/);
    for (const [name, value] of Object.entries(sent)) assert.deepEqual(created[name], value, name);

    const parsed = JSON.parse(await sandbox.bytes(`/leads/${created._id}`));
    assert.deepEqual(created, parsed);
    assert.deepEqual(await crm.leads.retrieve(created._id), parsed);
    assert.equal(JSON.stringify(await crm.leads.retrieve(created._id)), JSON.stringify(parsed));

    const page = await crm.leads.list();
    assert.deepEqual(page.data, JSON.parse(await sandbox.bytes("/leads")));
    assert.equal((await sandbox.leads()).length, 1);
  });
}

test("a create with wrong credentials stores no lead", async (t) => {
  const sandbox = await startSandbox(t);
  const crm = new ICloudReady({ baseURL: sandbox.url, accessToken: "another-token" });
  await assert.rejects(crm.leads.create(LEAD), icloudReady.AuthenticationError);
  assert.deepEqual(await sandbox.leads(), []);
});

const ownProto = JSON.parse('{"__proto__":{"a":1},"b":[{"__proto__":2}]}');
const sparse = Object.assign(new Array(3), { 0: 1, 2: 3 });
sparse[5] = undefined;
const person = (more) => ({ leadInformation: { ...LEAD.leadInformation, ...more } });

/** Bodies that are easy to change by parsing and serializing again. */
const BODIES = {
  unicode: { ...person({ firstName: 'أحمد 😀 \u2028 \u0000 "\\' }), поле: "ü" },
  "lone surrogates": { ...person({ lastName: "a\ud800b\udc00" }), ["\udfff"]: 1 },
  "minus zero": { ...LEAD, dealSize: -0 },
  "numbers at the edges": { ...LEAD, extra: [1e21, 1e-7, 2 ** 53, 0.1 + 0.2, Number.MAX_VALUE, 5e-324] },
  "no numbers": { ...LEAD, extra: [NaN, Infinity] },
  "nested nulls": { ...LEAD, status: null, extra: { a: [null, { b: null }] } },
  "__proto__ as an own key": { ...LEAD, extra: ownProto },
  toJSON: { ...LEAD, extra: { toJSON: (key) => ({ key }) } },
  "a lead that is toJSON": { toJSON: () => LEAD },
  dates: { ...LEAD, extra: new Date(0) },
  "undefined members": { ...LEAD, status: undefined, extra: { a: undefined, b: [undefined] } },
  "sparse arrays": { ...LEAD, extra: sparse },
  "functions and symbols": { ...LEAD, extra: [() => 1, Symbol("s")], other: () => 1, [Symbol("t")]: 1 },
  boxed: { ...LEAD, extra: [new String("s"), new Number(1), new Boolean(false)] },
  "deeply nested": { ...LEAD, extra: JSON.parse("[".repeat(200) + "]".repeat(200)) },
  "200 kB": { ...LEAD, leadDescription: "é".repeat(100_000) },
  "numeric keys": { ...LEAD, 10: "b", 2: "a" },
  "an empty key": { ...LEAD, "": 1 },
};

test("the request body is JSON.stringify of the input, byte for byte", async (t) => {
  await preload();
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder);
  for (const [name, lead] of Object.entries(BODIES)) {
    recorder.clear();
    await crm.leads.create(lead);
    await crm.leads.patch("1", lead);
    await crm.request({ method: "POST", path: "/salesStages", body: lead });
    assert.equal(recorder.requests.length, 3, name);
    for (const { body } of recorder.requests) assert.equal(body.toString("utf8"), JSON.stringify(lead), name);
  }
});

test("`request` accepts any JSON value as body", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const body of [null, 0, -0, "", "text", true, false, [], [null], {}]) {
    recorder.clear();
    await crm.request({ method: "PUT", path: "/x", body });
    assert.equal(recorder.requests[0].body.toString(), JSON.stringify(body));
  }
  recorder.clear();
  await crm.request({ method: "PUT", path: "/x" });
  assert.equal(recorder.requests[0].body.length, 0);
});

test("the input is neither changed nor retained", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder, { accessToken: undefined, apiKey: "k", organizationId: "o" });
  const lead = await guideLead();
  lead.leadType = "new";
  delete lead.leadtype;
  const before = JSON.stringify(lead);
  const call = crm.leads.create(lead, { submissionId: "submission-1" });
  lead.leadInformation.firstName = "changed after the call";
  await call;
  lead.leadInformation.firstName = JSON.parse(before).leadInformation.firstName;
  assert.equal(JSON.stringify(lead), before);
  assert.doesNotMatch(recorder.requests[0].body.toString(), /changed after/);
});

test("every entry point resolves", async () => {
  for (const name of ["", "slim"]) assert.equal(typeof (await import(entry(name))).ICloudReady, "function", name);
  for (const name of ["icloud-ready.wasm", "package.json"])
    assert.ok((await readFile(new URL(entry(name)))).length, name);
});
