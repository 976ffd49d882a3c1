// A panic in the wasm fails the calls of its instance with InternalError, and nothing else. Needs the package built
// with the cargo feature `panic-test`, in which a call can be made to panic.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { waitUntil } from "../../tools/wait.mjs";
import { client as plainClient, LEAD, failOnUnhandled } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url));
const folder = pathToFileURL(`${process.env.PANIC_PACKAGE ?? join(target, "pkg-panic-test")}/`).href;
const { ICloudReady, InternalError, TimeoutError, preload } = await import(
  // The entry for Node.js has a copy of the glue, whose class cannot be replaced.
  new URL("runtime/default.js", folder)
);
const { Core } = await import(new URL("wasm/client.js", folder));

assert.ok(Core.prototype.panicForTest, "run: cargo xtask build --feature panic-test");

/** Makes the next entry into the wasm with this name panic. */
function panicOnce(entry) {
  const original = Core.prototype[entry];
  Core.prototype[entry] = function () {
    Core.prototype[entry] = original;
    this.panicForTest();
  };
}

const client = (server, options = {}) =>
  new ICloudReady({
    baseURL: server.url,
    rateLimit: false,
    ...("accessToken" in options ? {} : { accessToken: "t" }),
    ...options,
  });

const outcome = (call) =>
  Promise.resolve(call).then(
    (value) => ({ value }),
    (error) => ({ error }),
  );

function assertInternal({ error }, expected = {}) {
  assert.ok(error instanceof InternalError, error?.stack);
  assert.equal(error.name, "InternalError");
  assert.equal(error.code, "internal");
  assert.ok(error.cause instanceof WebAssembly.RuntimeError, "the cause is the trap");
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value, name);
}

test("two calls in progress fail with InternalError, and the next call works", async (t) => {
  const settled = failOnUnhandled(t);
  const recorder = await record(t, (request) =>
    request.path.endsWith("/wait") ? { hang: true } : { body: { _id: "1" } },
  );
  const crm = client(recorder);
  const inFlight = [
    outcome(crm.request({ method: "GET", path: "/wait" })),
    outcome(crm.request({ method: "POST", path: "/wait", body: LEAD })),
  ];
  await waitUntil("2 requests", () => recorder.requests.length === 2);
  panicOnce("call");
  assertInternal(await outcome(crm.leads.create(LEAD)), { operation: "leads.create", attempts: 0, ambiguous: false });
  const [read, write] = await Promise.all(inFlight);
  assertInternal(read, { operation: "request", attempts: 1, ambiguous: false });
  // The CRM may have committed, although its response is lost.
  assertInternal(write, { operation: "request", attempts: 1, ambiguous: true });
  assert.equal((await crm.leads.create(LEAD))._id, "1");
  await waitUntil("the end of the abandoned connections", () => recorder.closed.length === 2);
  await settled();
});

test("a panic while a response is processed", async (t) => {
  const settled = failOnUnhandled(t);
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder);
  await preload();
  panicOnce("resume");
  assertInternal(await outcome(crm.leads.create(LEAD)), { attempts: 1, ambiguous: true });
  assert.equal((await crm.leads.retrieve("1"))._id, "1");
  assert.equal(recorder.requests.length, 2);
  await settled();
});

test("clients share one instance, and all recover after a panic", async (t) => {
  const settled = failOnUnhandled(t);
  const recorder = await record(t, (request) => (request.method === "POST" ? { hang: true } : { body: { _id: "1" } }));
  const clients = [client(recorder), client(recorder, { accessToken: "other" })];
  const inFlight = clients.map((crm) => outcome(crm.leads.create(LEAD)));
  await waitUntil("2 requests", () => recorder.requests.length === 2);
  panicOnce("call");
  await outcome(clients[0].leads.retrieve("1"));
  for (const result of await Promise.all(inFlight)) assertInternal(result);
  for (const crm of clients) assert.equal((await crm.leads.retrieve("1"))._id, "1");
  await settled();
});

test("the limiter's windows survive, including calls in progress", async (t) => {
  const recorder = await record(t, (request) => (request.method === "POST" ? { hang: true } : { body: { _id: "1" } }));
  const crm = client(recorder, { rateLimit: { perMinute: 4, perHour: 100 }, maxQueueWait: 30 });
  await crm.leads.retrieve("1");
  await crm.leads.retrieve("1");
  const lost = outcome(crm.leads.create(LEAD));
  await waitUntil("3 requests", () => recorder.requests.length === 3);
  panicOnce("call");
  await outcome(crm.leads.retrieve("1"));
  assertInternal(await lost);
  await crm.leads.retrieve("1");
  const { error } = await outcome(crm.leads.retrieve("1"));
  assert.ok(error instanceof TimeoutError, error?.stack);
  assert.equal(error.code, "queue_timeout");
  assert.equal(recorder.requests.length, 4);
});

test("a list started before the panic fails with InternalError, a new one works", async (t) => {
  const settled = failOnUnhandled(t);
  const recorder = await record(t, { body: [{ _id: "1" }] });
  const crm = client(recorder);
  const page = await crm.leads.list();
  panicOnce("call");
  await outcome(crm.leads.retrieve("1"));
  const { error } = await outcome(page.getNextPage());
  assert.ok(error instanceof InternalError, error?.stack);
  assert.equal(error.operation, "leads.list");
  // That error is not a panic itself: later calls continue.
  const other = await crm.leads.list();
  assert.equal((await outcome(page.getNextPage())).error.name, "InternalError");
  assert.equal(await other.getNextPage(), null);
  await settled();
});

test("late responses to calls of the old instance are ignored", async (t) => {
  const settled = failOnUnhandled(t);
  const responses = [];
  // A `fetch` that ignores signals, as some polyfills do.
  const crm = client({ url: "http://127.0.0.1:1" }, { fetch: () => new Promise((resolve) => responses.push(resolve)) });
  const respond = () => new Response('{"_id":"1"}');
  const lost = outcome(crm.leads.create(LEAD));
  await waitUntil("the first request", () => responses.length === 1);
  panicOnce("call");
  await outcome(crm.leads.retrieve("1"));
  assertInternal(await lost);
  const next = crm.leads.create(LEAD);
  await waitUntil("the second request", () => responses.length === 2);
  responses[0](respond());
  await settled();
  responses[1](respond());
  assert.equal((await next)._id, "1");
  await settled();
});

test("tokens and sign-ins survive", async (t) => {
  const recorder = await record(t, (request) => ({
    body: request.path.endsWith("/signin") ? { token: "signed" } : { _id: "1" },
  }));
  const crm = new ICloudReady({ baseURL: recorder.url });
  await crm.signIn({ email: "e", password: "p" });
  panicOnce("call");
  await outcome(crm.leads.retrieve("1"));
  await crm.leads.retrieve("1");
  assert.ok(
    recorder.requests.at(-1).headers.some(([name, value]) => name === "authorization" && value === "Bearer signed"),
  );
});

test("a panic of this copy does not affect another copy", async (t) => {
  const recorder = await record(t, (request) =>
    request.method === "POST" ? { delay: 50, body: { _id: "1" } } : { body: { _id: "1" } },
  );
  const other = plainClient(recorder).leads.create(LEAD);
  await waitUntil("the request", () => recorder.requests.length === 1);
  panicOnce("call");
  assertInternal(await outcome(client(recorder).leads.retrieve("1")));
  assert.equal((await other)._id, "1");
});
