// `icloud-ready/testing`: the client runs unchanged with a CRM in memory. testing-differential.test.mjs compares it
// with the sandbox.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { heldTimer } from "./support/clock.mjs";
import { failure, LEAD } from "./support/helpers.mjs";
import { entry, icloudReady, packageFolder } from "./support/package.mjs";

const { ICloudReady } = icloudReady;
const { createTestCRM, createTestList } = await import(entry("testing"));

/** A test CRM and a client of it, without waits. */
function setup(options = {}, clientOptions = {}) {
  const crm = createTestCRM(options);
  const settings = { accessToken: "test", fetch: crm.fetch, reconcileDelays: [0, 0], rateLimit: false };
  return { crm, client: new ICloudReady({ ...settings, ...clientOptions }) };
}

/** Full jitter at its minimum: no back-off to wait for. */
const withoutBackOff = (t) => t.mock.method(Math, "random", () => 0);

const SUBMISSION = { submissionId: "submission-1" };
const creates = (crm) => crm.requests.filter(({ operation }) => operation === "leads.create");

test("the client's operations, and what a test asserts on", async () => {
  const { crm, client } = setup({ leads: [{ _id: "first", leadInformation: { firstName: "Mona" }, tags: ["villa"] }] });
  const lead = await client.leads.create({ ...LEAD, leadSource: "website" });
  assert.deepEqual(await client.leads.retrieve(lead._id), lead);
  assert.deepEqual(crm.leads[1], lead);
  assert.deepEqual(
    (await client.leads.list({ order: "asc" }).toArray({ max: 9 })).map(({ _id }) => _id),
    ["first", lead._id],
  );
  assert.deepEqual((await client.leads.list({ q: "villa" })).data, [crm.leads[0]]);
  await client.leads.notes.create(lead._id, { text: "called" });
  await client.leads.patch(lead._id, { leadInformation: { email: "a@example.com" } });
  await client.leads.delete("first");
  assert.equal(crm.leads.length, 1);
  assert.equal(crm.leads[0].notes[0].text, "called");
  assert.deepEqual(crm.leads[0].leadInformation, { ...LEAD.leadInformation, email: "a@example.com" });
  for (const group of ["opportunities", "batches", "customers"]) {
    const record = await client[group].create({ manager: "A" });
    assert.deepEqual(crm[group], [record]);
  }
  const [request] = crm.requests;
  const { headers, ...rest } = request;
  assert.deepEqual(rest, {
    method: "POST",
    url: "https://api.icloud-ready.com/api/v2/leads",
    path: "/leads",
    query: {},
    operation: "leads.create",
    body: { ...LEAD, leadSource: "website" },
    status: 200,
  });
  assert.equal(headers.authorization, "Bearer test");
  assert.deepEqual(crm.requests[2].query, { order: "asc" });
});

test("lists of several pages, with either first page number and in any envelope", async () => {
  const leads = Array.from({ length: 45 }, (_, index) => ({ leadDescription: String(index) }));
  for (const firstPage of [0, 1]) {
    for (const envelope of ["array", { path: "data.docs", total: "data.total" }]) {
      const { client } = setup({ leads, firstPage, envelope });
      const found = await client.leads.list({ limit: 10 }).toArray({ max: 100 });
      assert.deepEqual(
        found.map(({ leadDescription }) => leadDescription),
        leads.map(({ leadDescription }) => leadDescription).reverse(),
      );
    }
  }
});

test("sign-in, roles and rejected credentials", async () => {
  const users = [{ email: "agent@example.com", password: "right" }];
  const organizationId = "686f894eaf67193dd6e124ce";
  const { crm, client } = setup(
    { users, credentials: [{ apiKey: "forms", role: "create-only" }] },
    { accessToken: undefined },
  );
  await failure(client.signIn({ ...users[0], password: "wrong" }), "AuthenticationError");
  await client.signIn(users[0]);
  assert.deepEqual((await client.leads.list()).data, []);
  const forms = new ICloudReady({ apiKey: "forms", organizationId, fetch: crm.fetch });
  assert.equal((await forms.leads.create(LEAD)).realmId, organizationId);
  await failure(forms.leads.list(), "PermissionDeniedError");
  await failure(client.withOptions({ accessToken: "other" }).leads.list(), "AuthenticationError");
});

test("a fault before the commit: the CRM has nothing", async () => {
  for (const fault of [{ status: 503 }, { error: "connection" }]) {
    const { crm, client } = setup();
    crm.fail(fault);
    const error = await failure(client.leads.create(LEAD), fault.status ? "ServerError" : "ConnectionError");
    assert.equal(error.ambiguous, true, "the client cannot know");
    assert.deepEqual(crm.leads, []);
    assert.deepEqual(
      crm.requests.map(({ status }) => status),
      [fault.status],
    );
    await client.leads.create(LEAD);
    assert.equal(crm.leads.length, 1);
  }
});

