// Every error path, with marked secrets and marked personal data: neither is visible unless a caller accesses it by
// name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { client, failOnUnhandled } from "./support/helpers.mjs";
import { icloudReady } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const { ICloudReady, isICloudReadyError, preload } = icloudReady;

const MARK = "qzx";
const SECRET = `${MARK}-secret`;
const PERSON = { firstName: `${MARK}-name`, phone: `+20100${MARK}`, email: `${MARK}@example.com` };
const LEAD = { leadInformation: PERSON, customField: `${MARK}-text` };
const ECHO = { message: `${MARK} is bad`, errors: [{ message: MARK, path: MARK }], token: SECRET, [MARK]: MARK };

/** All printable representations of a value that do not access `body`, `headers` or `cause` by name. */
function shown(value) {
  const texts = [
    String(value),
    inspect(value, { depth: 20, showHidden: true }),
    inspect(value),
    JSON.stringify(value) ?? "",
  ];
  if (value instanceof Error) texts.push(value.message, value.stack);
  for (const key in value) texts.push(key, inspect(value[key], { depth: 20, showHidden: true }));
  return texts.join("\n");
}

function clean(value, what) {
  const text = shown(value);
  const at = text.indexOf(MARK);
  assert.equal(at, -1, `${what} shows ${text.slice(Math.max(0, at - 200), at + 60)}`);
}

const MODES = {
  "an access token": { accessToken: SECRET },
  "an integration token": { apiKey: SECRET, organizationId: `${MARK}-organization` },
  "a token function": { accessToken: async () => SECRET },
};

/** Responses that each cause an error. All of them echo the request. */
const ANSWERS = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 418, 422, 429, 500, 501, 503].map((status) => [status, { status, body: ECHO }]),
  ),
  "a redirect": { status: 307, headers: { location: "https://elsewhere.invalid/" }, body: MARK },
  "a page": { body: `<html>${MARK}</html>` },
  "no list and no record": { body: [MARK, [MARK]].join() },
  "a cut": { cut: true },
  "a cut body": { cut: "body", body: ECHO },
  "a hang": { hang: true },
  "a hanging body": { hang: "body", body: ECHO },
  "a cookie": { status: 400, headers: { "set-cookie": `${MARK}=${SECRET}` }, body: ECHO },
};

/** Calls with marked data in every possible place. */
const CALLS = {
  create: (crm) => crm.leads.create(LEAD),
  "create once": (crm) => crm.leads.create(LEAD, { submissionId: "submission-1" }),
  "check existing": (crm) => crm.leads.create(LEAD, { submissionId: "submission-1", checkExisting: true }),
  retrieve: (crm) => crm.leads.retrieve(`${MARK}-id`),
  patch: (crm) => crm.leads.patch(`${MARK}-id`, LEAD, { headers: { "x-tag": MARK } }),
  list: (crm) => crm.leads.list({ q: PERSON.phone }),
  request: (crm) =>
    crm.request({ method: "POST", path: "/x/{id}", params: { id: MARK }, query: { q: MARK }, body: LEAD }),
};

/** All output of a client. */
function observed() {
  const output = [];
  const note = (...args) => void output.push(...args);
  const logger = { debug: note, info: note, warn: note, error: note };
  return { output, options: { logger, onRequest: note, onResponse: note, onRetry: note } };
}

test("no error path discloses marked secrets", { timeout: 120_000 }, async (t) => {
  const settled = failOnUnhandled(t);
  // Full jitter at its minimum: no back-off to wait for.
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t);
  // Its timeout bounds loading too.
  await preload();
  for (const [mode, credential] of Object.entries(MODES)) {
    for (const [response, script] of Object.entries(ANSWERS)) {
      for (const [name, call] of Object.entries(CALLS)) {
        recorder.script = script;
        const { output, options } = observed();
        const crm = client(recorder, {
          ...credential,
          ...options,
          maxRetries: 1,
          timeout: 25,
          totalTimeout: 400,
          reconcileDelays: [1],
        });
        const error = await Promise.resolve(call(crm)).then(
          () => assert.fail("must fail"),
          (error) => error,
        );
        const what = `${name} with ${mode}, answered by ${response}`;
        assert.ok(isICloudReadyError(error), `${what}: ${error.stack}`);
        clean(error, what);
        clean(error.cause, `the cause of ${what}`);
        assert.ok(output.length > 0, what);
        for (const one of output) clean(one, `output of ${what}`);
        clean(crm, "the client");
      }
    }
  }
  await settled();
});

