// What an administrator does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { API_KEY, CREATE_ONLY_KEY } from "../package/support/sandbox.mjs";
import { arrived, counted, crm, eventually, submit } from "./support/crm.mjs";
import { doors } from "./support/doors.mjs";
import { body, postJson } from "./support/requests.mjs";

for (const [name, open] of doors.filter(([name]) => name !== "double")) {
  test(`${name}: a dead letter is replayed, another dropped, one person's lead erased`, async (test) => {
    const sandbox = await crm(test);
    const { leads, admin, inspect } = await open(test, sandbox.config);
    await sandbox.faults([{ method: "POST", path: "/leads", times: 3, action: { kind: "status", status: 422 } }]);
    const [replayed, dropped, erased] = await submit(leads, 3);
    await eventually(async () => (await admin("leads?state=dead")).body.entries.length === 3, "the refusals");
    assert.equal((await inspect(replayed)).status, 422);
    assert.equal((await admin(`leads/${replayed}/release`, "POST")).status, 409);
    assert.equal((await admin(`leads/${replayed}/replay`, "POST")).status, 200);
    await arrived(sandbox, [replayed]);
    await eventually(async () => (await inspect(replayed)).state === "done", "the end");
    assert.equal((await admin(`leads/${replayed}/replay`, "POST")).status, 409);
    assert.equal((await admin(`leads/${dropped}/drop`, "POST")).status, 200);
    assert.equal((await inspect(dropped)).lead, undefined);
    for (const id of [erased, replayed]) {
      assert.ok((await inspect(id)).lead);
      assert.equal((await admin(`leads/${id}/erase`, "POST")).status, 200);
      const { lead, custom, revisions, erased } = await inspect(id);
      assert.deepEqual({ lead, custom, revisions, erased }, { lead: undefined, custom: undefined, revisions: [], erased: true });
    }
    // The id stays: a page that comes again makes no new lead.
    await postJson(leads, body({ submissionId: dropped }));
    assert.deepEqual(await counted(sandbox), { [replayed]: 1 });
    assert.equal((await admin("leads/unknown-0001")).status, 404);
    assert.equal((await admin("leads/unknown-0001/erase", "POST")).status, 404);
    assert.equal((await admin(`leads/${replayed}/erase`)).status, 405);
    assert.equal((await admin(`leads/${replayed}/explode`, "POST")).status, 404);
    assert.equal((await admin("leads?state=nonsense")).status, 404);
  });

  test(`${name}: the list goes page by page`, async (test) => {
    const { leads, admin } = await open(test, { challenge: { provider: "turnstile", secret: "a-secret", mode: "hold" } });
    const ids = await submit(leads, 7);
    const seen = [];
    let after = "";
    do {
      const { entries, next } = (await admin(`leads?limit=3&state=held${after && `&after=${encodeURIComponent(after)}`}`)).body;
      seen.push(...entries.map(({ submissionId }) => submissionId));
      after = next;
    } while (after);
    assert.deepEqual(seen.sort(), ids);
    assert.equal((await admin(`leads/${ids[0]}/release`, "POST")).status, 200);
  });

  test(`${name}: the probe tells what the key may do and which search finds a lead`, async (test) => {
    const sandbox = await crm(test);
    const { admin } = await open(test, { ...sandbox.config });
    for (const [searchFields, finds] of [[["_all"], "id"], [["customField"], "id"], [["leadInformation.phone"], "phone"], [[], "recent"]]) {
      await sandbox.switches({ searchFields });
      const { status, body: report } = await admin("probe", "POST");
      assert.equal(status, 200);
      assert.deepEqual({ canCreate: report.canCreate, canRead: report.canRead, finds: report.finds }, { canCreate: true, canRead: true, finds }, JSON.stringify(searchFields));
    }
    const limited = await open(test, { ...sandbox.config, crm: { ...sandbox.config.crm, apiKey: CREATE_ONLY_KEY } });
    const { canCreate, canRead, finds } = (await limited.admin("probe", "POST")).body;
    assert.deepEqual({ canCreate, canRead, finds }, { canCreate: true, canRead: false, finds: null });
    assert.notEqual(API_KEY, CREATE_ONLY_KEY);
  });
}
