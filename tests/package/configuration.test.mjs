// The options of a client: what is rejected, what `undefined` means, and what derived clients share.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { entry, icloudReady } from "./support/package.mjs";
import { header, record } from "./support/recorder.mjs";

const { ConfigurationError, ICloudReady } = icloudReady;
const token = { accessToken: "t" };
const key = { apiKey: "k", organizationId: "o" };

function assertRejected(make, pattern) {
  assert.throws(make, (error) => {
    assert.ok(error instanceof ConfigurationError, error.stack);
    assert.equal(error.code, "configuration");
    assert.match(error.message, pattern);
    return true;
  });
}

test("credentials", () => {
  assertRejected(() => new ICloudReady({ ...key, ...token }), /apiKey.*accessToken/s);
  assertRejected(() => new ICloudReady({ ...key, accessToken: () => "t" }), /accessToken/);
  assertRejected(() => new ICloudReady({ apiKey: "k" }), /accessToken/);
  assertRejected(() => new ICloudReady({ organizationId: "o" }), /organizationId/);
  assertRejected(() => new ICloudReady({ ...token, organizationId: "o" }), /organizationId/);
  for (const bad of ["", " ", "a\nb", "ü\u0100", 5, {}, null, true]) {
    assertRejected(() => new ICloudReady({ accessToken: bad }), /accessToken/);
    assertRejected(() => new ICloudReady({ apiKey: bad, organizationId: "o" }), /apiKey/);
    assertRejected(() => new ICloudReady({ apiKey: "k", organizationId: bad }), /organizationId/);
  }
  for (const good of [
    {},
    undefined,
    token,
    key,
    { accessToken: () => "t" },
    { apiKey: async () => "k", organizationId: "o" },
  ])
    new ICloudReady(good);
});

test("base URLs", () => {
  const bad = [
    "x",
    "",
    "ftp://h/",
    "http://h/",
    "http://127.0.0.1.evil.com/",
    "http://localhost.evil.com",
    "https://u:p@h/",
    "https://u@h/",
    "https://h/?a",
    "https://h/#a",
    "https://h/?",
    "https://h/#",
    "//h/",
    "https://",
    5,
    {},
    "javascript:1",
    "http://10.0.0.1/",
  ];
  for (const baseURL of bad) assertRejected(() => new ICloudReady({ ...token, baseURL }), /baseURL/);
  for (const baseURL of [
    "https://h",
    "https://h:1/x/",
    "http://localhost",
    "http://a.localhost:1/",
    "http://127.0.0.1:9/x",
    "http://127.1/",
    "http://[::1]:8/",
  ]) {
    new ICloudReady({ ...token, baseURL });
  }
  new ICloudReady({ ...token, baseURL: "http://h/", allowInsecureBaseURL: true });
  assertRejected(() => new ICloudReady({ ...token, baseURL: "ftp://h/", allowInsecureBaseURL: true }), /baseURL/);
});

test("numbers and choices", () => {
  for (const name of ["timeout", "totalTimeout", "maxQueueWait", "maxRetries"]) {
    for (const bad of [-1, NaN, Infinity, "5", null, {}, ...(name === "maxRetries" ? [1.5] : [])])
      assertRejected(() => new ICloudReady({ ...token, [name]: bad }), new RegExp(name));
    new ICloudReady({ ...token, [name]: 0 });
  }
  for (const name of ["perMinute", "perHour"]) {
    for (const bad of [0, -1, 1.5, NaN, Infinity, "5", null])
      assertRejected(() => new ICloudReady({ ...token, rateLimit: { [name]: bad } }), new RegExp(name));
  }
  for (const bad of [[-1], [NaN], "1", 5, null, [null]])
    assertRejected(() => new ICloudReady({ ...token, reconcileDelays: bad }), /reconcileDelays/);
  assertRejected(() => new ICloudReady({ ...token, reconcile: "some" }), /reconcile/);
  assertRejected(() => new ICloudReady({ ...token, submissionField: "other" }), /submissionField/);
  assertRejected(() => new ICloudReady({ ...token, firstPage: 2 }), /firstPage/);
  assertRejected(() => new ICloudReady({ ...token, itemsKey: 5 }), /itemsKey/);
  for (const hook of ["fetch", "onRequest", "onResponse", "onRetry"])
    assertRejected(() => new ICloudReady({ ...token, [hook]: 5 }), new RegExp(hook));
});

