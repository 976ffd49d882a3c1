// Lists end and return each record once, whatever the CRM responds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";
import { ACCESS_TOKEN, startSandbox } from "../../tools/sandbox.mjs";

const COUNT = 10_000;
const RECORDS = Array.from({ length: COUNT }, (_, number) => ({ _id: String(number) }));

const ENVELOPES = {
  array: (data) => data,
  data: (data) => ({ data, others: [] }),
  "data.docs with a total": (docs) => ({ data: { docs }, pagination: { total: COUNT } }),
  "the resource's name, with a total": (leads) => ({ ok: true, leads, total: COUNT }),
  "the resource's name, with a total that is the page's": (leads) => ({ leads, total: leads.length }),
  "result.list": (list) => ({ result: { list } }),
};

/** The pagination of a server: the number of its first page, and how many records it returns for a limit. */
const SERVERS = {
  "pages from 1": { first: 1, size: (limit) => limit },
  "pages from 0": { first: 0, size: (limit) => limit },
  "a capped limit, pages from 1": { first: 1, size: (limit) => Math.min(limit, 700) },
  "a capped limit, pages from 0": { first: 0, size: (limit) => Math.min(limit, 700) },
  "an ignored limit, pages from 1": { first: 1, size: () => 400 },
  "an ignored limit, pages from 0": { first: 0, size: () => 400 },
  "an ignored limit and page": { first: 1, size: () => COUNT, ignoresPage: true },
};

test(
  "10,000 leads, each once and in order, for every envelope and kind of pagination",
  { timeout: 120_000 },
  async (t) => {
    for (const [envelope, wrap] of Object.entries(ENVELOPES)) {
      for (const [server, { first, size, ignoresPage }] of Object.entries(SERVERS)) {
        const recorder = await record(t, ({ target }) => {
          const { searchParams } = new URL(target, "http://h");
          const index = ignoresPage || !searchParams.has("page") ? 0 : Number(searchParams.get("page")) - first;
          const length = size(Number(searchParams.get("limit")));
          return { body: wrap(index < 0 ? [] : RECORDS.slice(index * length, (index + 1) * length)) };
        });
        const found = [];
        for await (const lead of client(recorder).leads.list({ limit: 1_000 })) found.push(lead);
        assert.deepEqual(found, RECORDS, `${envelope}, ${server}`);
      }
    }
  },
);

test("10,000 leads of the sandbox, each once and in order", { timeout: 120_000 }, async (t) => {
  const sandbox = await startSandbox(t);
  await sandbox.seed("leads", COUNT);
  const expected = (await sandbox.leads()).map(({ _id }) => _id).reverse();
  const found = [];
  for await (const lead of client(sandbox, { accessToken: ACCESS_TOKEN }).leads.list({ limit: 1_000 }))
    found.push(lead._id);
  assert.deepEqual(found, expected);
});

test("if a server ignores `page`, its records are returned once and the list ends", async (t) => {
  const sandbox = await startSandbox(t, { ignorePage: true, ignoreLimit: true, defaultLimit: 300 });
  await sandbox.seed("leads", 300);
  await sandbox.forget();
  const crm = client(sandbox, { accessToken: ACCESS_TOKEN });
  const found = await crm.leads.list().toArray({ max: 1_000 });
  assert.equal(new Set(found.map(({ _id }) => _id)).size, 300);
  assert.equal(found.length, 300);
  assert.ok((await sandbox.requests()).length <= 3);
});

test("leads created during the iteration cause no duplicates", async (t) => {
  for (const firstPage of [0, 1]) {
    const sandbox = await startSandbox(t, { firstPage });
    await sandbox.seed("leads", 200);
    const crm = client(sandbox, { accessToken: ACCESS_TOKEN });
    const before = new Set((await sandbox.leads()).map(({ _id }) => _id));
    const found = [];
    for await (const page of crm.leads.list({ limit: 20 }).pages()) {
      found.push(...page.data.map(({ _id }) => _id));
      for (let arrival = 0; arrival < 3; arrival++) await crm.leads.create(LEAD);
      assert.ok(found.length < 1_000, "the list must end");
    }
    assert.equal(new Set(found).size, found.length);
    for (const id of before) assert.ok(found.includes(id));
  }
});

/** A server of numbered records that records which page was requested. */
const numbered =
  (count, size, first = 1) =>
  ({ target }) => {
    const page = new URL(target, "http://h").searchParams.get("page");
    const index = page === null ? 0 : Number(page) - first;
    const records = Array.from({ length: count }, (_, number) => ({ _id: String(number) }));
    return { body: index < 0 ? [] : records.slice(index * size, (index + 1) * size) };
  };
const requestedPages = ({ requests }) =>
  requests.map(({ target }) => new URL(target, "http://h").searchParams.get("page"));

