// Token functions, a rejected token that is replaced once for all calls, and sign-in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { client, failure, LEAD, pause, failOnUnhandled } from "./support/helpers.mjs";
import { icloudReady } from "./support/package.mjs";
import { header, record } from "./support/recorder.mjs";
import { EMAIL, PASSWORD, startSandbox } from "../../tools/sandbox.mjs";

const { ICloudReady } = icloudReady;
const tokenOf = (request) => header(request, "authorization")?.replace("Bearer ", "");

/** Responds with 401 to all tokens but one. */
const only = (state) => (request) =>
  tokenOf(request) === state.token ? { body: { _id: "1" } } : { status: 401, body: {} };

test("a token function is called before each request, and its result is used", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  let tokenCalls = 0;
  for (const accessToken of [() => `token-${++tokenCalls}`, async () => `token-${++tokenCalls}`]) {
    tokenCalls = 0;
    recorder.clear();
    const crm = client(recorder, { accessToken });
    for (let call = 0; call < 3; call++) await crm.leads.create(LEAD);
    assert.deepEqual(recorder.requests.map(tokenOf), ["token-1", "token-2", "token-3"]);
  }
  const crm = client(recorder, { apiKey: () => "key", organizationId: "o" });
  await crm.leads.create(LEAD);
  assert.equal(header(recorder.requests.at(-1), "x-api-key"), "key");
});

test("a retry gets the token again", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, [{ status: 503 }, { body: { _id: "1" } }]);
  let tokenCalls = 0;
  await client(recorder, { accessToken: () => `token-${++tokenCalls}` }).leads.retrieve("1");
  assert.deepEqual(recorder.requests.map(tokenOf), ["token-1", "token-2"]);
});

test("concurrent calls share one call of the token function", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  let tokenCalls = 0;
  const crm = client(recorder, { accessToken: async () => (await pause(20), `token-${++tokenCalls}`) });
  await Promise.all(Array.from({ length: 20 }, () => crm.leads.create(LEAD)));
  assert.equal(tokenCalls, 1);
  assert.equal(recorder.requests.length, 20);
});

test("100 concurrent calls over a rotation: one refresh, all succeed", async (t) => {
  const state = { token: "old" };
  const recorder = await record(t, async (request, index) => {
    // Rejections arrive in an arbitrary order.
    await pause((index * 7) % 13);
    return only(state)(request);
  });
  let refreshed = 0;
  let cached = "old";
  const refusals = () => recorder.requests.filter((request) => tokenOf(request) === "old").length;
  const crm = client(recorder, {
    accessToken: async () => {
      await pause(2);
      // As users write it: a cached token, renewed after the CRM rejected it.
      if (cached !== state.token && refusals() > 0) {
        refreshed++;
        cached = state.token;
      }
      return cached;
    },
  });
  await crm.leads.create(LEAD);
  recorder.clear();
  state.token = "new";
  const created = await Promise.all(Array.from({ length: 100 }, () => crm.leads.create(LEAD)));
  assert.equal(created.length, 100);
  assert.equal(refreshed, 1);
  assert.equal(recorder.requests.filter((request) => tokenOf(request) === "new").length, 100);
});

test("a token rejected twice is an AuthenticationError after two requests and two token calls", async (t) => {
  const recorder = await record(t, { status: 401 });
  for (const [call, concurrent] of [
    [(crm) => crm.leads.create(LEAD), 1],
    [(crm) => crm.leads.retrieve("1"), 5],
  ]) {
    let tokenCalls = 0;
    recorder.clear();
    const crm = client(recorder, { accessToken: async () => (tokenCalls++, "same"), maxRetries: 0 });
    const errors = await Promise.all(
      Array.from({ length: concurrent }, () => failure(call(crm), "AuthenticationError")),
    );
    for (const error of errors) assert.deepEqual([error.attempts, error.ambiguous, error.status], [2, false, 401]);
    assert.equal(recorder.requests.length, 2 * concurrent);
    if (concurrent === 1) assert.equal(tokenCalls, 2);
    // Once for all: the 401s of five calls may arrive while no token call is pending.
    else assert.ok(tokenCalls <= 1 + concurrent, `${tokenCalls} token calls`);
  }
});

test("a token that was replaced meanwhile is used without another call", async (t) => {
  const state = { token: "token-2" };
  const late =
    Promise.withResolvers?.() ??
    (() => {
      let resolve;
      const promise = new Promise((done) => (resolve = done));
      return { promise, resolve };
    })();
  const recorder = await record(t, async (request) => {
    if (request.path.endsWith("/late") && tokenOf(request) === "token-1") await late.promise;
    return only(state)(request);
  });
  let tokenCalls = 0;
  const crm = client(recorder, { accessToken: async () => `token-${Math.min(++tokenCalls, 2)}` });
  const first = crm.request({ method: "GET", path: "/late" });
  await waitUntil("the request", () => recorder.requests.length === 1);
  await crm.request({ method: "GET", path: "/now" });
  assert.equal(tokenCalls, 2);
  late.resolve();
  await first;
  assert.equal(tokenCalls, 2, "the newer token is known already");
});

