// What the CRM answers reaches the caller as `JSON.parse` of its bytes: nothing added, dropped, renamed or rounded
// anew.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

const RECORD =
  '{"_id":"1","leadNumber":9007199254740993,"dealSize":1e400,"x":-0,"y":0.1,"status":null,"unknown":{"deep":[null,{"z":null}]},' +
  '"leadtype":"a","leadType":"b","__proto__":{"polluted":true},"constructor":1,"a":1,"a":2,"\\ud800":"\\udfff","notes":["text",{"_id":"n"}]}';

/** The calls that answer a record or nothing, by what they must make of an empty answer. */
const CALLS = {
  "leads.create": [(crm) => crm.leads.create(LEAD), "ResponseError"],
  "leads.retrieve": [(crm) => crm.leads.retrieve("1"), "ResponseError"],
  "leads.update": [(crm) => crm.leads.update("1", LEAD), undefined],
  "leads.patch": [(crm) => crm.leads.patch("1", LEAD), undefined],
  "leads.convert": [(crm) => crm.leads.convert("1"), undefined],
  "leads.delete": [(crm) => crm.leads.delete("1"), undefined],
  "leads.notes.create": [(crm) => crm.leads.notes.create("1", {}), undefined],
  "leads.notes.update": [(crm) => crm.leads.notes.update("1", "2", {}), undefined],
  "leads.notes.delete": [(crm) => crm.leads.notes.delete("1", "2"), undefined],
  "leads.activities.create": [(crm) => crm.leads.activities.create("1", {}), undefined],
  "leads.activities.update": [(crm) => crm.leads.activities.update("1", "2", {}), undefined],
  "leads.activities.delete": [(crm) => crm.leads.activities.delete("1", "2"), undefined],
  "opportunities.create": [(crm) => crm.opportunities.create({}), "ResponseError"],
  "opportunities.createNoActivity": [(crm) => crm.opportunities.createNoActivity({}), undefined],
  "opportunities.updateMultiple": [(crm) => crm.opportunities.updateMultiple([]), undefined],
  "batches.retrieve": [(crm) => crm.batches.retrieve("1"), "ResponseError"],
  "customers.delete": [(crm) => crm.customers.delete("1"), undefined],
  request: [(crm) => crm.request({ method: "GET", path: "/x" }), undefined],
};

test("a record comes back as its bytes re-parsed", async (t) => {
  const recorder = await record(t, { body: RECORD });
  const crm = client(recorder);
  const parsed = JSON.parse(RECORD);
  for (const [name, [call]] of Object.entries(CALLS)) {
    const given = await call(crm);
    assert.deepEqual(given, parsed, name);
    assert.equal(JSON.stringify(given), JSON.stringify(parsed), name);
    assert.ok(Object.hasOwn(given, "__proto__") && Object.getPrototypeOf(given) === Object.prototype, name);
    assert.ok(Object.is(given.x, -0), name);
  }
  assert.equal({}.polluted, undefined);
});

test("any success is one, with a byte order mark too", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const status of [200, 201, 202, 203, 206, 226, 299]) {
    recorder.script = { status, body: `\ufeff ${RECORD} \n` };
    assert.deepEqual(await crm.leads.create(LEAD), JSON.parse(RECORD), String(status));
  }
});

test("an empty answer: nothing where nothing need come, else a ResponseError", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const answer of [{ status: 204 }, { status: 200, body: "" }, { status: 200, body: " \r\n\t " }]) {
    recorder.script = answer;
    for (const [name, [call, wanted]] of Object.entries(CALLS)) {
      recorder.clear();
      if (wanted) {
        const error = await failure(call(crm), wanted);
        assert.equal(error.ambiguous, name !== "leads.retrieve" && name !== "batches.retrieve", name);
        assert.equal(error.attempts, 1, name);
      } else {
        assert.equal(await call(crm), undefined, name);
      }
      assert.equal(recorder.requests.length, 1, name);
    }
  }
});

test("an empty list answer is an empty page, and the last", async (t) => {
  const recorder = await record(t, { status: 204 });
  const crm = client(recorder);
  for (const group of ["leads", "opportunities", "batches", "customers"]) {
    recorder.clear();
    const page = await crm[group].list();
    assert.deepEqual(page.data, []);
    assert.equal(page.body, undefined);
    assert.equal(await page.getNextPage(), null);
    assert.equal(recorder.requests.length, 1);
  }
});

test("a response that is not JSON, or not a record, is a ResponseError that contains it", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const body of ["<html>maintenance</html>", "{", "nul", "\ufffd", "{} {}", "[1,]", "NaN"]) {
    recorder.script = { body };
    for (const [name, [call]] of Object.entries(CALLS)) {
      recorder.clear();
      const error = await failure(call(crm), "ResponseError");
      assert.equal(error.body, body, name);
      assert.equal(error.status, 200);
      assert.equal(recorder.requests.length, 1, name);
    }
  }
  for (const body of ["null", "1", '"text"', "[]", "true"]) {
    recorder.script = { body };
    for (const [name, [call, wanted]] of Object.entries(CALLS)) {
      if (wanted === "ResponseError") assert.deepEqual((await failure(call(crm), wanted)).body, JSON.parse(body), name);
    }
  }
});

const ONE = [{ _id: "1", n: null }];
const resources = ["leads", "opportunities", "batches", "customers"];

/** Each envelope the contract names, and what must be found in it. */
function envelopes(resource) {
  const keys = ["data", resource, "docs", "items", "results", "records", "rows", "list"];
  return [
    ONE,
    ...keys.map((key) => ({ ok: true, others: ["not these"], [key]: ONE })),
    ...keys.map((key) => ({ data: { [key]: ONE, others: [] } })),
    ...keys.map((key) => ({ result: { [key]: ONE }, others: [], more: [] })),
    { page: { total: 1 }, whatever: ONE },
    { data: [], docs: ["data comes first"] },
  ];
}

test("each envelope gives its records, and is readable whole", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const resource of resources) {
    for (const body of envelopes(resource)) {
      recorder.script = { body };
      const page = await crm[resource].list();
      assert.deepEqual(page.data, Array.isArray(body.data) && !body.data.length ? [] : ONE, JSON.stringify(body));
      assert.deepEqual(page.body, body);
    }
  }
});

test("an unrecognized envelope is a ResponseError, unless itemsKey names the place", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const body of [{}, { a: [], b: [] }, null, 5, "text", { deep: { deeper: { docs: [] } } }]) {
    recorder.script = { body: JSON.stringify(body) };
    await failure(() => crm.leads.list(), "ResponseError");
  }
  recorder.script = { body: { deep: { deeper: { 0: ONE } }, data: ["not these"] } };
  assert.deepEqual((await client(recorder, { itemsKey: "deep.deeper.0" }).leads.list()).data, ONE);
  await failure(() => client(recorder, { itemsKey: "no.such" }).leads.list(), "ResponseError");
});
