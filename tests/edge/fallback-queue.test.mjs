// The Durable Object is unavailable: a Queue stores the leads, and its consumer enqueues them in the outbox.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { arrived, crm } from "./support/crm.mjs";
import { CONFIG, inMemory, adminClient } from "./support/platforms.mjs";
import { body, FORM, ORIGIN, postForm, postJson, reach } from "./support/requests.mjs";
import { forwarderOptions, startWorker } from "../../tools/workerd.mjs";

const SOCKET = [{ host: "127.0.0.1", port: 0 }];

/** Two Workers with one script: pages send to one without an outbox, the other has the outbox. */
async function parted(test, config, { queue }) {
  const { modules, compatibilityDate, bindings, durableObjects, ...rest } = await forwarderOptions({
    ...CONFIG,
    clientAddress: "cf-connecting-ip",
    ...config,
  });
  const shared = { modules, compatibilityDate, bindings, unsafeDirectSockets: SOCKET };
  const { miniflare, close } = await startWorker({
    ...rest,
    workers: [
      { name: "front", ...shared, ...(queue ? { queueProducers: { LEAD_QUEUE: "lead-queue" } } : {}) },
      {
        name: "behind",
        ...shared,
        durableObjects,
        queueConsumers: { "lead-queue": { maxBatchTimeout: 1, maxRetries: 100 } },
      },
    ],
  });
  test.after(close);
  const [front, behind] = await Promise.all(["front", "behind"].map((name) => miniflare.unsafeGetDirectURL(name)));
  return { front: `${front.origin}/leads`, behind: adminClient(behind.origin, {}) };
}

test("the fallback queue stores leads that the outbox cannot, and each lead is stored once", async (test) => {
  const sandbox = await crm(test);
  const { front, behind } = await parted(test, sandbox.config, { queue: true });
  const sent = body();
  for (let time = 0; time < 2; time++) {
    const response = await postJson(front, sent);
    assert.equal(response.status, 202);
    assert.deepEqual(await response.json(), { submissionId: sent.submissionId, status: "accepted" });
    assert.equal((await postForm(front, FORM)).status, 303);
  }
  await waitUntil(
    "both leads",
    async () => (await behind.list()).filter(({ state }) => state === "delivered").length === 2,
  );
  // All four messages were consumed, and two of them were duplicates.
  const metrics = async () =>
    (await reach(`${behind.url}/admin/metrics`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } })).text();
  await waitUntil("the repeats", async () => /^icloud_ready_leads_duplicate_total 2$/m.test(await metrics()));
  await arrived(
    sandbox,
    (await behind.list()).map(({ submissionId }) => submissionId),
  );
  assert.equal((await sandbox.leads()).length, 2);
});

test("a queue message of an earlier version is stored too", async (test) => {
  const { forwarder, outbox } = await inMemory(test);
  const lead = {
    submissionId: "queued-lead-0001",
    origin: ORIGIN,
    form: false,
    canonical: "{}",
    lead: "{}",
    custom: "{}",
    marks: [],
    hold: false,
    at: Date.now(),
  };
  let acknowledged = 0;
  const message = (body) => ({ body, ack: () => acknowledged++, retry: () => assert.fail("it was not acknowledged") });
  await forwarder.queue({
    messages: [
      message({ outbox: "default", arrival: lead }),
      message({ outbox: "default", enqueue: { ...lead, submissionId: "queued-lead-0002" } }),
    ],
  });
  assert.equal(acknowledged, 2);
  assert.deepEqual([...outbox.entries.keys()], ["queued-lead-0001", "queued-lead-0002"]);
});

test("without a queue the page may retry", async (test) => {
  const { front, behind } = await parted(test, {}, { queue: false });
  for (const response of [await postJson(front), await postForm(front, FORM)]) {
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "5");
    assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
  }
  assert.equal((await reach(`${new URL(front).origin}/health`)).status, 503);
  assert.equal(await behind.count(), 0);
});
