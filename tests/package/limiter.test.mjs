// The limiter: what it permits, who shares it, and the effect of a 429. Its hourly windows are tested in Rust with a
// fake clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";
import { ACCESS_TOKEN, startSandbox } from "../../tools/sandbox.mjs";

const tight = (perMinute, more) => ({ rateLimit: { perMinute, perHour: 1_000 }, maxQueueWait: 40, ...more });

test("calls within the limit are sent at once, the next one waits", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder, tight(5));
  await Promise.all(Array.from({ length: 5 }, () => crm.leads.retrieve("1")));
  const error = await failure(crm.leads.retrieve("1"), "TimeoutError");
  assert.deepEqual([error.code, error.attempts, error.ambiguous], ["queue_timeout", 0, false]);
  assert.equal(recorder.requests.length, 5);
});

test("the hourly limit works like the per-minute limit", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder, { rateLimit: { perMinute: 100, perHour: 3 }, maxQueueWait: 40 });
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => crm.leads.retrieve("1")));
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected", "rejected"],
    "in order",
  );
  assert.equal(recorder.requests.length, 3);
});

test("derived clients, request, lists, retries and lookups share one limiter", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, ({ method }) => (method === "POST" ? { status: 500 } : { body: [] }));
  const crm = client(recorder, tight(6, { reconcileDelays: [1] }));
  await crm.request({ method: "GET", path: "/x" });
  await crm.withOptions({ timeout: 5_000 }).leads.list();
  await failure(crm.leads.create(LEAD, { submissionId: "submission-1", maxRetries: 0 }));
  // One, one, and a send with its three lookups.
  assert.equal(recorder.requests.length, 6);
  await failure(crm.leads.list(), "TimeoutError");
  await failure(crm.withOptions({ maxRetries: 0 }).leads.list(), "TimeoutError");
});

test("another credential, base URL or rateLimit has its own limiter", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder, tight(1));
  await crm.leads.retrieve("1");
  for (const options of [
    { accessToken: "other" },
    { baseURL: `${recorder.url}/x` },
    { rateLimit: { perMinute: 1 } },
    { rateLimit: false },
  ]) {
    await crm.withOptions(options).leads.retrieve("1");
  }
  await failure(crm.leads.retrieve("1"), "TimeoutError");
  assert.equal(recorder.requests.length, 5);
});

test("an aborted waiter leaves no gap, and the order is kept", async (t) => {
  // A 429 closes it for a second: waiting calls are sent in order when it opens.
  const recorder = await record(t, (request, index) =>
    index ? { body: { _id: "1" } } : { status: 429, headers: { "retry-after": "1" } },
  );
  const sent = [];
  // In the order of sending: across connections the order of arrival differs.
  const crm = client(recorder, {
    rateLimit: { perMinute: 100, perHour: 100 },
    fetch: (url, init) => (sent.push(url.at(-1)), fetch(url, init)),
  });
  await failure(crm.leads.retrieve("first", { maxRetries: 0 }), "RateLimitError");
  const controller = new AbortController();
  const calls = ["a", "b", "c", "d"].map((id) =>
    crm.leads.retrieve(id, id === "b" ? { signal: controller.signal } : undefined),
  );
  controller.abort();
  await failure(calls[1], "AbortError");
  await Promise.all([calls[0], calls[2], calls[3]]);
  assert.deepEqual(sent, ["t", "a", "c", "d"]);
});

test("a 429 closes the limiter for all calls until its Retry-After", async (t) => {
  const recorder = await record(t, (request, index) =>
    index ? { body: { _id: "1" } } : { status: 429, headers: { "retry-after": "50" } },
  );
  const crm = client(recorder, { rateLimit: {}, maxQueueWait: 20 });
  await failure(crm.leads.retrieve("1", { maxRetries: 0 }), "RateLimitError");
  assert.equal((await failure(crm.withOptions({}).leads.retrieve("1"), "TimeoutError")).code, "queue_timeout");
  assert.equal(recorder.requests.length, 1);
});

test("if the limiter is closed for more than a minute, calls fail at once", async (t) => {
  const recorder = await record(t, { status: 429, headers: { "retry-after": "120" } });
  const crm = client(recorder, { rateLimit: {} });
  await failure(crm.leads.retrieve("1"), "RateLimitError");
  const error = await failure(crm.leads.create(LEAD), "RateLimitError");
  assert.deepEqual([error.attempts, error.status, error.ambiguous, error.code], [0, undefined, false, "rate_limit"]);
  assert.ok(error.retryAfterMs > 60_000 && error.retryAfterMs <= 120_000);
  assert.equal(recorder.requests.length, 1);
});

test("with rateLimit: false, a 429 affects only its own call", async (t) => {
  const recorder = await record(t, (request, index) =>
    index ? { body: { _id: "1" } } : { status: 429, headers: { "retry-after": "120" } },
  );
  const crm = client(recorder, { rateLimit: false });
  await failure(crm.leads.retrieve("1"), "RateLimitError");
  await crm.leads.retrieve("1");
});

test("against a CRM with scaled limits: no 429", { timeout: 120_000 }, async (t) => {
  const sandbox = await startSandbox(t, { limits: { perMinute: 30, perHour: 10_000, minuteMs: 60_000 } });
  const crm = client(sandbox, {
    accessToken: ACCESS_TOKEN,
    rateLimit: { perMinute: 30, perHour: 10_000 },
    maxQueueWait: 100,
    maxRetries: 0,
  });
  const results = await Promise.allSettled(Array.from({ length: 60 }, () => crm.leads.create(LEAD)));
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 30);
  assert.ok((await sandbox.requests()).every(({ status }) => status !== 429));
  // Control: without the limiter the CRM responds with 429.
  await failure(client(sandbox, { accessToken: ACCESS_TOKEN, maxRetries: 0 }).leads.create(LEAD), "RateLimitError");
});
