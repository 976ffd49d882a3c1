// Leads that arrive at the same time are stored in one transaction; a malformed one does not affect the others.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CONFIG } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";

const part = (path) => import(join(packageFolder, path));

/** An outbox over a file, whose store `changed` wraps. */
async function open(test, changed) {
  await part("runtime/forwarder/node.js");
  const [{ Outbox }, { openFile }] = [
    await part("dist/forwarder/outbox/outbox.js"),
    await part("dist/forwarder/platforms/sqlite.js"),
  ];
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-together-"));
  const file = await openFile(join(folder, "outbox.sqlite"));
  test.after(async () => {
    outbox.stop();
    file.close();
    await rm(folder, { recursive: true });
  });
  const settings = {
    retention: { delivered: 7, dead: 90, ids: 90 },
    ambiguous: "reconcile",
    reconcileDelays: [15_000, 30_000],
  };
  const outbox = new Outbox({ store: { ...file, ...changed(file) }, crm: CONFIG.crm, settings, wake: () => {} });
  const put = (submissionId) =>
    outbox.call(
      "enqueue",
      JSON.stringify({
        submissionId,
        origin: "https://a.example",
        form: false,
        canonical: "{}",
        lead: "{}",
        custom: "{}",
        marks: [],
        hold: false,
      }),
    );
  // From here on the first request does not wait.
  await put("first-lead");
  await new Promise(setImmediate);
  return { put, count: () => file.exec("SELECT COUNT(*) FROM leads", [])[0][0] };
}

const ids = Array.from({ length: 20 }, (_, index) => `together-${index}`);

test("leads that arrive at the same time share a transaction", async (test) => {
  let transactions = 0;
  const { put, count } = await open(test, (file) => ({
    transaction(steps) {
      transactions++;
      return file.transaction(steps);
    },
  }));
  transactions = 0;
  const responses = await Promise.allSettled([...ids.slice(0, 10), "none", ...ids.slice(10)].map(put));
  const none = responses.splice(10, 1)[0];
  assert.equal(none.reason?.message, "malformed");
  assert.deepEqual(
    responses.map(({ value }) => JSON.parse(value)),
    ids.map((submissionId) => ({ outcome: "accepted", submissionId, isNew: true })),
  );
  // The first one did not wait.
  assert.equal(transactions, 2);
  assert.equal(count(), 21);
});

test("if the transaction fails, none of its leads is acknowledged or stored until it is retried", async (test) => {
  let isFull = true;
  const { put, count } = await open(test, ({ exec }) => ({
    exec(sql, params) {
      if (isFull && params[0] === ids[15]) throw new Error("the disk is full");
      return exec(sql, params);
    },
  }));
  const responses = await Promise.allSettled(ids.map(put));
  assert.deepEqual(
    responses.map(({ status }) => status),
    ["fulfilled", ...Array(19).fill("rejected")],
  );
  assert.equal(count(), 2);
  isFull = false;
  await Promise.all(ids.map(put));
  assert.equal(count(), 21);
});