test("a rejected string token fails at once", async (t) => {
  const recorder = await record(t, { status: 401 });
  const error = await failure(client(recorder).leads.create(LEAD), "AuthenticationError");
  assert.equal(error.attempts, 1);
  assert.equal(recorder.requests.length, 1);
});

test("a token function that throws, rejects or returns an invalid token: an AuthenticationError with the cause", async (t) => {
  const settled = failOnUnhandled(t);
  const recorder = await record(t);
  const thrown = new Error("no token today");
  const rubbish = [undefined, null, "", " ", 5, {}, [], "a\nb", "\u0100", Symbol("s"), () => "t", { then: 5 }];
  for (const accessToken of [
    () => {
      throw thrown;
    },
    () => Promise.reject(thrown),
    async () => {
      throw thrown;
    },
  ]) {
    const error = await failure(client(recorder, { accessToken }).leads.create(LEAD), "AuthenticationError");
    assert.equal(error.cause, thrown);
    assert.deepEqual([error.status, error.ambiguous], [undefined, false]);
  }
  for (const value of rubbish) {
    const error = await failure(
      client(recorder, { accessToken: () => value }).leads.create(LEAD),
      "AuthenticationError",
    );
    assert.ok(error.cause instanceof Error);
    await failure(client(recorder, { accessToken: async () => value }).leads.list(), "AuthenticationError");
  }
  assert.equal(recorder.requests.length, 0);
  await settled();
});

test("a token function that hangs causes a timeout or an abort error, and is then called again", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  let tokenCalls = 0;
  const accessToken = () => (++tokenCalls % 2 ? new Promise(() => {}) : "token");
  for (const [options, code] of [
    [{ timeout: 20 }, "timeout"],
    [{ totalTimeout: 20, timeout: 0 }, "total_timeout"],
  ]) {
    const crm = client(recorder, { accessToken, maxRetries: 0, ...options });
    assert.equal((await failure(crm.leads.create(LEAD), "TimeoutError")).code, code);
    await crm.leads.create(LEAD, { timeout: 0, totalTimeout: 0 });
  }
  const crm = client(recorder, { accessToken, timeout: 0, totalTimeout: 0 });
  const controller = new AbortController();
  const call = crm.leads.create(LEAD, { signal: controller.signal });
  await waitUntil("the fifth token", () => tokenCalls === 5);
  controller.abort();
  assert.equal((await failure(call, "AbortError")).ambiguous, false);
  await crm.leads.create(LEAD);
  assert.equal(recorder.requests.length, 3);
});

test("sign-in: the token is found under every common name, and derived clients share it", async (t) => {
  const sandbox = await startSandbox(t);
  for (const name of ["accessToken", "access_token", "token", "jwt"]) {
    for (const place of [null, "data", "result", "user"]) {
      await sandbox.switches({ signinShape: { key: name, in: place } });
      const crm = new ICloudReady({ baseURL: sandbox.url });
      const sibling = crm.withOptions({ timeout: 5_000 });
      const { accessToken } = await crm.signIn({ email: EMAIL, password: PASSWORD });
      assert.ok((await client(sandbox, { accessToken }).leads.create(LEAD))._id, "the token that was returned");
      assert.ok((await sibling.leads.create(LEAD))._id, `${place}.${name}`);
    }
  }
});

test("sign-in: failures and invalid responses", async (t) => {
  const recorder = await record(t, { body: { other: "t" } });
  const crm = new ICloudReady({ baseURL: recorder.url });
  const credentials = { email: "e", password: "p" };
  await failure(crm.signIn(credentials), "ResponseError");
  for (const body of ["", "[]", '{"token":""}', '{"token":" "}', '{"token":5}', '{"token":"a\\nb"}']) {
    recorder.script = { body };
    await failure(crm.signIn(credentials), "ResponseError");
  }
  recorder.script = { status: 401 };
  assert.equal((await failure(crm.signIn(credentials), "AuthenticationError")).operation, "signIn");
  await failure(crm.leads.create(LEAD), "ConfigurationError");
  for (const other of [client(recorder), client(recorder, { accessToken: () => "t" })])
    await failure(other.signIn(credentials), "ConfigurationError");
  const sent = recorder.requests.length;
  for (const bad of [undefined, {}, { email: "e" }, { email: "", password: "p" }]) {
    assert.match((await failure(crm.signIn(bad), "ConfigurationError")).message, /email and password/);
  }
  assert.equal(recorder.requests.length, sent);
  const request = recorder.requests[0];
  assert.equal(request.method, "POST");
  assert.equal(request.target, "/api/v2/signin");
  assert.equal(request.body.toString(), JSON.stringify(credentials));
  assert.deepEqual(
    ["authorization", "x-api-key"].map((name) => header(request, name)),
    [undefined, undefined],
  );
});

test("a 401 after signing in is an AuthenticationError", async (t) => {
  const recorder = await record(t, (request) =>
    request.path.endsWith("/signin") ? { body: { token: "s" } } : { status: 401 },
  );
  const crm = new ICloudReady({ baseURL: recorder.url });
  await crm.signIn({ email: "e", password: "p" });
  await failure(crm.leads.create(LEAD), "AuthenticationError");
  assert.equal(recorder.requests.length, 2);
});
