// Concurrent creates with one submission id, from a client and its derived clients, create one lead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { client, failure, LEAD, failOnUnhandled } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

const submissionId = "submission-1";
const other = { leadInformation: { firstName: "Nour", phone: "+201001234568" } };

/** A CRM that holds every create until it is released, or responds to it by `script`. */
async function holding(t, script = () => undefined) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let leads = 0;
  const stored = [];
  const recorder = await record(t, async (request) => {
    if (request.method === "GET") {
      const wanted = decodeURIComponent(request.target.split("?q=")[1] ?? "");
      return { body: stored.filter(({ customField }) => customField.includes(wanted)) };
    }
    const lead = { _id: `l${++leads}`, ...JSON.parse(request.body) };
    const response = script(leads);
    if (response?.stored !== false) stored.push(lead);
    if (!response) await held;
    return response ?? { status: 201, body: lead };
  });
  return { recorder, release, creates: () => recorder.requests.filter(({ method }) => method === "POST").length };
}

test("derived clients and createMany return the record of the first call", async (t) => {
  const settled = failOnUnhandled(t);
  const { recorder, release, creates } = await holding(t);
  const crm = client(recorder);
  const siblings = [
    crm,
    crm.withOptions({ timeout: 9_000 }),
    crm.withOptions({ rateLimit: { perMinute: 5 } }),
    crm.withOptions({ strict: true, rateLimit: {} }),
    crm.withOptions({}),
  ];
  const calls = siblings.map((sibling) => sibling.leads.create(LEAD, { submissionId }));
  calls.push(siblings[2].withOptions({ rateLimit: false }).leads.create(LEAD, { submissionId, checkExisting: true }));
  const many = (async () => {
    const results = [];
    for await (const result of crm.leads.createMany([LEAD, LEAD, LEAD], { submissionId: () => submissionId }))
      results.push(result);
    return results;
  })();
  await waitUntil("the first", () => creates() === 1);
  release();
  const leads = [...(await Promise.all(calls)), ...(await many).map(({ lead }) => lead)];
  assert.equal(recorder.requests.length, 1);
  for (const lead of leads) assert.deepEqual(lead, leads[0]);
  assert.equal(leads[0]._id, "l1");
  assert.equal(new Set(leads).size, leads.length, "each has a record of its own to change");
  // The call is over: the next create is independent.
  assert.equal((await crm.leads.create(other, { submissionId }))._id, "l2");
  await settled();
});

test("another body is a conflict; another client, credential or id is independent", async (t) => {
  const { recorder, release, creates } = await holding(t);
  const crm = client(recorder);
  const first = crm.leads.create(LEAD, { submissionId });
  await waitUntil("the first", () => creates() === 1);
  const error = await failure(
    crm.withOptions({ timeout: 9_000 }).leads.create(other, { submissionId }),
    "ValidationError",
  );
  assert.deepEqual(
    error.issues.map(({ path, code, severity }) => [path, code, severity]),
    [["submissionId", "conflict", "error"]],
  );
  assert.deepEqual([error.attempts, error.ambiguous], [0, false]);
  const others = [
    client(recorder).leads.create(other, { submissionId }),
    crm.withOptions({ accessToken: "another" }).leads.create(other, { submissionId }),
    crm.leads.create(other, { submissionId: "submission-2" }),
    crm.leads.create(other),
    crm.leads.create(LEAD),
  ];
  await waitUntil("the others", () => creates() === 6);
  release();
  assert.equal(new Set((await Promise.all([first, ...others])).map(({ _id }) => _id)).size, 6);
});

test("if the first call is rejected, the second sends; if its response is lost, the second looks the lead up", async (t) => {
  for (const [response, sends, names] of [
    [{ status: 400, stored: false }, 2, ["BadRequestError", "l2"]],
    [{ status: 429, stored: false }, 2, ["RateLimitError", "l2"]],
    [{ cut: true }, 1, ["ConnectionError", "l1"]],
    [{ status: 500 }, 1, ["ServerError", "l1"]],
  ]) {
    const { recorder, release, creates } = await holding(t, (index) => (index === 1 ? response : undefined));
    release();
    // The first call fails before its own lookup.
    const crm = client(recorder, { maxRetries: 0 });
    const calls = [crm.withOptions({ reconcileDelays: [70_000] }), crm].map((crm) =>
      crm.leads.create(LEAD, { submissionId }),
    );
    const found = (await Promise.allSettled(calls)).map(({ value, reason }) => value?._id ?? reason.name);
    assert.deepEqual([found, creates()], [names, sends], JSON.stringify(response));
  }
});

test("an abort ends the waiting call at once, and hands over the call in progress", async (t) => {
  const settled = failOnUnhandled(t);
  const { recorder, release, creates } = await holding(t);
  const crm = client(recorder);
  const controllers = [new AbortController(), new AbortController(), new AbortController()];
  const calls = controllers.map(({ signal }) => crm.leads.create(LEAD, { submissionId, signal }));
  await waitUntil("the first", () => creates() === 1);
  controllers[1].abort("enough");
  const error = await failure(calls[1], "AbortError");
  assert.deepEqual([error.cause, error.attempts], ["enough", 0]);
  const late = crm.leads.create(LEAD, { submissionId, totalTimeout: 100 });
  assert.equal((await failure(late, "TimeoutError")).code, "total_timeout");
  // The lead is in the CRM by now, which only a lookup can detect.
  controllers[0].abort();
  assert.equal((await failure(calls[0], "AbortError")).ambiguous, true);
  assert.equal((await calls[2])._id, "l1");
  assert.equal(creates(), 1);
  release();
  await settled();
});