test("a fault before the commit, with a submission id: the lead is looked up, not found, and sent again", async (t) => {
  withoutBackOff(t);
  for (const fault of [{ status: 503 }, { error: "connection" }]) {
    const { crm, client } = setup();
    // A list proves nothing before it has shown a submission id.
    await client.leads.create(LEAD, { submissionId: "submission-0" });
    crm.fail({ ...fault, operation: "leads.create" });
    const lead = await client.leads.create(LEAD, SUBMISSION);
    assert.equal(creates(crm).length, 3);
    assert.deepEqual(crm.leads[1], lead);
    assert.equal(crm.leads.length, 2);
  }
});

test("a fault after the commit, with a submission id: the lead is found, and not duplicated", async () => {
  for (const fault of [{ status: 502 }, { error: "connection" }]) {
    const { crm, client } = setup();
    crm.fail({ ...fault, when: "after", operation: "leads.create" });
    const lead = await client.leads.create(LEAD, SUBMISSION);
    assert.deepEqual(crm.leads, [lead]);
    assert.equal(creates(crm).length, 1);
    // The same lead from another client, which does not know that it was created.
    const again = setup({}, { fetch: crm.fetch }).client;
    assert.deepEqual(await again.leads.create(LEAD, { ...SUBMISSION, checkExisting: true }), lead);
    assert.equal(creates(crm).length, 1);
  }
});

test("a fault after the commit, without a submission id: the lead exists, and the error is ambiguous", async () => {
  const { crm, client } = setup();
  crm.fail({ error: "connection", when: "after" });
  const error = await failure(client.leads.create(LEAD), "ConnectionError");
  assert.equal(error.ambiguous, true);
  assert.match(error.message, /ECONNRESET/);
  assert.equal(crm.leads.length, 1);
});

test("retries, Retry-After, and a fault that is removed", async (t) => {
  withoutBackOff(t);
  const { crm, client } = setup();
  crm.fail({ status: 503, times: 2 });
  await client.leads.list();
  assert.deepEqual(
    crm.requests.map(({ status }) => status),
    [503, 503, 200],
  );
  crm.fail({ status: 429, retryAfter: 90 });
  assert.equal((await failure(client.leads.create(LEAD), "RateLimitError")).retryAfterMs, 90_000);
  const recover = crm.fail({ status: 500, times: Infinity });
  await failure(client.leads.list(), "ServerError");
  recover();
  await client.leads.list();
  crm.fail({ status: 401, operation: "batches.list" });
  await client.leads.list();
  let tokens = 0;
  await client.withOptions({ accessToken: () => `token-${++tokens}` }).batches.list();
  assert.equal(tokens, 2, "requested again after the 401");
});

test("a response that never arrives: the client's timeout and signal end the call", async (t) => {
  const { crm, client } = setup({}, { maxRetries: 0, timeout: 20_000 });
  const timeOut = heldTimer(t, 20_000);
  crm.fail({ error: "timeout", times: 2, when: "after" });
  const waiting = failure(client.leads.create(LEAD), "TimeoutError");
  await until(() => crm.requests.length === 1);
  timeOut();
  assert.equal((await waiting).ambiguous, true);
  assert.equal(crm.leads.length, 1);
  const controller = new AbortController();
  const aborted = failure(client.leads.list({}, { signal: controller.signal }), "AbortError");
  await until(() => crm.requests.length === 2);
  controller.abort("enough");
  assert.equal((await aborted).cause, "enough");
});

/** Waits for a condition that is met after some turns of the event loop. */
async function until(condition) {
  for (let turns = 0; !condition(); turns++) {
    assert.ok(turns < 10_000, `waited for ${condition}`);
    await new Promise(setImmediate);
  }
}

