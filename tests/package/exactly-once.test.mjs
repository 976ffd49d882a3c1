// Each lead exactly once: 1,000 leads through a CRM that loses a tenth of its responses before and a tenth after it
// commits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure } from "./support/helpers.mjs";
import { ACCESS_TOKEN, CREATE_ONLY_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";

const LOSSES = [
  { method: "POST", path: "/leads", probability: 0.1, action: { kind: "cut", when: "before" } },
  { method: "POST", path: "/leads", probability: 0.1, action: { kind: "cut", when: "after" } },
];
const leads = (count) =>
  Array.from({ length: count }, (_, index) => ({
    leadInformation: { firstName: "A", phone: `+2011${String(index).padStart(8, "0")}` },
  }));

const idOf = (index) => `once-${String(index).padStart(6, "0")}`;

/** Creates leads and returns the number of leads, of distinct leads, and the failures. */
async function run(sandbox, crm, count) {
  // A list proves nothing before it has shown a submission id.
  const [first, ...rest] = leads(count);
  await crm.leads.create(first, { submissionId: idOf(0) });
  await sandbox.faults(LOSSES);
  const failed = [];
  const results = crm.leads.createMany(rest, { concurrency: 8, submissionId: (_, index) => idOf(index + 1) });
  for await (const { status, error, index } of results)
    if (status === "failed") failed.push({ index: index + 1, error });
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
    const crm = client(sandbox, { accessToken: ACCESS_TOKEN, reconcileDelays: [1, 1], maxRetries: 8, ...options });
    const { all, distinct, failed } = await run(sandbox, crm, COUNT);
    assert.equal(all, distinct, "no duplicates");
    // Until a search by id has found something, an empty result proves nothing: the lead is ambiguous, and sent by
    // another run.
    assert.ok(failed.length <= (mayNotTell ? 20 : 0), failed.map(({ error }) => error.stack).join("\n"));
    for (const { index, error } of failed) {
      assert.equal(error.ambiguous, true);
      await crm.leads.create(leads(index + 1)[index], { submissionId: idOf(index), checkExisting: true });
    }
    assert.deepEqual(await counted(sandbox), { all: COUNT, distinct: COUNT });
  });
}

test("control: without lookups the same run creates duplicates", { timeout: 120_000 }, async (t) => {
  const sandbox = await startSandbox(t);
  await sandbox.faults(LOSSES);
  const crm = client(sandbox, { accessToken: ACCESS_TOKEN });
  for (const lead of leads(100)) {
    // A client that blindly retries a POST.
    for (let attempt = 0; attempt < 9; attempt++)
      if (
        await crm.leads.create(lead).then(
          () => true,
          () => false,
        )
      )
        break;
  }
  const found = (await sandbox.leads()).map(({ leadInformation }) => leadInformation.phone);
  assert.ok(found.length > new Set(found).size, "blind retries create duplicates");
});

test("a 2xx without a lead is an ambiguous ResponseError; the record in an envelope is the result", async () => {
  for (const body of [
    '{"success":false}',
    '{"status":"queued"}',
    '{"_id":null}',
    '{"_id":""}',
    '{"_id":7}',
    "{}",
    "[]",
    '"ok"',
    "1",
    "true",
  ]) {
    const crm = client("http://127.0.0.1:9", { fetch: async () => new Response(body, { status: 202 }) });
    const error = await failure(crm.leads.create(leads(1)[0]), "ResponseError");
    assert.deepEqual([error.code, error.status, error.ambiguous, error.attempts], ["response", 202, true, 1], body);
  }
  const record = { _id: "x", leadNumber: 7 };
  for (const body of [
    record,
    { data: record },
    { result: record },
    { success: true, lead: record },
    { data: { lead: record }, error: null },
  ]) {
    const crm = client("http://127.0.0.1:9", { fetch: async () => Response.json(body) });
    assert.deepEqual(await crm.leads.create(leads(1)[0]), record);
  }
});

test("an empty submission field in the response is a warning", async () => {
  const warnings = [];
  const logger = { debug() {}, info() {}, error() {}, warn: (message) => warnings.push(message) };
  const responses = [
    { _id: "x" },
    { _id: "x", customField: "" },
    { _id: "x", customField: JSON.stringify({ submissionId: idOf(1) }) },
  ];
  for (const response of responses) {
    const crm = client("http://127.0.0.1:9", { logger, fetch: async () => Response.json(response) });
    await crm.leads.create(leads(1)[0], { submissionId: idOf(1) });
    await crm.leads.create(leads(1)[0]);
  }
  assert.equal(warnings.length, 2);
  assert.match(warnings[0], /^leads\.create: customField came back empty/);
});

test("a create-only key: no duplicates, and ambiguous results are reported", { timeout: 120_000 }, async (t) => {
  const sandbox = await startSandbox(t);
  const crm = client(sandbox, {
    apiKey: CREATE_ONLY_KEY,
    organizationId: ORGANIZATION,
    reconcileDelays: [1, 1],
    maxRetries: 8,
  });
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