test("nothing is sent before the list is read, and awaiting twice sends one request", async (t) => {
  const recorder = await record(t, numbered(3, 10));
  const crm = client(recorder);
  const list = crm.leads.list();
  list.pages();
  list[Symbol.asyncIterator]();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(recorder.requests.length, 0);
  const [one, two] = await Promise.all([list, list]);
  assert.equal(one, two);
  assert.equal(await list, one);
  assert.equal(recorder.requests.length, 1);
  const [next, again] = await Promise.all([one.getNextPage(), one.getNextPage()]);
  assert.equal(next, again);
});

test("a first page that failed can be requested again", async (t) => {
  const recorder = await record(t, [{ status: 400 }, { body: [{ _id: "1" }] }]);
  const list = client(recorder).leads.list();
  await failure(() => list, "BadRequestError");
  assert.equal((await list).data.length, 1);
});

test("a later page that failed can be requested again", async (t) => {
  const recorder = await record(t, numbered(25, 10));
  const crm = client(recorder, { firstPage: 1 });
  const first = await crm.leads.list();
  const script = recorder.script;
  recorder.script = { status: 400 };
  await failure(first.getNextPage(), "BadRequestError");
  recorder.script = script;
  const second = await first.getNextPage();
  assert.deepEqual(
    second.data.map(({ _id }) => _id),
    Array.from({ length: 10 }, (_, index) => String(index + 10)),
  );
  const third = await second.getNextPage();
  assert.equal(third.data.length, 5);
  assert.equal(await third.getNextPage(), null);
});

test("the number of the first page is detected once per client, and not if it is known", async (t) => {
  for (const first of [0, 1]) {
    const recorder = await record(t, numbered(30, 10, first));
    const crm = client(recorder);
    assert.equal((await crm.leads.list().toArray({ max: 100 })).length, 30);
    const question = first ? [null, "1", "2", "3", "4"] : [null, "1", "2", "3"];
    assert.deepEqual(requestedPages(recorder), question);
    recorder.clear();
    assert.equal((await crm.withOptions({ timeout: 5_000 }).leads.list().toArray({ max: 100 })).length, 30);
    const numbers = first ? [null, "2", "3", "4"] : [null, "1", "2", "3"];
    assert.deepEqual(requestedPages(recorder), numbers, "detected once for a client and its derived clients");
    recorder.clear();
    await client(recorder, { firstPage: first }).leads.list().toArray({ max: 100 });
    assert.deepEqual(requestedPages(recorder), numbers);
    recorder.clear();
    await client(recorder)
      .leads.list({ page: first + 1 })
      .toArray({ max: 100 });
    assert.deepEqual(
      requestedPages(recorder),
      ["2", "3", "4"].map((number) => String(Number(number) - 1 + first)),
    );
  }
});

test("reaching the total ends the list; an impossible total is ignored", async (t) => {
  const pages = numbered(20, 10);
  const recorder = await record(t);
  for (const [total, requests] of [
    [20, 2],
    [10, 3],
    [5, 3],
  ]) {
    recorder.clear();
    recorder.script = (request) => ({ body: { data: pages(request).body, total } });
    assert.equal((await client(recorder, { firstPage: 1 }).leads.list().toArray({ max: 100 })).length, 20);
    assert.equal(recorder.requests.length, requests, `total ${total}`);
  }
});

test("records without an _id are distinguished by their JSON", async (t) => {
  const recorder = await record(t, ({ target }) => ({
    body: target.includes("page=2") ? [{ n: 2 }] : target.includes("page=3") ? [] : [{ n: 1 }, { n: 1.5 }],
  }));
  assert.deepEqual(await client(recorder, { firstPage: 1 }).leads.list().toArray({ max: 9 }), [
    { n: 1 },
    { n: 1.5 },
    { n: 2 },
  ]);
});

test("toArray: max is required, and no page beyond it is requested", async (t) => {
  const recorder = await record(t, numbered(100, 10));
  const list = client(recorder, { firstPage: 1 }).leads.list();
  for (const options of [undefined, {}, null, { max: -1 }, { max: NaN }, { max: "5" }])
    await failure(list.toArray(options), "ConfigurationError");
  assert.deepEqual(await list.toArray({ max: 0 }), []);
  assert.equal(recorder.requests.length, 0);
  assert.equal((await list.toArray({ max: 10 })).length, 10);
  assert.equal(recorder.requests.length, 1);
  assert.equal((await list.toArray({ max: 15 })).length, 15);
  assert.equal(recorder.requests.length, 3);
  assert.equal((await list.toArray({ max: Infinity })).length, 100);
});

test("stopping in the middle requests no more pages", async (t) => {
  const recorder = await record(t, numbered(100, 10));
  for await (const { _id } of client(recorder, { firstPage: 1 }).leads.list()) if (_id === "12") break;
  assert.equal(recorder.requests.length, 2);
});
