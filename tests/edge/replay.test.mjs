// Leads that the CRM rejects, and the call that sends them again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { arrived, crm, submit } from "./support/crm.mjs";
import { CONFIG, platforms } from "./support/platforms.mjs";
import { reach } from "./support/requests.mjs";

const RIGHT = { authorization: `Bearer ${CONFIG.adminToken}` };

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: one call replays all rejected leads`, async (test) => {
    const sandbox = await crm(test);
    const { url, leads, list, admin } = await open(test, sandbox.config);
    await sandbox.faults([{ path: "/leads", method: "POST", action: { kind: "status", status: 422 } }]);
    const ids = await submit(leads, 2);
    await waitUntil("two dead leads", async () => (await list("&state=dead")).length === 2);
    for (const [query, status] of [
      ["", 400],
      ["reason=Refused!", 400],
      ["reason=refused&from=yesterday", 400],
      ["reason=challenge", 200],
    ]) {
      const response = await reach(`${url}/admin/leads/replay?${query}`, { method: "POST", headers: RIGHT });
      assert.equal(response.status, status, query);
      if (status === 200) assert.deepEqual(await response.json(), { done: "replay", count: 0 });
    }
    const wrong = await reach(`${url}/admin/leads/replay?reason=refused`, { headers: RIGHT });
    assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "POST"]);
    await sandbox.faults([]);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    assert.deepEqual((await admin(`leads/replay?reason=refused&to=${since}`, "POST")).body, {
      done: "replay",
      count: 0,
    });
    assert.deepEqual((await admin(`leads/replay?reason=refused&from=${since}`, "POST")).body, {
      done: "replay",
      count: 2,
    });
    await arrived(sandbox, ids);
  });
}
