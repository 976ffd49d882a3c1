// `fetchOptions`: what a runtime's `fetch` knows in addition.
import assert from "node:assert/strict";
import { test } from "node:test";
import { entry, icloudReady } from "./support/package.mjs";

const { ICloudReady } = icloudReady;
const { createTestCRM } = await import(entry("testing"));
const LEAD = { leadInformation: { firstName: "Ahmed", phone: "+201001234567" } };
const DISPATCHER = { dispatch: () => {} };
const STORING = { cache: "force-cache", next: { revalidate: 60 }, cf: { cacheTtl: 60 } };

/** A client, and the options that its `fetch` receives. */
function start(fetchOptions, options) {
  const crm = createTestCRM({ leads: [{ leadSource: "website", customField: "submission-0" }] });
  const sent = [];
  const fetch = (url, init) => {
    const { dispatcher, cache, next, cf } = init;
    sent.push([init.method, dispatcher, cache, next, cf]);
    return crm.fetch(url, init);
  };
  return { crm, sent, client: new ICloudReady({ accessToken: "t", fetch, fetchOptions, ...options }) };
}

test("fetchOptions reach fetch, and those that store responses only for reads", async () => {
  const { client, sent } = start({ dispatcher: DISPATCHER, ...STORING });
  await client.leads.list({ limit: 1 });
  await client.leads.create(LEAD);
  await client.withOptions({ timeout: 1_000 }).request({ method: "GET", path: "/leads" });
  const { cache: readCache, next, cf } = STORING;
  assert.deepEqual(sent, [
    ["GET", DISPATCHER, readCache, next, cf],
    ["POST", DISPATCHER, "no-store", undefined, undefined],
    ["GET", DISPATCHER, readCache, next, cf],
  ]);
});

test("lookups are never read from a cache", async () => {
  const { client, crm, sent } = start(STORING, { reconcileDelays: [0] });
  crm.fail({ error: "connection", when: "after", operation: "leads.create" });
  await client.leads.create(LEAD, { submissionId: "submission-1" });
  assert.deepEqual([...new Set(sent.map(([method]) => method))], ["POST", "GET"]);
  for (const [, , cache, next, cf] of sent) assert.deepEqual([cache, next, cf], ["no-store", undefined, undefined]);
});

test("options that the client sets itself are refused", () => {
  for (const name of ["method", "headers", "body", "signal", "redirect", "credentials"])
    assert.throws(() => start({ [name]: "x" }), new RegExp(`fetchOptions must be an object without ${name}`));
  assert.throws(() => start("x"), /fetchOptions must be an object/);
});

test("a list has catch and finally", async () => {
  const { client, crm, sent } = start();
  crm.fail({ status: 403 });
  assert.equal(await client.leads.list().catch(({ status }) => status), 403);
  const calls = [];
  const page = await client.leads.list().finally(() => calls.push("done"));
  assert.deepEqual([page.data.length, calls, sent.length], [1, ["done"], 2]);
});
