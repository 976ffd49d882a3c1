// A lead exactly once: 1,000 leads through a CRM that loses a tenth of its answers before and a tenth after it acted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client } from "./support/helpers.mjs";
import { ACCESS_TOKEN, CREATE_ONLY_KEY, ORGANIZATION, startSandbox } from "./support/sandbox.mjs";

const LOSSES = [
  { method: "POST", path: "/leads", probability: 0.1, action: { kind: "cut", when: "before" } },
  { method: "POST", path: "/leads", probability: 0.1, action: { kind: "cut", when: "after" } },
];
const leads = (count) => Array.from({ length: count }, (_, index) => ({ leadInformation: { firstName: "A", phone: `+2011${String(index).padStart(8, "0")}` } }));

const idOf = (index) => `once-${String(index).padStart(6, "0")}`;

/** Creates leads and gives how many there are, how many distinct, and what failed. */
async function run(sandbox, crm, count) {
  await sandbox.faults(LOSSES);
  const failed = [];
  const results = crm.leads.createMany(leads(count), { concurrency: 8, submissionId: (_, index) => idOf(index) });
  for await (const { status, error, index } of results) if (status === "failed") failed.push({ index, error });
  return { ...(await counted(sandbox)), failed };
}

async function counted(sandbox) {
  const found = (await sandbox.leads()).map(({ leadInformation }) => leadInformation.phone);
  return { all: found.length, distinct: new Set(found).size };
}

// Most of these are native tests too, with typed leads.
const COUNT = 1_000;
const CRMS = {
  "a search by id": {},
  "a search by phone only": { switches: { searchFields: ["leadInformation.phone"] } },
  "a q that finds nothing": { switches: { searchFields: [] } },
  "lists as projections": { switches: { projection: ["leadInformation"] }, mayNotTell: true },
  'reconcile: "id"': { options: { reconcile: "id" }, mayNotTell: true },
};

for (const [name, { switches = {}, options = {}, mayNotTell }] of Object.entries(CRMS)) {
  test(`${COUNT} leads, each once, with ${name}`, { timeout: 300_000 }, async (t) => {
    const sandbox = await startSandbox(t, switches);
    const crm = client(sandbox, { accessToken: ACCESS_TOKEN, reconcileWaits: [1, 1], maxRetries: 8, ...options });
    const { all, distinct, failed } = await run(sandbox, crm, COUNT);
    assert.equal(all, distinct, "none twice");
    // Until a search by id once found something, nothing found proves nothing: that is told, and sent by another run.
    assert.ok(failed.length <= (mayNotTell ? 20 : 0), failed.map(({ error }) => error.stack).join("\n"));
    for (const { index, error } of failed) {
      assert.equal(error.ambiguous, true);
      await crm.leads.create(leads(index + 1)[index], { submissionId: idOf(index), lookFirst: true });
    }
    assert.deepEqual(await counted(sandbox), { all: COUNT, distinct: COUNT });
  });
}

test("control: without looking the same run doubles some", { timeout: 120_000 }, async (t) => {
  const sandbox = await startSandbox(t);
  await sandbox.faults(LOSSES);
  const crm = client(sandbox, { accessToken: ACCESS_TOKEN });
  for (const lead of leads(100)) {
    // What a client does that tries a POST again blindly.
    for (let attempt = 0; attempt < 9; attempt++) if (await crm.leads.create(lead).then(() => true, () => false)) break;
  }
  const found = (await sandbox.leads()).map(({ leadInformation }) => leadInformation.phone);
  assert.ok(found.length > new Set(found).size, "blind retry doubles");
});

test("a create-only key: nothing doubled, the ambiguous ones told", { timeout: 120_000 }, async (t) => {
  const sandbox = await startSandbox(t);
  const crm = client(sandbox, { apiKey: CREATE_ONLY_KEY, organizationId: ORGANIZATION, reconcileWaits: [1, 1], maxRetries: 8 });
  const { all, distinct, failed } = await run(sandbox, crm, 200);
  assert.equal(all, distinct);
  assert.ok(failed.length > 10);
  for (const { error } of failed) {
    assert.equal(error.name, "ConnectionError");
    assert.equal(error.ambiguous, true);
    assert.equal(error.cause.status, 403);
  }
  assert.ok(distinct >= 200 - failed.length && distinct < 200);
});
