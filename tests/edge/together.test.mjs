// Leads that come together are stored in one transaction; one that is none spoils it for nobody.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CONFIG } from "./support/doors.mjs";
import { PACKAGE } from "./support/places.mjs";

const part = (path) => import(join(PACKAGE, path));

test("leads that come together share a transaction", async (test) => {
  await part("runtime/forwarder/node.js");
  const [{ Outbox }, { openFile }] = [await part("dist/forwarder/outbox.js"), await part("dist/forwarder/sqlite.js")];
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-together-"));
  const file = await openFile(join(folder, "outbox.sqlite"));
  test.after(async () => {
    file.close();
    await rm(folder, { recursive: true });
  });
  let transactions = 0;
  const transaction = (steps) => {
    transactions++;
    return file.transaction(steps);
  };
  const settings = { retention: { done: 7, dead: 90, ids: 90 }, ambiguous: "reconcile", settle: [15_000, 30_000] };
  const outbox = new Outbox({ store: { exec: file.exec, transaction }, crm: CONFIG.crm, settings, wake: () => {} });
  const put = (submissionId) =>
    outbox.ask("put", JSON.stringify({ submissionId, origin: "https://a.example", form: false, canonical: "{}", lead: "{}", custom: "{}", marks: [], hold: false }));
  await put("first-lead");
  await new Promise(setImmediate);
  transactions = 0;
  const ids = Array.from({ length: 20 }, (_, index) => `together-${index}`);
  const answers = await Promise.allSettled([...ids.slice(0, 10), "none", ...ids.slice(10)].map(put));
  const none = answers.splice(10, 1)[0];
  assert.equal(none.reason?.message, "malformed");
  assert.deepEqual(answers.map(({ value }) => JSON.parse(value)), ids.map((submissionId) => ({ verdict: "accepted", submissionId })));
  // The one that came first did not wait.
  assert.equal(transactions, 2);
  assert.equal(file.exec("SELECT COUNT(*) FROM leads", [])[0][0], 21);
});
