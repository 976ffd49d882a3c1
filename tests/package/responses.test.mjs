// The CRM's response reaches the caller as `JSON.parse` of its bytes: nothing added, dropped, renamed or rounded.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

const RECORD =
  '{"_id":"1","leadNumber":9007199254740993,"dealSize":1e400,"x":-0,"y":0.1,"status":null,"unknown":{"deep":[null,{"z":null}]},' +
  '"leadtype":"a","leadType":"b","__proto__":{"polluted":true},"constructor":1,"a":1,"a":2,"\\ud800":"\\udfff","notes":["text",{"_id":"n"}]}';

/** The calls that return a record or nothing, by what they must return for an empty response. */
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

test("a record equals its parsed JSON", async (t) => {
  const recorder = await record(t, { body: RECORD });
  const crm = client(recorder);
  const parsed = JSON.parse(RECORD);
  for (const [name, [call]] of Object.entries(CALLS)) {
    const returned = await call(crm);
    assert.deepEqual(returned, parsed, name);
    assert.equal(JSON.stringify(returned), JSON.stringify(parsed), name);
    assert.ok(Object.hasOwn(returned, "__proto__") && Object.getPrototypeOf(returned) === Object.prototype, name);
    assert.ok(Object.is(returned.x, -0), name);
  }
  assert.equal({}.polluted, undefined);
});

test("any 2xx is a success, also with a byte order mark", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const status of [200, 201, 202, 203, 206, 226, 299]) {
    recorder.script = { status, body: `\ufeff ${RECORD} \n` };
    assert.deepEqual(await crm.leads.create(LEAD), JSON.parse(RECORD), String(status));
  }
});

test("an empty response is undefined if the operation allows it, otherwise a ResponseError", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const response of [{ status: 204 }, { status: 200, body: "" }, { status: 200, body: " \r\n\t " }]) {
    recorder.script = response;
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

test("an empty list response is an empty last page", async (t) => {
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

/** Each documented envelope, and what must be found in it. */
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

test("the records of each envelope are found, and the whole response is available", async (t) => {
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

test("an unknown envelope is a ResponseError, unless itemsKey names the member", async (t) => {
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
