// Unknown options are rejected everywhere, with the name that was probably intended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { failure, LEAD } from "./support/helpers.mjs";
import { misspellings, nested, optionsOf, siblingsOf } from "../support/options.mjs";
import { icloudReady, packageFolder } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const { ConfigurationError, ICloudReady } = icloudReady;

/** The options in the package's declarations, so that new ones are tested automatically. */
const declared = (file, name) => optionsOf(fileURLToPath(new URL(`dist/${file}.d.ts`, packageFolder)), name);

const CLIENT = declared("client/context", "ClientOptions");
const CALL = declared("client/settings", "CallOptions");
const CREATE = declared("client/settings", "CreateOptions");
const CREATE_MANY = declared("client/create-many", "CreateManyOptions");
const QUERY = declared("base/generated/models", "ListQuery").flat();

const construct = (options) => () => new ICloudReady({ accessToken: "t", ...options });
const crm = construct({ fetch: () => assert.fail("nothing is sent") })();

/** Where options are accepted: how to pass them, and which exist. */
const PLACES = {
  "the constructor": [(options) => construct(options)(), CLIENT],
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

/** The message that rejects options. */
async function refusal(pass, options) {
  try {
    await pass(options);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, error.stack);
    assert.equal(error.code, "configuration");
    return error.message;
  }
  assert.fail(`${JSON.stringify(options)} is taken`);
}

for (const [place, [pass, paths]] of Object.entries(PLACES)) {
  test(`${place}: each option with one wrong letter is rejected by name`, async () => {
    for (const path of paths) {
      for (const misspelled of misspellings(path.at(-1))) {
        if (siblingsOf(path, paths).includes(misspelled)) continue;
        const message = await refusal(pass, nested([...path.slice(0, -1), misspelled], 1));
        assert.ok(
          message.endsWith(`unknown option "${misspelled}"; did you mean "${path.at(-1)}"?`),
          `${path.join(".")}, ${misspelled}: ${message}`,
        );
      }
    }
  });

  test(`${place}: a name that resembles no option is rejected too`, async () => {
    for (const misspelled of ["color", "", "constructor", "toString", "hasOwnProperty"]) {
      assert.match(await refusal(pass, { [misspelled]: 1 }), new RegExp(`unknown option "${misspelled}"`));
    }
    assert.match(await refusal(pass, JSON.parse('{"__proto__": 1}')), /unknown option "__proto__"/);
  });
}

for (const group of ["leads", "opportunities", "batches", "customers"]) {
  test(`${group}.list: each parameter with one wrong letter is sent unchanged, and a warning names it`, async () => {
    // A parameter of one letter is close to any other.
    for (const name of QUERY.filter(({ length }) => length > 1)) {
      const warnings = [];
      const client = construct({
        fetch: async () => Response.json([]),
        logger: { ...console, debug() {}, warn: (line) => warnings.push(line) },
      })();
      const misspelled = [...misspellings(name)].filter((one) => !QUERY.includes(one) && one !== "__proto__");
      await client[group].list({
        ...Object.fromEntries(misspelled.map((one) => [one, 1])),
        [name]: undefined,
        q: "Villa",
        color: "red",
      });
      const expected = misspelled.map(
        (one) => `${group}.list, query: unknown option "${one}"; did you mean "${name}"?`,
      );
      assert.deepEqual(warnings.sort(), expected.sort());
    }
  });
}

test("names from other packages and other spellings suggest the intended option", async () => {
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
  for (const [misspelled, name] of Object.entries(meant)) {
    assert.equal(
      await refusal(construct({ [misspelled]: 1 })),
      `unknown option "${misspelled}"; did you mean "${name}"?`,
    );
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

test("submissionId is an option of leads.create only", async () => {
  for (const place of ["leads.update", "leads.patch", "customers.create", "request"]) {
    assert.match(await refusal(PLACES[place][0], { submissionId: "submission-1" }), /unknown option "submissionId"/);
    assert.match(await refusal(PLACES[place][0], { checkExisting: true }), /unknown option "checkExisting"/);
  }
});

test("only own enumerable options with a value count", async (t) => {
  const recorder = await record(t, { body: [] });
  const inherited = Object.create({ color: "red" }, { hidden: { value: 1 } });
  const client = new ICloudReady({ ...{ accessToken: "t", baseURL: recorder.url }, color: undefined });
  await client
    .withOptions(inherited)
    .leads.list(
      undefined,
      Object.assign(Object.create({ color: 1 }), { timeout: 9_000, [Symbol("s")]: 1, color: undefined }),
    );
  // A list's query is sent unchanged: the CRM may support more parameters than are documented.
  await client.leads.list({ limit: 1, color: "red" });
  assert.match(recorder.requests.at(-1).target, /color=red/);
});

test("every existing option is accepted", async (t) => {
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
