// Invalid leads, ids and paths are reported before anything is sent, all at once; questionable values are sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { entry } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const brief = ({ issues }) => issues.map(({ path, code, severity }) => `${path} ${code} ${severity}`);

/** A client of a recorder that must receive no request. */
async function refusing(t, options) {
  const recorder = await record(t, { body: { _id: "1" } });
  t.after(() => assert.equal(recorder.requests.length, 0, "no request must be sent"));
  return client(recorder, options);
}

test("{} as a lead: both required paths, nothing sent", async (t) => {
  const crm = await refusing(t);
  const error = await failure(crm.leads.create({}), "ValidationError");
  assert.deepEqual(brief(error), ["leadInformation.firstName required error", "leadInformation.phone required error"]);
  assert.equal(error.code, "validation");
  assert.equal(error.operation, "leads.create");
  assert.equal(error.attempts, 0);
  assert.equal(error.ambiguous, false);
  for (const { message } of error.issues) assert.ok(message);
});

test("missing, null, empty and blank all count as missing", async (t) => {
  const crm = await refusing(t);
  for (const value of [undefined, null, "", " ", "\t\n\u00a0"]) {
    const error = await failure(
      crm.leads.create({ leadInformation: { firstName: value, phone: value } }),
      "ValidationError",
    );
    assert.equal(error.issues.length, 2, JSON.stringify(value));
  }
});

test("all issues are reported at once", async (t) => {
  const crm = await refusing(t);
  const lead = {
    leadInformation: { firstName: 5, phone: [], email: "no address", address: "Cairo" },
    additionalPhones: ["+201001234567", "123", 7],
    leadRating: 4.5,
    isQualified: "yes",
    dealSize: "1",
    activityLog: [{ activityDate: "tomorrow" }, "x"],
    leadType: "a",
    leadtype: "b",
  };
  const error = await failure(crm.leads.create(lead), "ValidationError");
  assert.deepEqual(brief(error).sort(), [
    "activityLog.0.activityDate date warning",
    "activityLog.1 type error",
    "additionalPhones.1 phone warning",
    "additionalPhones.2 type error",
    "dealSize type error",
    "isQualified type error",
    "leadInformation.address type error",
    "leadInformation.email email warning",
    "leadInformation.firstName type error",
    "leadInformation.phone type error",
    "leadRating integer error",
    "leadtype spelling warning",
  ]);
});

const DOUBTFUL = {
  leadInformation: { firstName: "A", phone: "0100 123", email: "someone at example" },
  activityLog: [{ activityDate: "22/11/2026" }],
};

test("a questionable phone, email or date is sent", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder);
  await crm.leads.create(DOUBTFUL);
  await crm.leads.patch("1", DOUBTFUL);
  assert.deepEqual(
    recorder.requests.map(({ body }) => body.toString()),
    [DOUBTFUL, DOUBTFUL].map((lead) => JSON.stringify(lead)),
  );
});

test("strict: three warnings become errors, nothing sent", async (t) => {
  const crm = await refusing(t, { strict: true });
  for (const call of [crm.leads.create(DOUBTFUL), crm.leads.update("1", DOUBTFUL), crm.leads.patch("1", DOUBTFUL)]) {
    const error = await failure(call, "ValidationError");
    assert.deepEqual(brief(error).sort(), [
      "activityLog.0.activityDate date error",
      "leadInformation.email email error",
      "leadInformation.phone phone error",
    ]);
  }
});

test("fields that are documented as any value are not validated", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder, { strict: true });
  await crm.leads.create({
    ...LEAD,
    leadRating: -1e15,
    leadOwner: "not 24 digits",
    history: [1, null, "x", {}],
    unknown: [[]],
    dealSize: -1,
  });
  await crm.leads.patch("1", { status: null, leadRating: null, leadInformation: { phone: null }, tags: null });
  await crm.leads.update("1", {});
  await crm.leads.notes.create("1", { anything: [1] });
  await crm.leads.activities.create("1", { activityNumber: 1 });
  await crm.leads.activities.create("1", { activityNumber: "1" });
  await crm.opportunities.create({});
  await crm.opportunities.updateMultiple({});
  // A record that was read can be sent back, whatever the CRM did with its own fields.
  await crm.leads.update("1", { ...LEAD, _id: 5, leadNumber: "7", deleted: "no", createdAt: 1, __v: null });
  assert.equal(recorder.requests.length, 9);
});

