// The three timeouts, each only in its own phase; and an abort, which settles a call at once in every phase.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { fakeClock, heldTimer } from "./support/clock.mjs";
import { client, failure, LEAD, pause, failOnUnhandled } from "./support/helpers.mjs";
import { freshCopy, icloudReady } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const never = () => new Promise(() => {});
/** Much longer than the test may take: waiting for it would be noticed. */
const LONG = 600_000;

/** Phases of a call that do not end by themselves: `[server's script, client's options, call]`. */
const PHASES = {
  limiter: {
    options: { rateLimit: { perMinute: 1, perHour: 100 } },
    before: (crm) => crm.leads.retrieve("0"),
    script: { body: { _id: "1" } },
    clock: "queue_timeout",
    attempts: 0,
  },
  token: { options: { accessToken: never }, script: {}, clock: "timeout", attempts: 1 },
  sending: { script: { hang: true }, clock: "timeout", attempts: 1, sent: true },
  body: { script: { hang: "body", body: { a: "bbbb" } }, clock: "timeout", attempts: 1, sent: true },
  "back-off": { script: { status: 429, headers: { "retry-after": "50" } }, waits: true, attempts: 1 },
  reconciling: {
    options: { reconcileDelays: [50_000] },
    script: { status: 500 },
    waits: true,
    attempts: 1,
    ambiguous: true,
    call: (crm, options) => crm.leads.create(LEAD, { submissionId: "submission-1", ...options }),
  },
  "a lookup": {
    options: { reconcileDelays: [1] },
    script: ({ method }) => (method === "POST" ? { status: 500 } : { hang: true }),
    attempts: 1,
    ambiguous: true,
    call: (crm, options) => crm.leads.create(LEAD, { submissionId: "submission-1", ...options }),
  },
};

async function begin(t, phase, options, onHang) {
  const { script, before, call = (crm, options) => crm.leads.create(LEAD, options) } = PHASES[phase];
  const recorder = await record(t, script, onHang);
  let waiting = false;
  const crm = client(recorder, {
    timeout: LONG,
    totalTimeout: LONG,
    onRetry: () => (waiting = true),
    ...PHASES[phase].options,
    ...options,
  });
  // The first steps of a call then run at once.
  await icloudReady.preload();
  await before?.(crm);
  recorder.clear();
  const reached = async () => {
    const { waits, sent } = PHASES[phase];
    if (waits) return waitUntil("the wait", () => waiting);
    if (sent) return waitUntil("the request", () => recorder.requests.length === 1);
    if (phase === "a lookup") return waitUntil("the lookup", () => recorder.requests.length === 2);
    return pause(20);
  };
  return { recorder, reached, start: (options) => call(crm, options) };
}

for (const [phase, { attempts, ambiguous, sent }] of Object.entries(PHASES)) {
  test(`abort while in: ${phase}`, { timeout: 120_000 }, async (t) => {
    const settled = failOnUnhandled(t);
    const { recorder, reached, start } = await begin(t, phase);
    const controller = new AbortController();
    const call = start({ signal: controller.signal });
    await reached();
    const reason = { why: "enough" };
    controller.abort(reason);
    const error = await failure(call, "AbortError");
    assert.equal(error.cause, reason);
    assert.equal(error.attempts, attempts);
    assert.equal(error.ambiguous, !!(ambiguous || sent));
    if (sent) await waitUntil("the end of the connection", () => recorder.closed.length === recorder.requests.length);
    await settled();
  });
}

for (const [phase, { clock, attempts, sent }] of Object.entries(PHASES).filter(([, { clock }]) => clock)) {
  const option = { queue_timeout: "maxQueueWait", timeout: "timeout" }[clock];
  test(`${option} fires in: ${phase}`, { timeout: 120_000 }, async (t) => {
    const { recorder, start } = await begin(t, phase, { [option]: 30, maxRetries: 0 });
    const error = await failure(start(), "TimeoutError");
    assert.equal(error.code, clock);
    assert.equal(error.attempts, attempts);
    assert.equal(error.ambiguous, !!sent);
    if (sent) await waitUntil("the end of the connection", () => recorder.closed.length === recorder.requests.length);
  });
}

