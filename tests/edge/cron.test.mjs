// The alarm is lost: nothing is sent until the cron trigger runs.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { arrived, crm, submit } from "./support/crm.mjs";
import { CONFIG } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { forwarderOptions, startWorker } from "../../tools/workerd.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));

// What remains in the object's own storage, from which it assumes that the alarm is set: nothing, or a time long ago.
const LEFT = {
  "as if it had never been set": "DELETE FROM _cf_METADATA",
  "though its time is still known": "UPDATE _cf_METADATA SET value = value - 3600000000000",
};

for (const [how, sql] of Object.entries(LEFT)) {
  test(`workerd: a cron trigger wakes an outbox whose alarm is lost, ${how}`, async (test) => {
    const sandbox = await crm(test);
    const persist = await mkdtemp(join(tmpdir(), "icloud-ready-cron-"));
    const options = await forwarderOptions({ ...CONFIG, ...sandbox.config }, { persist });
    await sandbox.faults([{ path: "/leads", action: { kind: "status", status: 401 } }]);
    const first = await startWorker(options);
    const ids = await submit(`${first.url}/leads`, 3).finally(first.close);
    // Where workerd stores the alarms of a class, and what each object stores about its own.
    const change = async (file, sql) => {
      const store = await openFile(join(persist, "-LeadOutbox", `${file}.sqlite`));
      const rows = store.exec(`${sql} RETURNING *`, []);
      store.close();
      assert.equal(rows.length, 1);
      return rows[0][0];
    };
    await change(await change("metadata", "DELETE FROM _cf_ALARM"), sql);
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
}
