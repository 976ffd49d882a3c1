// The key is rotated, may only create, or is revoked: no lead is lost, and only the key needs to be fixed.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { API_KEY, CREATE_ONLY_KEY, ORGANIZATION } from "../../tools/sandbox.mjs";
import { arrived, counted, crm, submit } from "./support/crm.mjs";
import { CONFIG, platforms, workerd } from "./support/platforms.mjs";
import { forwarderOptions, startWorker } from "../../tools/workerd.mjs";

const ROTATED = { kind: "apiKey", token: "rotated-key", role: "full", organizationId: ORGANIZATION };

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: a revoked key pauses the outbox, which resumes when the key works again`, async (test) => {
    const sandbox = await crm(test);
    const { leads, admin } = await open(test, sandbox.config);
    await sandbox.tokens({ revoke: [API_KEY] });
    const ids = await submit(leads, 20);
    await waitUntil("the pause", async () => (await admin("../health")).body.paused);
    const { pauseReason, backlog } = (await admin("../health")).body;
    assert.equal(typeof pauseReason, "string");
    assert.equal(backlog, 20);
    assert.deepEqual((await admin("leads?state=dead")).body.entries, []);
    await sandbox.tokens({ add: [{ kind: "apiKey", token: API_KEY, role: "full", organizationId: ORGANIZATION }] });
    await arrived(sandbox, ids);
    assert.equal((await admin("../health")).body.paused, false);
  });

  test(`${name}: with a create-only key, unconfirmed leads are held and the others are sent`, async (test) => {
    const sandbox = await crm(test, { key: CREATE_ONLY_KEY });
    const { leads, admin, list } = await open(test, sandbox.config);
    await sandbox.faults([
      { method: "POST", path: "/leads", skip: 3, times: 4, action: { kind: "cut", when: "after" } },
    ]);
    const ids = await submit(leads, 30);
    // Lookups of unconfirmed leads follow a while after the others are delivered.
    const states = async () => (await list()).map(({ state }) => state);
    await waitUntil("the end", async () =>
      (await states()).every((state) => state === "delivered" || state === "held"),
    );
    assert.equal((await states()).filter((state) => state === "held").length, 4);
    const { reconcile, paused } = (await admin("../health")).body;
    assert.deepEqual({ reconcile, paused }, { reconcile: "unavailable", paused: false });
    // The CRM has them: resending would have created duplicates.
    const counts = await counted(sandbox);
    assert.deepEqual(
      ids.map((id) => counts[id]),
      Array(30).fill(1),
    );
  });

  test(`${name}: rotating the key while 100 leads are queued delivers all of them`, async (test) => {
    const sandbox = await crm(test);
    let key = API_KEY;
    const { leads, admin } = await open(test, sandbox.config, { key: () => key });
    const health = async () => (await admin("../health")).body;
    await sandbox.tokens({ revoke: [API_KEY] });
    const ids = await submit(leads, 100);
    await waitUntil("the pause", async () => (await health()).paused);
    assert.equal((await health()).backlog, 100);
    await sandbox.tokens({ add: [ROTATED] });
    key = ROTATED.token;
    await arrived(sandbox, ids);
    await waitUntil("the end", async () => (await health()).backlog === 0);
    assert.equal((await health()).paused, false);
  });
}

test("workerd: a new deployment with another key sends 100 queued leads", async (test) => {
  const sandbox = await crm(test);
  const persist = await mkdtemp(join(tmpdir(), "icloud-ready-keys-"));
  await sandbox.tokens({ revoke: [API_KEY], add: [ROTATED] });
  const first = await startWorker(await forwarderOptions({ ...CONFIG, ...sandbox.config }, { persist }));
  const ids = await submit(`${first.url}/leads`, 100).finally(first.close);
  const { crm: options } = sandbox.config;
  await workerd(test, { ...sandbox.config, crm: { ...options, apiKey: ROTATED.token } }, { persist });
  test.after(() => rm(persist, { recursive: true, maxRetries: 5 }));
  await arrived(sandbox, ids);
});