for (const phase of ["token", "sending", "body", "a lookup"]) {
  test(`totalTimeout fires in: ${phase}`, { timeout: 120_000 }, async (t) => {
    // A request that hangs lets it fire: what comes before may take its time.
    const [totalTimeout, onHang] = phase === "token" ? [60] : [15_000, heldTimer(t, 10_000)];
    const { start } = await begin(t, phase, { totalTimeout }, onHang);
    const error = await failure(start(), "TimeoutError");
    assert.equal(error.code, "total_timeout");
    assert.equal(error.ambiguous, phase !== "token");
  });
}

for (const phase of ["back-off", "reconciling"]) {
  test(`no wait starts that would exceed totalTimeout: ${phase}`, { timeout: 120_000 }, async (t) => {
    const { start } = await begin(t, phase, { totalTimeout: 40_000 });
    const error = await failure(start());
    assert.equal(error.status, phase === "back-off" ? 429 : 500);
  });
}

test("neither timeout nor totalTimeout counts the time in the limiter", { timeout: 120_000 }, async (t) => {
  const { start } = await begin(t, "limiter", { maxQueueWait: 50 });
  assert.equal((await failure(start({ timeout: 1, totalTimeout: 1 }), "TimeoutError")).code, "queue_timeout");
});

test("maxQueueWait counts only time in the limiter, and 0 disables it", { timeout: 120_000 }, async (t) => {
  const recorder = await record(t, { delay: 60, body: { _id: "1" } });
  await client(recorder, { maxQueueWait: 1, rateLimit: undefined }).leads.retrieve("1");
  await client(recorder, { timeout: 0, totalTimeout: 0, maxQueueWait: 0, rateLimit: undefined }).leads.retrieve("1");
  assert.equal(recorder.requests.length, 2);
});

test("a call's own timeouts override the client's", { timeout: 120_000 }, async (t) => {
  const recorder = await record(t, { delay: 60, body: { _id: "1" } });
  const crm = client(recorder, { timeout: 5, totalTimeout: 5, maxRetries: 0 });
  await crm.leads.retrieve("1", { timeout: 0, totalTimeout: 0 });
  assert.equal((await failure(crm.leads.retrieve("1", { timeout: LONG }), "TimeoutError")).code, "total_timeout");
  assert.equal((await failure(crm.leads.retrieve("1", { totalTimeout: LONG }), "TimeoutError")).code, "timeout");
});

test("a timeout longer than a timer can hold does not fire at once", { timeout: 120_000 }, async (t) => {
  const recorder = await record(t, { delay: 20, body: { _id: "1" } });
  await client(recorder, { timeout: 1e12, totalTimeout: 1e13 }).leads.retrieve("1");
});