test("headers of the client and of a call", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  const bad = [
    { Authorization: "x" },
    { "X-API-Key": "x" },
    { organizationid: "x" },
    { "Content-Type": "x" },
    { "content-length": "1" },
    { HOST: "x" },
    { "": "x" },
    { "a b": "x" },
    { "a:": "x" },
    { a: "x\r\ny" },
    { a: "\u0100" },
    { a: 5 },
    { a: null },
    "a: b",
    [["a", "b"]],
    new Headers({ a: "b" }),
    5,
  ];
  for (const headers of bad) {
    assertRejected(() => new ICloudReady({ ...token, headers }), /headers/);
    await failure(crm.leads.retrieve("1", { headers }), "ConfigurationError");
  }
  assert.equal(recorder.requests.length, 0);
});

test("an invalid option of a call rejects the call", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const options of [{ timeout: -1 }, { totalTimeout: "5" }, { maxRetries: 0.5 }, { signal: {} }]) {
    const error = await failure(crm.leads.create(LEAD, options), "ConfigurationError");
    assert.match(error.message, new RegExp(Object.keys(options)[0]));
  }
  assert.equal(recorder.requests.length, 0);
});

test("an option that is undefined counts as unset", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const undefineds = Object.fromEntries(
    [
      "apiKey",
      "organizationId",
      "timeout",
      "totalTimeout",
      "maxQueueWait",
      "maxRetries",
      "rateLimit",
      "fetch",
      "headers",
      "strict",
      "onRequest",
      "reconcile",
      "reconcileDelays",
      "itemsKey",
      "firstPage",
      "submissionField",
      "logger",
      "wasm",
      "signal",
    ].map((name) => [name, undefined]),
  );
  const crm = new ICloudReady({ ...token, ...undefineds, baseURL: recorder.url });
  assert.equal((await crm.leads.create(LEAD, { ...undefineds, submissionId: undefined }))._id, "1");
  const sibling = crm.withOptions({ ...undefineds, accessToken: undefined, baseURL: undefined });
  assert.equal((await sibling.leads.create(LEAD))._id, "1");
  assert.equal(header(recorder.requests[1], "authorization"), "Bearer t");
});

test("without a credential calls are rejected before sending, until the caller signs in", async (t) => {
  const recorder = await record(t, (request) => ({
    body: request.path.endsWith("/signin") ? { token: "s" } : { _id: "1" },
  }));
  const crm = new ICloudReady({ baseURL: recorder.url });
  for (const call of [
    () => crm.leads.create(LEAD),
    () => crm.leads.list(),
    () => crm.request({ method: "GET", path: "/x" }),
  ]) {
    const error = await failure(call, "ConfigurationError");
    assert.ok(error.operation);
  }
  assert.equal(recorder.requests.length, 0);
  await crm.signIn({ email: "e", password: "p" });
  await crm.leads.create(LEAD);
  assert.equal(header(recorder.requests[1], "authorization"), "Bearer s");
});

test("fromEnv", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const sent = async (env) => {
    await ICloudReady.fromEnv({ ICLOUDREADY_BASE_URL: recorder.url, ...env }).leads.create(LEAD);
    return recorder.requests.at(-1);
  };
  assert.equal(header(await sent({ ICLOUDREADY_API_KEY: "k" }), "authorization"), "Bearer k");
  assert.equal(
    header(await sent({ ICLOUDREADY_API_KEY: "k", ICLOUDREADY_ORGANIZATION_ID: "" }), "authorization"),
    "Bearer k",
  );
  const integration = await sent({ ICLOUDREADY_API_KEY: "k", ICLOUDREADY_ORGANIZATION_ID: "o" });
  assert.deepEqual(
    [header(integration, "x-api-key"), header(integration, "organizationId"), header(integration, "authorization")],
    ["k", "o", undefined],
  );
  for (const env of [{}, { ICLOUDREADY_API_KEY: "" }])
    assertRejected(() => ICloudReady.fromEnv(env), /ICLOUDREADY_API_KEY/);
  assertRejected(() => ICloudReady.fromEnv({ ICLOUDREADY_API_KEY: "k", ICLOUDREADY_BASE_URL: "http://h/" }), /baseURL/);
  // As in Deno without `--allow-env`.
  const denied = new Proxy(
    {},
    {
      get() {
        throw new Error("not allowed");
      },
    },
  );
  for (const env of [denied, null]) assertRejected(() => ICloudReady.fromEnv(env), /cannot be read/);
  const { fromEnv } = ICloudReady;
  fromEnv({ ICLOUDREADY_API_KEY: "k" });
  const env = {
    ICLOUDREADY_API_KEY: "k",
    ICLOUDREADY_BASE_URL: "https://crm.example/",
    ICLOUDREADY_ORGANIZATION_ID: undefined,
  };
  const headers = { "x-a": "1" };
  await ICloudReady.fromEnv(env, {
    baseURL: recorder.url,
    accessToken: "another",
    organizationId: undefined,
    headers,
  }).leads.create(LEAD);
  assert.deepEqual(
    ["authorization", "x-a"].map((name) => header(recorder.requests.at(-1), name)),
    ["Bearer another", "1"],
  );
  await ICloudReady.fromEnv(
    { ...env, ICLOUDREADY_BASE_URL: recorder.url },
    { baseURL: undefined, headers },
  ).leads.create(LEAD);
  assertRejected(
    () =>
      ICloudReady.fromEnv(
        env,
        new Proxy(
          {},
          {
            ownKeys() {
              throw new Error("hostile");
            },
          },
        ),
      ),
    /cannot be read/,
  );
  process.env.ICLOUDREADY_API_KEY = "from-the-process";
  t.after(() => delete process.env.ICLOUDREADY_API_KEY);
  ICloudReady.fromEnv();
});