test("a body of the wrong type has one issue at its root", async (t) => {
  const crm = await refusing(t);
  for (const body of [undefined, null, 1, "text", true, [], () => {}, Symbol("s"), 1n]) {
    for (const call of [
      crm.leads.create(body),
      crm.batches.patch("1", body),
      crm.opportunities.createNoActivity(body),
    ]) {
      const error = await failure(call, "ValidationError");
      assert.equal(error.issues[0].path, "", String(body));
      assert.match(error.issues[0].code, body === undefined ? /^required$/ : /^(type|json)$/);
    }
  }
});

test("a submission id and its custom field", async (t) => {
  const crm = await refusing(t);
  for (const submissionId of ["", "short", "x".repeat(65), "with space", "ümlaut-ü", null, 12345678, {}]) {
    const error = await failure(crm.leads.create(LEAD, { submissionId }), "ValidationError");
    assert.deepEqual(brief(error), ["submissionId format error"]);
  }
  const other = crm.withOptions({ submissionField: "idengagerRequestId" });
  const lead = { ...LEAD, idengagerRequestId: "another-one" };
  const error = await failure(other.leads.create(lead, { submissionId: "submission-1" }), "ValidationError");
  assert.deepEqual(brief(error), ["idengagerRequestId conflict error"]);
});

test("a query of the wrong type", async (t) => {
  const crm = await refusing(t);
  for (const [query, path] of [
    [{ limit: "x" }, "query.limit"],
    [{ limit: 1.5 }, "query.limit"],
    [{ limit: 0 }, "query.limit"],
    [{ limit: -1 }, "query.limit"],
    [{ page: -1 }, "query.page"],
    [{ page: NaN }, "query.page"],
    [{ order: {} }, "query.order"],
    [{ q: ["a"] }, "query.q"],
    [{ other: null }, "query.other"],
    [null, "query"],
    ["q=1", "query"],
    [[], "query"],
    [() => {}, "query"],
  ]) {
    const error = await failure(() => crm.leads.list(query), "ValidationError");
    assert.ok(
      brief(error).every((issue) => issue === `${path} format error`),
      brief(error).join(),
    );
    await failure(() => crm.leads.list(query).toArray({ max: 5 }), "ValidationError");
  }
});

test("validateLead reports the same issues as the client, with the same messages", async (t) => {
  const { validateLead } = await import(entry("validation"));
  const crm = await refusing(t);
  for (const lead of [{}, [], null, 5, "x", { leadInformation: { firstName: 5 }, leadRating: 4.5 }]) {
    const error = await failure(crm.leads.create(lead), "ValidationError");
    assert.deepEqual(await validateLead(lead), error.issues, JSON.stringify(lead));
  }
  assert.deepEqual(await validateLead(LEAD), []);
  const questionable = {
    leadInformation: { firstName: "A", phone: "123", email: "no address" },
    leadType: "a",
    leadtype: "b",
  };
  assert.deepEqual(brief({ issues: await validateLead(questionable) }), [
    "leadInformation.phone phone warning",
    "leadInformation.email email warning",
    "leadtype spelling warning",
  ]);
  const cycle = {};
  cycle.self = cycle;
  const getter = {
    get leadInformation() {
      throw new Error("no");
    },
  };
  assert.deepEqual(
    (await validateLead(undefined)).map(({ path, code }) => [path, code]),
    [["", "required"]],
  );
  for (const lead of [1n, cycle, getter, () => {}]) {
    assert.deepEqual(
      (await validateLead(lead)).map(({ path, code }) => [path, code]),
      [["", "json"]],
    );
  }
});