const refusing = (name, make) => [name, make];

/** Input that is rejected before anything is sent. */
const REFUSED = [
  refusing("a lead of wrong types", (crm) =>
    crm.leads.create({ leadInformation: { firstName: [MARK], phone: { a: MARK }, email: MARK }, isQualified: MARK }),
  ),
  refusing("values with warnings, strictly", (crm) =>
    crm.withOptions({ strict: true }).leads.create({ leadInformation: { ...PERSON, email: MARK } }),
  ),
  refusing("a cycle", (crm) => {
    const lead = { ...LEAD };
    lead.back = lead;
    return crm.leads.create(lead);
  }),
  refusing("a path", (crm) => crm.request({ method: "GET", path: `https://${MARK}` })),
  refusing("a method", (crm) => crm.request({ method: MARK, path: "/x" })),
  refusing("a query", (crm) => crm.leads.list({ limit: MARK })),
  refusing("a submission id", (crm) => crm.leads.create(LEAD, { submissionId: `${MARK} ${MARK}` })),
  refusing("a header's value", (crm) => crm.leads.retrieve("1", { headers: { "x-a": `${MARK}\n` } })),
  refusing(
    "a credential of both kinds",
    () => new ICloudReady({ apiKey: SECRET, organizationId: MARK, accessToken: SECRET }),
  ),
  refusing("a key without its organization", () => new ICloudReady({ apiKey: SECRET })),
  refusing("a key that no header can hold", () => new ICloudReady({ accessToken: `${SECRET}\n` })),
  refusing(
    "a base URL with a password",
    () => new ICloudReady({ accessToken: SECRET, baseURL: `https://u:${SECRET}@h/` }),
  ),
  refusing("an invalid base URL", () => new ICloudReady({ accessToken: SECRET, baseURL: SECRET })),
  refusing("a token function's rubbish", (crm) =>
    crm.withOptions({ accessToken: () => `${SECRET}\n` }).leads.retrieve("1"),
  ),
  refusing("a bad number", () => new ICloudReady({ accessToken: SECRET, timeout: MARK })),
  refusing("an aborted call", (crm) => crm.leads.create(LEAD, { signal: AbortSignal.abort(MARK) })),
];

test("no rejected input discloses marked secrets", async (t) => {
  const recorder = await record(t);
  const { output, options } = observed();
  const crm = client(recorder, { ...MODES["an access token"], ...options });
  for (const [name, make] of REFUSED) {
    const error = await (async () => make(crm))().then(
      () => assert.fail(`${name} must fail`),
      (error) => error,
    );
    assert.ok(isICloudReadyError(error), `${name}: ${error?.stack}`);
    clean(error, name);
  }
  for (const one of output) clean(one, "output");
  assert.equal(recorder.requests.length, 0);
});

test("a cause is readable as a property, but not in dumps", async (t) => {
  const recorder = await record(t, { status: 400, body: ECHO });
  const thrown = new Error(SECRET);
  const crm = client(recorder, {
    accessToken: () => {
      throw thrown;
    },
  });
  const error = await crm.leads.create(LEAD).catch((error) => error);
  clean(error, "an error whose cause contains a secret");
  assert.equal(error.cause, thrown);
  const refused = await client(recorder)
    .leads.create(LEAD)
    .catch((error) => error);
  clean(refused, "an error whose body contains a secret");
  assert.deepEqual(refused.body, ECHO);
  assert.deepEqual({ ...refused }.body, undefined);
});

test("a client does not reveal its credentials", async (t) => {
  const recorder = await record(t, { body: { token: SECRET } });
  for (const credential of Object.values(MODES)) {
    const crm = client(recorder, { ...credential, headers: { "x-a": MARK } });
    for (const value of [
      crm,
      crm.leads,
      crm.leads.list,
      crm.leads.list({ q: MARK }),
      crm.withOptions({ timeout: 5 }),
      crm.request,
    ])
      clean(value, "a client");
    for (const key of Reflect.ownKeys(crm)) clean(crm[key], String(key));
  }
  const signed = new ICloudReady({ baseURL: recorder.url });
  await signed.signIn({ email: PERSON.email, password: SECRET });
  clean(signed, "a client that signed in");
  const { output, options } = observed();
  recorder.script = { status: 401, body: ECHO };
  const error = await new ICloudReady({ baseURL: recorder.url, ...options })
    .signIn({ email: PERSON.email, password: SECRET })
    .catch((error) => error);
  clean(error, "a failed sign-in");
  for (const one of output) clean(one, "output of a sign-in");
});
