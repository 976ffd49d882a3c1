// Hooks and the logger: what they receive, in which order, and that they do not affect the call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAD, client, failure, notThere, failOnUnhandled } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

const recording = () => {
  const received = [];
  const hook = (name) => (event) => void received.push([name, event]);
  return { received, hooks: { onRequest: hook("request"), onResponse: hook("response"), onRetry: hook("retry") } };
};

test("the hooks of a call that is retried", async (t) => {
  t.mock.method(Math, "random", () => 0.5);
  const recorder = await record(t, [
    { status: 503, headers: { "x-request-id": "r1", "set-cookie": "a=b" } },
    { body: { _id: "1" }, headers: { "cf-ray": "r2" } },
  ]);
  const { received, hooks } = recording();
  await client(recorder, hooks).leads.patch("secret-id", {});
  assert.deepEqual(
    received.map(([name]) => name),
    ["request", "response", "retry", "request", "response"],
  );
  const [, [, first], [, retry], , [, second]] = received;
  assert.deepEqual(received[0][1], { operation: "leads.patch", method: "PATCH", route: "/leads/{id}", attempt: 1 });
  assert.deepEqual(received[3][1], { operation: "leads.patch", method: "PATCH", route: "/leads/{id}", attempt: 2 });
  assert.deepEqual(retry, { operation: "leads.patch", attempt: 1, delayMs: 250, reason: "status", status: 503 });
  assert.deepEqual(
    [first.operation, first.route, first.status, first.requestId, first.attempt],
    ["leads.patch", "/leads/{id}", 503, "r1", 1],
  );
  assert.deepEqual([second.status, second.requestId, second.attempt], [200, "r2", 2]);
  assert.equal(first.headers.get("x-request-id"), "r1");
  assert.equal(first.headers.get("set-cookie"), null);
  assert.equal(typeof first.durationMs, "number");
  for (const [, event] of received) assert.ok(Object.isFrozen(event));
});

test("the reasons of a retry", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t);
  for (const [script, reason, call] of [
    [{ cut: true }, "connection"],
    [{ hang: true }, "timeout"],
    [{ status: 500 }, "reconcile", (crm) => crm.leads.create(LEAD, { submissionId: "submission-1", maxRetries: 0 })],
  ]) {
    recorder.script = ({ method }) => (method === "GET" && call ? { body: [] } : script);
    const { received, hooks } = recording();
    const crm = client(recorder, {
      ...hooks,
      timeout: reason === "timeout" ? 25 : 5_000,
      maxRetries: 1,
      reconcileDelays: [1],
    });
    await failure(call ? call(crm) : crm.leads.retrieve("1"));
    const retries = received.filter(([name]) => name === "retry").map(([, event]) => event);
    assert.deepEqual(
      retries.map((event) => event.reason),
      [reason],
    );
    assert.ok(!("status" in retries[0]));
  }
});

test("the route of `request`, of a lookup and of sign-in is a template, never a URL", async (t) => {
  const recorder = await record(t, (request) => {
    if (request.target.includes("/leads?")) return notThere(request);
    return { body: request.path.endsWith("signin") ? { token: "t" } : { _id: "1" } };
  });
  const { received, hooks } = recording();
  const crm = client(recorder, hooks);
  await crm.request({ method: "GET", path: "/stages/{id}", params: { id: "5" }, query: { q: "x" } });
  await crm.leads.create(LEAD, { submissionId: "submission-1", checkExisting: true });
  const { ICloudReady } = (await import("./support/package.mjs")).icloudReady;
  await new ICloudReady({ baseURL: recorder.url, ...hooks }).signIn({ email: "e", password: "p" });
  const routes = received
    .filter(([name]) => name === "request")
    .map(([, { operation, route }]) => `${operation} ${route}`);
  assert.deepEqual(routes, ["request /stages/{id}", ...Array(8).fill("leads.create /leads"), "signIn /signin"]);
});

test("a hook that throws, rejects, or modifies its argument does not affect the call, and is logged", async (t) => {
  const settled = failOnUnhandled(t);
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t);
  const hooks = [
    () => {
      throw new Error("from a hook");
    },
    async () => {
      throw new Error("from a hook");
    },
    () => ({
      then(_, reject) {
        reject(new Error("from a hook"));
      },
    }),
    (event) => {
      event.attempt = 9;
      event.headers.set("a", "b");
    },
    (event) => {
      Object.defineProperty(event, "operation", { value: "x" });
    },
    () => {
      throw undefined;
    },
  ];
  for (const hook of hooks) {
    recorder.clear();
    recorder.script = [{ status: 503 }, { body: { _id: "1" } }];
    const errors = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (line) => errors.push(line) };
    const crm = client(recorder, { onRequest: hook, onResponse: hook, onRetry: hook, logger });
    assert.equal((await crm.leads.retrieve("1", { onResponse: hook }))._id, "1");
    await settled();
    assert.ok(errors.length >= 2, String(hook));
    for (const line of errors) assert.doesNotMatch(line, /from a hook/);
  }
});

test("a logger receives lines, and one that throws does not affect the call", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, [{ status: 503 }, { body: { _id: "1" } }]);
  const lines = [];
  const note =
    (level) =>
    (...args) =>
      void lines.push([level, ...args]);
  await client(recorder, {
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
  }).leads.retrieve("secret-id");
  assert.ok(lines.some(([level]) => level === "warn") && lines.some(([level]) => level === "debug"));
  for (const [, line, ...rest] of lines) {
    assert.equal(typeof line, "string");
    assert.equal(rest.length, 0);
    assert.match(line, /leads\.retrieve/);
    assert.doesNotMatch(line, /secret-id|127\.0\.0\.1/);
  }
  const settled = failOnUnhandled(t);
  const thrower = () => {
    throw new Error("from the logger");
  };
  const rejecter = async () => thrower();
  for (const logger of [...[thrower, rejecter].map((one) => ({ debug: one, info: one, warn: one, error: one })), {}]) {
    recorder.clear();
    assert.equal((await client(recorder, { logger, onRequest: thrower }).leads.retrieve("1"))._id, "1");
  }
  await settled();
});

test("silent by default", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, [{ status: 503 }, { status: 400 }]);
  const methods = ["debug", "info", "warn", "error", "log"].map((name) => t.mock.method(console, name, () => {}));
  await failure(client(recorder).leads.retrieve("1"));
  for (const method of methods) assert.equal(method.mock.callCount(), 0);
});

test("a call's onResponse receives status and headers of each response, and cannot consume the body", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, [
    { status: 503 },
    { body: { _id: "1" }, headers: { "x-a": "b", "set-cookie": "c=d" } },
  ]);
  const seen = [];
  const lead = await client(recorder).leads.retrieve("1", {
    onResponse: async (response) => {
      seen.push([response instanceof Response, response.status, response.headers.get("x-a")]);
      await response.text();
    },
  });
  assert.equal(lead._id, "1");
  assert.deepEqual(seen, [
    [true, 503, null],
    [true, 200, "b"],
  ]);
});