test("`fetch` accepts what the platform's fetch accepts", async () => {
  const crm = createTestCRM({ baseURL: "http://127.0.0.1:3000/crm/" });
  assert.equal(crm.baseURL, "http://127.0.0.1:3000/crm/");
  const { fetch } = crm;
  const init = { method: "POST", body: JSON.stringify(LEAD) };
  const headers = { authorization: "Bearer test", "content-type": "application/json" };
  for (const url of ["https://crm.example/crm/leads", new URL("http://127.0.0.1:3000/crm/leads")]) {
    assert.equal((await fetch(url, { ...init, headers })).status, 200);
  }
  assert.equal((await fetch(new Request("http://a.example/crm/leads", { ...init, headers }))).status, 200);
  assert.equal(crm.leads.length, 3);
  const outside = await fetch("http://127.0.0.1:3000/other/leads", { headers });
  assert.equal(outside.status, 404);
  assert.match((await outside.json()).message, /answers below \/crm: set its option baseURL/);
  await assert.rejects(fetch("/leads"), TypeError);
  const reason = new Error("enough");
  await assert.rejects(fetch("http://a.example/crm/leads", { signal: AbortSignal.abort(reason) }), reason);
  const request = new Request("http://a.example/crm/leads", { signal: AbortSignal.abort(reason) });
  await assert.rejects(fetch(request), reason);
  assert.equal(crm.requests.length, 3);
});

test("the same requests produce the same ids and dates, and a reset restarts them", async () => {
  const run = async ({ crm, client }) => {
    await client.leads.create(LEAD);
    await client.leads.notes.create(crm.leads[0]._id, { text: "a" });
    await client.customers.create({ name: "A" });
    return [crm.leads, crm.customers, crm.requests];
  };
  let time = Date.UTC(2026, 0, 2, 21, 30);
  const first = setup({ leads: [{ leadSource: "website" }], now: () => time });
  const before = await run(first);
  assert.deepEqual(await run(setup({ leads: [{ leadSource: "website" }], now: new Date(time) })), before);
  assert.equal(before[0][1].createdAt, "2026-01-02T21:30:00.000Z");
  assert.equal(before[0][1].creationDate, "2026-01-03T00:30:00+03:00");
  first.crm.fail({ status: 503, times: Infinity });
  first.crm.reset();
  assert.deepEqual([first.crm.leads.length, first.crm.customers.length, first.crm.requests.length], [1, 0, 0]);
  assert.deepEqual(await run(first), before);
  time += 86_400_000;
  await first.client.leads.patch(before[0][0]._id, { leadSource: "portal" });
  assert.equal(first.crm.leads[0].updatedAt, "2026-01-03T21:30:00.000Z");
});

test("a limit reports the delay by the option `now`", async () => {
  let now = Date.UTC(2026, 0, 2, 9, 0, 0, 0);
  for (const [retryAfter, expected] of [
    ["seconds", "60"],
    ["date", "Fri, 02 Jan 2026 09:01:00 GMT"],
  ]) {
    now = Date.UTC(2026, 0, 2, 9);
    const { crm, client } = setup({ rateLimit: { perMinute: 2 }, retryAfter, now: () => now }, { maxRetries: 0 });
    await client.leads.list();
    now += 500;
    await client.leads.list();
    // 59.5 seconds are rounded up: after the wait the request must be allowed.
    const error = await failure(client.leads.list(), "RateLimitError");
    assert.equal(error.headers.get("retry-after"), expected);
    now += 59_499;
    await failure(client.leads.list(), "RateLimitError");
    now += 1;
    await client.leads.list();
    assert.equal(crm.requests.at(-1).status, 200);
  }
});

test("changing an input or a returned record does not change the CRM", async () => {
  const seed = { leadInformation: { firstName: "Mona" } };
  const { crm, client } = setup({ leads: [seed] });
  seed.leadInformation.firstName = "changed";
  crm.leads[0].leadInformation.firstName = "changed";
  crm.leads.pop();
  crm.requests.pop?.();
  const [lead] = await client.leads.list().toArray({ max: 1 });
  assert.equal(lead.leadInformation.firstName, "Mona");
  assert.equal(Object.getPrototypeOf(lead), Object.prototype);
  assert.equal(Object.getPrototypeOf(crm.leads[0]), Object.prototype);
});

for (const [options, message] of [
  [{ lead: [] }, 'createTestCRM: unknown option "lead"; did you mean "leads"?'],
  [{ errorShape: "html" }, "errorShape must be one of message, error, nested, errors, text, empty"],
  [{ createdStatus: 404 }, "createdStatus must be 200 to 299"],
  [{ defaultLimit: -1 }, "defaultLimit must be an integer of 0 or more"],
  [{ rateLimit: { perMinutes: 1 } }, 'rateLimit: unknown option "perMinutes"; did you mean "perMinute"?'],
  [{ credentials: [{ token: "x" }] }, 'credentials: unknown option "token"; did you mean "accessToken"?'],
  [{ baseURL: "/api" }, "baseURL is not a valid URL"],
  [{ leads: [{ _id: "a" }, { _id: "a" }] }, 'leads have the _id "a" twice'],
  [{ leads: [{ _id: 1 }] }, "leads have an _id that is not a string"],
  [{ leads: [{}], now: "today" }, "now must be a date or a number of milliseconds"],
]) {
  test(`the option ${JSON.stringify(options)} is rejected`, () => {
    assert.throws(() => createTestCRM(options), { name: "ConfigurationError", message });
  });
}

