// Options that are unknown: refused wherever options are taken, with the name that was probably meant.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { failure, LEAD } from "./support/helpers.mjs";
import { misspellings, nested, optionsOf, siblingsOf } from "../support/options.mjs";
import { icloudReady, packageFolder } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const { ConfigurationError, ICloudReady } = icloudReady;

/** The options that the package's declarations have: a new one is covered by itself. */
const declared = (file, name) => optionsOf(fileURLToPath(new URL(`dist/${file}.d.ts`, packageFolder)), name);

const CLIENT = declared("client/context", "ClientOptions");
const CALL = declared("client/settings", "CallOptions");
const CREATE = declared("client/settings", "CreateOptions");
const CREATE_MANY = declared("client/create-many", "CreateManyOptions");
const QUERY = declared("base/generated/models", "ListQuery").flat();

const made = (options) => () => new ICloudReady({ accessToken: "t", ...options });
const crm = made({ fetch: () => assert.fail("nothing is sent") })();

/** Where options are taken: how they are given, and which there are. */
const PLACES = {
  "the constructor": [(options) => made(options)(), CLIENT],
  withOptions: [(options) => crm.withOptions(options), CLIENT],
  fromEnv: [(options) => ICloudReady.fromEnv({ ICLOUDREADY_API_KEY: "key" }, options), CLIENT],
  "leads.create": [(options) => crm.leads.create(LEAD, options), CREATE],
  "leads.createMany": [(options) => crm.leads.createMany([LEAD], options).next(), CREATE_MANY],
  "leads.list": [(options) => crm.leads.list({}, options).then(), CALL],
  "leads.list, iterated": [(options) => crm.leads.list(undefined, options)[Symbol.asyncIterator]().next(), CALL],
  "leads.retrieve": [(options) => crm.leads.retrieve("1", options), CALL],
  "leads.update": [(options) => crm.leads.update("1", {}, options), CALL],
  "leads.patch": [(options) => crm.leads.patch("1", {}, options), CALL],
  "leads.convert": [(options) => crm.leads.convert("1", undefined, options), CALL],
  "leads.delete": [(options) => crm.leads.delete("1", options), CALL],
  "leads.notes.update": [(options) => crm.leads.notes.update("1", "2", {}, options), CALL],
  "leads.activities.delete": [(options) => crm.leads.activities.delete("1", "2", options), CALL],
  "opportunities.createNoActivity": [(options) => crm.opportunities.createNoActivity({}, options), CALL],
  "opportunities.updateMultiple": [(options) => crm.opportunities.updateMultiple([], options), CALL],
  "batches.list": [(options) => crm.batches.list({}, options).pages().next(), CALL],
  "customers.create": [(options) => crm.customers.create({}, options), CALL],
  request: [(options) => crm.request({ method: "GET", path: "/x" }, options), CALL],
  "request, its input": [
    (input) => crm.request({ method: "GET", path: "/x", ...input }),
    declared("client/icloud-ready", "RequestInput"),
  ],
};

/** The message that options are refused with. */
async function refusal(give, options) {
  try {
    await give(options);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, error.stack);
    assert.equal(error.code, "configuration");
    return error.message;
  }
  assert.fail(`${JSON.stringify(options)} is taken`);
}

for (const [place, [give, paths]] of Object.entries(PLACES)) {
  test(`${place}: each option with one letter wrong is refused, and named`, async () => {
    for (const path of paths) {
      for (const wrong of misspellings(path.at(-1))) {
        if (siblingsOf(path, paths).includes(wrong)) continue;
        const message = await refusal(give, nested([...path.slice(0, -1), wrong], 1));
        assert.ok(
          message.endsWith(`unknown option "${wrong}"; did you mean "${path.at(-1)}"?`),
          `${path.join(".")}, ${wrong}: ${message}`,
        );
      }
    }
  });

  test(`${place}: a name that resembles no option is rejected too`, async () => {
    for (const wrong of ["color", "", "constructor", "toString", "hasOwnProperty"]) {
      assert.match(await refusal(give, { [wrong]: 1 }), new RegExp(`unknown option "${wrong}"`));
    }
    assert.match(await refusal(give, JSON.parse('{"__proto__": 1}')), /unknown option "__proto__"/);
  });
}

