// The alarm is lost: nothing is sent any more, until the cron comes by.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { arrived, crm, submit } from "./support/crm.mjs";
import { CONFIG } from "./support/doors.mjs";
import { PACKAGE } from "./support/places.mjs";
import { forwarderOptions, startWorker } from "./support/workerd.mjs";

const { openFile } = await import(join(PACKAGE, "dist/forwarder/sqlite.js"));

test("workerd: a cron wakes an outbox whose alarm is lost", async (test) => {
  const sandbox = await crm(test);
  const persist = await mkdtemp(join(tmpdir(), "icloud-ready-cron-"));
  const options = await forwarderOptions({ ...CONFIG, ...sandbox.config }, { persist });
  await sandbox.faults([{ path: "/leads", action: { kind: "status", status: 401 } }]);
  const first = await startWorker(options);
  const ids = await submit(`${first.url}/leads`, 3);
  await first.close();
  // Where workerd keeps the alarms of a class.
  const alarms = await openFile(join(persist, "-LeadOutbox/metadata.sqlite"));
  assert.equal(alarms.exec("DELETE FROM _cf_ALARM RETURNING actor_id", []).length, 1);
  alarms.close();
  await sandbox.faults([]);
  await sandbox.forget();

  const { miniflare, close } = await startWorker(options);
  test.after(async () => {
    await close();
    await rm(persist, { recursive: true, maxRetries: 5 });
  });
  await pause(1_000);
  assert.deepEqual(await sandbox.requests(), []);
  const worker = await miniflare.getWorker();
  assert.equal((await worker.scheduled({ cron: "*/5 * * * *" })).outcome, "ok");
  await arrived(sandbox, ids);
});
