// Faults that were found in other SDKs, by name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { waitUntil } from "../../tools/wait.mjs";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

test("openai, cloudflare, octokit: a failed POST is retried without an idempotency key", async (t) => {
  const recorder = await record(t);
  for (const script of [{ status: 500 }, { status: 503 }, { cut: true }]) {
    recorder.clear();
    recorder.script = script;
    await failure(client(recorder).leads.create(LEAD));
    assert.equal(recorder.requests.length, 1);
  }
});

test("cloudflare, ky: the client sleeps through a Retry-After of an hour", async (t) => {
  const hour = [{ "retry-after": "3600" }, { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() }];
  for (const headers of hour) {
    for (const status of [429, 503]) {
      const recorder = await record(t, { status, headers });
      const error = await failure(client(recorder).leads.retrieve("1"));
      assert.equal(error.status, status);
      assert.equal(recorder.requests.length, 1);
    }
  }
});

test("cloudflare: the timeout does not cover the body", async (t) => {
  const recorder = await record(t, { hang: "body", body: { a: "b".repeat(100) } });
  const error = await failure(client(recorder, { maxRetries: 0, timeout: 150 }).leads.retrieve("1"), "TimeoutError");
  assert.equal(error.code, "timeout");
  await waitUntil("the end of the connection", () => recorder.closed.length === recorder.requests.length);
});

test("octokit, cloudflare: an abort during back-off is ignored", { timeout: 10_000 }, async (t) => {
  t.mock.method(Math, "random", () => 0.999);
  const recorder = await record(t, { status: 503, headers: { "retry-after": "20" } });
  const controller = new AbortController();
  const crm = client(recorder, { onRetry: () => setImmediate(() => controller.abort("enough")) });
  const error = await failure(crm.leads.retrieve("1", { signal: controller.signal }), "AbortError");
  assert.equal(error.cause, "enough");
  assert.equal(recorder.requests.length, 1);
});

test("stripe: a 503 without an `error` key is returned as data", async (t) => {
  const recorder = await record(t, { status: 503, body: { _id: "1", looks: "like a lead" } });
  await failure(client(recorder, { maxRetries: 0 }).leads.retrieve("1"), "ServerError");
});

test("hubspot: a 200 where 201 is documented is rejected", async (t) => {
  const recorder = await record(t);
  for (const status of [200, 201, 202]) {
    recorder.script = { status, body: { _id: "1" } };
    assert.equal((await client(recorder).leads.create(LEAD))._id, "1");
  }
});

test("five of eight, and ky in its error: the key is visible when logged", async (t) => {
  const recorder = await record(t, { status: 403 });
  const crm = client(recorder, { accessToken: "very-secret" });
  const error = await failure(crm.leads.retrieve("1"));
  for (const value of [crm, error]) {
    for (const text of [inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value), String(value)])
      assert.ok(!text.includes("very-secret"));
  }
});