test("loading the wasm is bounded by timeout, ended by an abort, and retried", { timeout: 120_000 }, async (t) => {
  const settled = failOnUnhandled(t);
  const { folder, remove } = await freshCopy();
  t.after(remove);
  const { ICloudReady } = await import(new URL("dist/slim.js", folder));
  const { readFile } = await import("node:fs/promises");
  const recorder = await record(t, { body: { _id: "1" } });
  const slim = (wasm, more) => new ICloudReady({ baseURL: recorder.url, accessToken: "t", wasm, ...more });
  const code = async (call) =>
    (
      await call.then(
        () => assert.fail("must fail"),
        (error) => error,
      )
    ).code;

  assert.equal(await code(slim(undefined).leads.retrieve("1")), "configuration");
  assert.equal(await code(slim(never(), { timeout: 20 }).leads.retrieve("1")), "timeout");
  const controller = new AbortController();
  const waiting = slim(never()).leads.retrieve("1", { signal: controller.signal });
  await pause(10);
  controller.abort("enough");
  const aborted = await waiting.catch((error) => error);
  assert.deepEqual(
    [aborted.name, aborted.cause, aborted.attempts, aborted.operation],
    ["AbortError", "enough", 0, "leads.retrieve"],
  );
  // No call waits for that load any more, but it is still pending: its timeout lets the next one start again.
  assert.equal(await code(slim(never(), { timeout: 20 }).leads.retrieve("1")), "timeout");
  const failed = await slim(Promise.reject(new Error("no wasm")))
    .leads.retrieve("1")
    .catch((error) => error);
  assert.deepEqual(
    [failed.name, failed.operation, failed.cause.message],
    ["ConnectionError", "leads.retrieve", "no wasm"],
  );
  for (const bad of [new Uint8Array(4), new Response("x", { status: 404 }), 5])
    assert.equal(await code(slim(bad).leads.retrieve("1")), "connection");
  assert.equal(recorder.requests.length, 0);
  const bytes = await readFile(new URL("icloud-ready.wasm", folder));
  assert.equal((await slim(bytes).leads.retrieve("1"))._id, "1");
  await settled();
});

test("an abort from within a hook or a token function settles the call", { timeout: 120_000 }, async (t) => {
  const settled = failOnUnhandled(t);
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, { status: 503 });
  for (const where of ["onRequest", "onResponse", "onRetry", "accessToken", "fetch"]) {
    const controller = new AbortController();
    const abort = () => (controller.abort(where), where === "fetch" ? never() : "token");
    const error = await failure(
      client(recorder, { [where]: abort }).leads.retrieve("1", { signal: controller.signal }),
      "AbortError",
    );
    assert.equal(error.cause, where);
  }
  await settled();
});

const HOUR = 3_600_000;
const JUMPS = [HOUR, 24 * HOUR, 365 * 24 * HOUR].flatMap((jump) => [jump, -jump]);

for (const jump of JUMPS) {
  test(
    `setting the machine's date ${jump > 0 ? "ahead" : "back"} by ${Math.abs(jump) / HOUR} hours changes no wait`,
    { timeout: 120_000 },
    async (t) => {
      await icloudReady.preload();
      const clock = fakeClock(t);
      let response;
      const crm = client("https://crm.example", {
        rateLimit: { perMinute: 2, perHour: 100 },
        fetch: async () => response,
      });
      const send = (options) => {
        response ??= Response.json({ _id: "1" });
        const call = crm.leads.retrieve("1", options).finally(() => (response = undefined));
        return call;
      };
      await send();
      await send();
      // Two per minute are used: the third waits for the rest of the minute, in its queue or before.
      clock.setDate(jump);
      const third = send();
      assert.equal(await clock.within(59_990, third), undefined);
      clock.setDate(-2 * jump);
      assert.ok((await clock.within(20, third))?.value, "the window is a minute of time");
      assert.ok((await clock.within(20, send()))?.value);
      clock.setDate(jump);

      // The limiter opens again automatically after a 429.
      assert.ok(await clock.within(60_010, pauseFor(60_010)));
      response = new Response("{}", { status: 429, headers: { "retry-after": "30" } });
      assert.equal((await clock.within(20, send({ maxRetries: 0 })))?.error.code, "rate_limit");
      clock.setDate(jump);
      const closed = send();
      assert.equal(await clock.within(29_990, closed), undefined);
      clock.setDate(-2 * jump);
      assert.ok((await clock.within(20, closed))?.value);

      // A back-off, and the timeout that bounds the whole call.
      assert.ok(await clock.within(60_010, pauseFor(60_010)));
      response = new Response("{}", { status: 503, headers: { "retry-after": "20" } });
      const retried = send({ totalTimeout: 21_000 });
      assert.equal(await clock.within(19_000, retried), undefined);
      clock.setDate(jump);
      response = Response.json({ _id: "1" });
      assert.ok((await clock.within(1_020, retried))?.value);
    },
  );
}

const pauseFor = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
