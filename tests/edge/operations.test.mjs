// What an administrator can do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { API_KEY, CREATE_ONLY_KEY } from "../../tools/sandbox.mjs";
import { arrived, counted, crm, submit } from "./support/crm.mjs";
import { platforms } from "./support/platforms.mjs";
import { body, postJson } from "./support/requests.mjs";

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: an operator replays a dead letter, drops another, and erases one person's lead`, async (test) => {
    const sandbox = await crm(test);
    const { leads, admin, inspect } = await open(test, sandbox.config);
    await sandbox.faults([{ method: "POST", path: "/leads", times: 3, action: { kind: "status", status: 422 } }]);
    const [replayed, dropped, erased] = await submit(leads, 3);
    await waitUntil("the refusals", async () => (await admin("leads?state=dead")).body.entries.length === 3);
    assert.equal((await inspect(replayed)).status, 422);
    assert.equal((await admin(`leads/${replayed}/release`, "POST")).status, 409);
    assert.equal((await admin(`leads/${replayed}/replay`, "POST")).status, 200);
    await arrived(sandbox, [replayed]);
    await waitUntil("the end", async () => (await inspect(replayed)).state === "delivered");
    assert.equal((await admin(`leads/${replayed}/replay`, "POST")).status, 409);
    assert.equal((await admin(`leads/${dropped}/drop`, "POST")).status, 200);
    assert.equal((await inspect(dropped)).lead, undefined);
    for (const id of [erased, replayed]) {
      assert.ok((await inspect(id)).lead);
      assert.equal((await admin(`leads/${id}/erase`, "POST")).status, 200);
      const { lead, custom, revisions, erased } = await inspect(id);
      assert.deepEqual(
        { lead, custom, revisions, erased },
        { lead: undefined, custom: undefined, revisions: [], erased: true },
      );
    }
    // The ids remain: a page that retries creates no new lead, and no personal data is stored again.
    await postJson(leads, body({ submissionId: dropped }));
    const again = await postJson(leads, body({ submissionId: erased }));
    assert.deepEqual([again.status, (await again.json()).status], [202, "conflict"]);
    const { lead, revisions } = await inspect(erased);
    assert.deepEqual({ lead, revisions }, { lead: undefined, revisions: [] });
    assert.deepEqual(await counted(sandbox), { [replayed]: 1 });
    assert.equal((await admin("leads/unknown-0001")).status, 404);
    assert.equal((await admin("leads/unknown-0001/erase", "POST")).status, 404);
    assert.equal((await admin(`leads/${replayed}/erase`)).status, 405);
    assert.equal((await admin(`leads/${replayed}/explode`, "POST")).status, 404);
    for (const query of ["state=nonsense", "after=nonsense", "after=-1", "after=", "after=1e9", "limit=0"]) {
      assert.equal((await admin(`leads?${query}`)).status, 400, query);
    }
  });

  test(`${name}: a lead erased while it is being sent is erased with its response`, async (test) => {
    const sandbox = await crm(test);
    const { leads, admin, inspect } = await open(test, sandbox.config);
    await sandbox.faults([{ method: "POST", path: "/leads", action: { kind: "delay", ms: 1_000 } }]);
    const [id] = await submit(leads, 1);
    await waitUntil("the sending", async () => (await inspect(id)).state !== "pending");
    assert.equal((await admin(`leads/${id}/erase`, "POST")).status, 200);
    await waitUntil("the response", async () => (await inspect(id)).state === "delivered");
    const { lead, custom, erased } = await inspect(id);
    assert.deepEqual({ lead, custom, erased }, { lead: undefined, custom: undefined, erased: true });
    assert.deepEqual(await counted(sandbox), { [id]: 1 });
  });

  test(`${name}: the list of leads is paginated`, async (test) => {
    const { leads, admin } = await open(test, {
      challenge: { provider: "turnstile", secret: "a-secret", mode: "hold" },
    });
    const ids = await submit(leads, 7);
    const listed = [];
    let after = "";
    do {
      const { entries, next } = (
        await admin(`leads?limit=3&state=held${after && `&after=${encodeURIComponent(after)}`}`)
      ).body;
      listed.push(...entries.map(({ submissionId }) => submissionId));
      after = next;
    } while (after);
    assert.deepEqual(listed.sort(), ids);
    assert.equal((await admin(`leads/${ids[0]}/release`, "POST")).status, 200);
  });

  test(`${name}: the probe reports the key's permissions and which search finds a lead`, async (test) => {
    const sandbox = await crm(test);
    const { admin } = await open(test, { ...sandbox.config });
    const switches = { searchFields: ["_all"], searchLagMs: 0, commitLagMs: 0, projection: null };
    for (const [changed, finds, ambiguous = "reconcile"] of [
      [{}, "id"],
      [{ searchFields: ["customField"] }, "id"],
      [{ searchFields: ["leadInformation.phone"] }, "phone"],
      [{ searchFields: ["leadInformation.firstName"] }, "recent"],
      [{ searchFields: [] }, "recent"],
      // A search that returns every lead for any query does not count as a search.
      [{ searchFields: null }, "recent"],
      [{ searchLagMs: 150 }, "id"],
      [{ searchLagMs: 3_600_000 }, "recent"],
      [{ projection: ["leadNumber"] }, "id"],
      [{ searchFields: [], commitLagMs: 3_600_000 }, "none", "hold"],
    ]) {
      await sandbox.switches({ ...switches, ...changed });
      const { status, body: report } = await admin("probe", "POST");
      assert.equal(status, 200);
      const { canCreate, canRead, lagMs, configuration } = report;
      const logged = JSON.stringify([changed, report]);
      assert.deepEqual({ canCreate, canRead, finds: report.finds }, { canCreate: true, canRead: true, finds }, logged);
      assert.equal(configuration.ambiguous, ambiguous, logged);
      if (lagMs !== null)
        assert.ok(configuration.reconcileDelays[0] >= 2 * lagMs && configuration.reconcileDelays[0] >= 200, logged);
    }
    const marked = (await sandbox.leads()).map(({ customField }) => JSON.parse(customField));
    assert.ok(
      marked.every(({ submissionId, marks }) => /^probe-[0-9a-f]{32}$/.test(submissionId) && marks.join() === "probe"),
    );
    await sandbox.faults([{ path: "/leads", action: { kind: "cut", when: "before" } }]);
    const { status, body } = await admin("probe", "POST");
    assert.deepEqual([status, body.error.code], [502, "no_answer"]);
    await sandbox.faults([]);
    const limited = await open(test, { ...sandbox.config, crm: { ...sandbox.config.crm, apiKey: CREATE_ONLY_KEY } });
    const { canCreate, canRead, finds } = (await limited.admin("probe", "POST")).body;
    assert.deepEqual({ canCreate, canRead, finds }, { canCreate: true, canRead: false, finds: null });
    assert.notEqual(API_KEY, CREATE_ONLY_KEY);
  });
}