for (const [fault, message] of [
  [{}, "fail needs either status or error"],
  [{ status: 503, error: "connection" }, "fail needs either status or error"],
  [{ stauts: 503 }, 'fail: unknown option "stauts"; did you mean "status"?'],
  [{ status: 199 }, "status must be an integer from 200 to 599"],
  [{ error: "dns" }, "error must be one of connection, timeout"],
  [{ status: 503, when: "during" }, "when must be one of before, after"],
  [{ status: 503, times: -1 }, "times must be an integer of 0 or more"],
  [{ status: 503, operation: "lead.create" }, "operation is not one of the client's operations"],
]) {
  test(`the fault ${JSON.stringify(fault)} is rejected`, () => {
    assert.throws(() => createTestCRM().fail(fault), { name: "ConfigurationError", message });
  });
}

test("a list from an array is read like the client's lists", async () => {
  const records = Array.from({ length: 5 }, (_, index) => ({ _id: String(index) }));
  const list = createTestList(records, { pageSize: 2 });
  const page = await list;
  assert.deepEqual(page.data, records.slice(0, 2));
  assert.deepEqual((await (await page.getNextPage()).getNextPage()).data, records.slice(4));
  assert.equal(await (await (await page.getNextPage()).getNextPage()).getNextPage(), null);
  const found = [];
  for await (const record of list) found.push(record);
  assert.deepEqual(found, records);
  assert.deepEqual(await list.toArray({ max: 3 }), records.slice(0, 3));
  const sizes = [];
  for await (const { data } of list.pages()) sizes.push(data.length);
  assert.deepEqual(sizes, [2, 2, 1]);
  assert.deepEqual((await createTestList([])).data, []);
  assert.throws(() => createTestList([], { pageSize: 0 }), { message: "pageSize must be at least 1" });
  const { client } = setup();
  assert.equal(Object.getPrototypeOf(list), Object.getPrototypeOf(client.leads.list()));
});

test("the guide's example for node:test passes, and fails if the client creates the lead twice", async (t) => {
  const guide = await readFile(new URL("../../docs/testing.md", import.meta.url), "utf8");
  const [, example] = /^## node:test\n\n```js\n([^]*?)```/m.exec(guide);
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules"));
  await symlink(fileURLToPath(packageFolder), join(folder, "node_modules", "icloud-ready"), "junction");
  const run = async (text) => {
    await writeFile(join(folder, "example.test.mjs"), text);
    // Otherwise the child reports to this test's runner.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return spawnSync(process.execPath, ["example.test.mjs"], { cwd: folder, env, encoding: "utf8", timeout: 60_000 });
  };
  const { status, stdout, stderr } = await run(example);
  assert.equal(status, 0, stdout + stderr);
  const once = "return client.leads.create";
  assert.ok(example.includes(once));
  const twice = await run(example.replace(once, `await client.leads.create(lead);\n  ${once}`));
  assert.equal(twice.status, 1, "the example can fail");
});

test("its CommonJS build works with that of the client", async () => {
  const require = createRequire(new URL("package.json", packageFolder));
  const { createTestCRM } = require("icloud-ready/testing");
  const { ICloudReady, ConfigurationError } = require("icloud-ready");
  const crm = createTestCRM();
  await new ICloudReady({ accessToken: "test", fetch: crm.fetch }).leads.create(LEAD);
  assert.equal(crm.leads.length, 1);
  assert.throws(() => crm.fail({}), ConfigurationError);
});

test("it loads neither wasm nor Node.js modules, and the main entry does not load it", async () => {
  const graph = async (url, found = new Set()) => {
    if (found.has(url)) return found;
    found.add(url);
    for (const [, specifier] of (await readFile(new URL(url), "utf8")).matchAll(/(?:from|import\(?)\s*"([^"]+)"/g)) {
      assert.match(specifier, /^\./, url);
      await graph(new URL(specifier, url).href, found);
    }
    return found;
  };
  const modules = [...(await graph(new URL("dist/testing/index.js", packageFolder).href))];
  assert.ok(modules.length > 10);
  assert.deepEqual(
    modules.filter((url) => /wasm|instance|loading|runtime/.test(url.slice(packageFolder.length))),
    [],
  );
  const main = [...(await graph(new URL("dist/index.js", packageFolder).href))];
  assert.deepEqual(
    main.filter((url) => url.includes("/dist/testing/")),
    [],
  );
});