test("withOptions: what a derived client shares and what it requires", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const other = await record(t, { body: { _id: "1" } });
  const crm = new ICloudReady({ baseURL: recorder.url, ...key, headers: { "x-a": "1" } });
  assertRejected(() => crm.withOptions({ baseURL: other.url }), /credential/);
  assertRejected(() => crm.withOptions({ apiKey: "only" }), /organizationId/);
  assertRejected(() => crm.withOptions({ timeout: -1 }), /timeout/);
  await crm.withOptions({ baseURL: other.url, accessToken: "new" }).leads.create(LEAD);
  assert.deepEqual(
    ["authorization", "x-api-key", "organizationId", "x-a"].map((name) => header(other.requests[0], name)),
    ["Bearer new", undefined, undefined, "1"],
  );
  await crm.withOptions({ baseURL: `${recorder.url}/below` }).leads.create(LEAD);
  assert.equal(recorder.requests[0].target, "/api/v2/below/leads");
  assert.equal(header(recorder.requests[0], "x-api-key"), "k");
  await crm.withOptions({ headers: { "x-b": "2" } }).leads.create(LEAD);
  assert.equal(header(recorder.requests[1], "x-b"), "2");
  await crm.leads.create(LEAD);
  assert.equal(header(recorder.requests[2], "x-a"), "1");
});

const run = promisify(execFile);

/** The effect of constructing clients in a process with these globals. */
async function inRuntime(globals, options) {
  const script = `
    const { ICloudReady, ConfigurationError } = await import(${JSON.stringify(entry())});
    await (async () => { ${globals} })();
    const results = [];
    for (const options of [${options.join(", ")}]) {
      try { new ICloudReady(options); results.push("created"); }
      catch (error) { results.push(error instanceof ConfigurationError && /icloud-ready\\/forwarder/.test(error.message) ? "rejected" : String(error)); }
    }
    console.log(JSON.stringify(results));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout);
}

test("in a page, web worker or service worker a credential as text is rejected", async () => {
  const options = [
    `{ accessToken: "t" }`,
    `{ apiKey: "k", organizationId: "o" }`,
    `{ accessToken: "t", dangerouslyAllowBrowser: true }`,
    `{ accessToken: () => "t" }`,
    `{}`,
  ];
  const noNode = `const { log } = console; Object.defineProperty(globalThis, "process", { value: undefined, configurable: true }); delete globalThis.navigator;`;
  for (const scope of ["globalThis.document = {};", "globalThis.WorkerGlobalScope = function () {};"]) {
    assert.deepEqual(
      await inRuntime(`${noNode} ${scope}`, options),
      ["rejected", "rejected", "created", "created", "created"],
      scope,
    );
    const servers = [
      "globalThis.Deno = {};",
      "globalThis.Bun = {};",
      "globalThis.EdgeRuntime = 'x';",
      "Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Cloudflare-Workers' } });",
    ];
    for (const server of servers)
      assert.deepEqual(await inRuntime(`${noNode} ${scope} ${server}`, options), Array(5).fill("created"), server);
  }
  assert.deepEqual(
    await inRuntime("globalThis.document = {};", options),
    Array(5).fill("created"),
    "Node with a document, as in tests of pages",
  );
});