for (const group of ["leads", "opportunities", "batches", "customers"]) {
  test(`${group}.list: each parameter with one wrong letter is sent unchanged, and a warning names it`, async () => {
    // A parameter of one letter is near to any other.
    for (const name of QUERY.filter(({ length }) => length > 1)) {
      const warnings = [];
      const client = made({
        fetch: async () => Response.json([]),
        logger: { ...console, debug() {}, warn: (line) => warnings.push(line) },
      })();
      const wrong = [...misspellings(name)].filter((one) => !QUERY.includes(one) && one !== "__proto__");
      await client[group].list({
        ...Object.fromEntries(wrong.map((one) => [one, 1])),
        [name]: undefined,
        q: "Villa",
        color: "red",
      });
      const expected = wrong.map((one) => `${group}.list, query: unknown option "${one}"; did you mean "${name}"?`);
      assert.deepEqual(warnings.sort(), expected.sort());
    }
  });
}

test("names of other packages and other spellings find the option that is meant", async () => {
  const meant = {
    baseUrl: "baseURL",
    base_url: "baseURL",
    baseUri: "baseURL",
    url: "baseURL",
    timeOut: "timeout",
    time_out: "timeout",
    timeoutMs: "timeout",
    requestTimeout: "timeout",
    apikey: "apiKey",
    api_key: "apiKey",
    key: "apiKey",
    retries: "maxRetries",
    retrys: "maxRetries",
    maxRetry: "maxRetries",
    max_retries: "maxRetries",
    retry: "maxRetries",
    organisationId: "organizationId",
    organization: "organizationId",
    token: "accessToken",
    apiToken: "accessToken",
    access_token: "accessToken",
    authToken: "accessToken",
    header: "headers",
    limit: "rateLimit",
  };
  for (const [wrong, name] of Object.entries(meant)) {
    assert.equal(await refusal(made({ [wrong]: 1 })), `unknown option "${wrong}"; did you mean "${name}"?`);
  }
  assert.equal(
    await refusal(PLACES["leads.createMany"][0], { concurency: 2 }),
    'leads.createMany: unknown option "concurency"; did you mean "concurrency"?',
  );
  assert.equal(
    await refusal(PLACES["leads.update"][0], { retrys: 2 }),
    'leads.update: unknown option "retrys"; did you mean "maxRetries"?',
  );
  assert.equal(
    await refusal(PLACES["the constructor"][0], { rateLimit: { perminute: 2 } }),
    'rateLimit: unknown option "perminute"; did you mean "perMinute"?',
  );
});

test("a submission id is an option of creating a lead alone", async () => {
  for (const place of ["leads.update", "leads.patch", "customers.create", "request"]) {
    assert.match(await refusal(PLACES[place][0], { submissionId: "submission-1" }), /unknown option "submissionId"/);
    assert.match(await refusal(PLACES[place][0], { checkExisting: true }), /unknown option "checkExisting"/);
  }
});

test("own enumerable options count, and those with a value", async (t) => {
  const recorder = await record(t, { body: [] });
  const inherited = Object.create({ color: "red" }, { hidden: { value: 1 } });
  const client = new ICloudReady({ ...{ accessToken: "t", baseURL: recorder.url }, color: undefined });
  await client
    .withOptions(inherited)
    .leads.list(
      undefined,
      Object.assign(Object.create({ color: 1 }), { timeout: 9_000, [Symbol("s")]: 1, color: undefined }),
    );
  // A list's query is sent as it is: the CRM may know more of it than is documented.
  await client.leads.list({ limit: 1, color: "red" });
  assert.match(recorder.requests.at(-1).target, /color=red/);
});

test("every option that there is is taken", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const nothing = Object.fromEntries(CLIENT.map(([name]) => [name, undefined]));
  const client = new ICloudReady({
    ...nothing,
    accessToken: "t",
    baseURL: recorder.url,
    onRetry() {},
    logger: undefined,
    itemsKey: "data",
    firstPage: 1,
    strict: false,
  });
  const options = {
    signal: new AbortController().signal,
    timeout: 1e4,
    totalTimeout: 1e5,
    maxRetries: 1,
    headers: {},
    onResponse() {},
  };
  await client.leads.create(LEAD, { ...options, submissionId: "submission-1", checkExisting: false });
  await client.leads.retrieve("1", options);
  for await (const { error } of client.leads.createMany([LEAD], {
    ...options,
    submissionId: () => "submission-1",
    checkExisting: false,
    concurrency: 1,
    onProgress() {},
  })) {
    assert.equal(error, undefined);
  }
  assert.equal((await failure(client.leads.create(LEAD, { timeout: -1 }))).name, "ConfigurationError");
});
