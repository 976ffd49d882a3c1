// The key is rotated, may only create, is revoked: no lead is lost, and nothing need be done but mend it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { API_KEY, CREATE_ONLY_KEY, ORGANIZATION } from "../package/support/sandbox.mjs";
import { arrived, counted, crm, eventually, submit } from "./support/crm.mjs";
import { doors, node } from "./support/doors.mjs";

for (const [name, open] of doors.filter(([name]) => name !== "double")) {
  test(`${name}: a revoked key parks the outbox; it resumes by itself when the key is good again`, async (test) => {
    const sandbox = await crm(test);
    const { leads, admin } = await open(test, sandbox.config);
    await sandbox.tokens({ revoke: [API_KEY] });
    const ids = await submit(leads, 20);
    await eventually(async () => (await admin("../health")).body.parked, "the parking");
    const { parked, backlog } = (await admin("../health")).body;
    assert.equal(typeof parked, "string");
    assert.equal(backlog, 20);
    assert.deepEqual((await admin("leads?state=dead")).body.entries, []);
    await sandbox.tokens({ add: [{ kind: "apiKey", token: API_KEY, role: "full", organizationId: ORGANIZATION }] });
    await arrived(sandbox, ids);
    assert.equal((await admin("../health")).body.parked, false);
  });

  test(`${name}: with a key that may only create, what the CRM may have is held and the rest goes on`, async (test) => {
    const sandbox = await crm(test, { key: CREATE_ONLY_KEY });
    const { leads, admin } = await open(test, sandbox.config);
    await sandbox.faults([{ method: "POST", path: "/leads", skip: 3, times: 4, action: { kind: "cut", when: "after" } }]);
    const ids = await submit(leads, 30);
    await eventually(async () => (await admin("leads?state=done&limit=200")).body.entries.length === 26, "the others");
    const held = (await admin("leads?state=held")).body.entries;
    assert.equal(held.length, 4);
    const { reconcile, parked } = (await admin("../health")).body;
    assert.deepEqual({ reconcile, parked }, { reconcile: "unavailable", parked: false });
    // The CRM has them all the same: sending them again would have doubled them.
    const counts = await counted(sandbox);
    assert.deepEqual(ids.map((id) => counts[id]), Array(30).fill(1));
  });
}

test("node: a key is rotated while 100 leads wait: all of them arrive", async (test) => {
  const sandbox = await crm(test);
  let key = API_KEY;
  const alerts = [];
  const { leads, admin } = await node(test, { ...sandbox.config, crm: { ...sandbox.config.crm, apiKey: () => key }, onAlert: (alert) => alerts.push(alert) });
  await sandbox.tokens({ revoke: [API_KEY] });
  const ids = await submit(leads, 100);
  await eventually(async () => (await admin("../health")).body.parked, "the parking");
  assert.equal(alerts[0].kind, "parked");
  await sandbox.tokens({ add: [{ kind: "apiKey", token: "rotated-key", role: "full", organizationId: ORGANIZATION }] });
  key = "rotated-key";
  await arrived(sandbox, ids);
  assert.deepEqual([(await admin("../health")).body.backlog, alerts.at(-1).kind], [0, "resumed"]);
});
