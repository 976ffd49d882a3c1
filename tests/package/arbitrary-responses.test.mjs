// A custom `fetch` may resolve with anything, and a server may respond with anything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { randomIntegers, SEED } from "../support/rng.mjs";
import { client, failure, LEAD, failOnUnhandled } from "./support/helpers.mjs";
import { hostileValues } from "./support/hostile.mjs";
import { icloudReady } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const { InternalError, isICloudReadyError, preload } = icloudReady;

const response = (more) => ({ status: 200, headers: new Headers(), text: async () => `{"_id":"1"}`, ...more });

/** Ways in which a `fetch` can resolve with an invalid value. */
const FETCHES = {
  "answers with": (value) => async () => value,
  "rejects with": (value) => () => Promise.reject(value),
  throws: (value) => () => {
    throw value;
  },
  "has as status": (value) => async () => response({ status: value }),
  "has as headers": (value) => async () => response({ headers: value }),
  "has as header": (value) => async () => response({ status: 429, headers: { get: () => value } }),
  "has as text": (value) => async () => response({ text: async () => value }),
  "has as text method": (value) => async () => response({ text: value }),
};

for (const [what, make] of Object.entries(FETCHES)) {
  test(`a fetch that ${what} anything: a result or a documented error`, { timeout: 120_000 }, async (t) => {
    await preload();
    const settled = failOnUnhandled(t);
    for (const [name, value] of Object.entries(hostileValues())) {
      const crm = client("http://127.0.0.1:1", { fetch: make(value), maxRetries: 0, onResponse: () => {}, logger });
      try {
        await crm.leads.create(LEAD, { onResponse: () => {} });
      } catch (error) {
        assert.ok(isICloudReadyError(error), `${name}: ${error?.stack ?? typeof error}`);
        assert.ok(!(error instanceof InternalError), `${name}: ${error.stack}`);
      }
    }
    await settled();
  });
}

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Random bytes. */
function* bytesOf(seed) {
  const next = randomIntegers(seed);
  for (;;) yield next() >>> 24;
}

test("any bytes as a response: a result or a documented error", { timeout: 120_000 }, async (t) => {
  const settled = failOnUnhandled(t);
  t.diagnostic(`seed ${SEED}`);
  const bytes = bytesOf(SEED);
  const pieces = [
    '{"',
    '":',
    "[",
    "]",
    "}",
    ",",
    "null",
    "1e999",
    '"_id":"1"',
    "\\ud800",
    "\u00ff",
    "data",
    "__proto__",
    " ",
  ];
  const next = () => bytes.next().value;
  let body;
  const crm = client("http://127.0.0.1:1", {
    maxRetries: 0,
    fetch: async () => new Response(body, { status: [200, 201, 400, 401, 404, 429, 500][next() % 7] }),
  });
  for (let round = 0; round < 2_000; round++) {
    const raw = Buffer.from(Array.from({ length: next() % 40 }, next));
    const composed = Array.from({ length: next() % 9 }, () => pieces[next() % pieces.length]).join("");
    body = next() % 2 ? raw : composed;
    for (const call of [() => crm.leads.create(LEAD), () => crm.leads.list(), () => crm.leads.patch("1", {})]) {
      const outcome = await call().then(
        () => undefined,
        (error) => error,
      );
      if (outcome)
        assert.ok(
          isICloudReadyError(outcome) && !(outcome instanceof InternalError),
          `round ${round} of seed ${SEED}: ${outcome.stack}`,
        );
    }
  }
  await settled();
});

test("a response that is not HTTP is a ConnectionError", async (t) => {
  const recorder = await record(t, { cut: "body", body: { a: "b".repeat(1_000) } });
  const crm = client(recorder, { maxRetries: 0 });
  const error = await failure(crm.leads.create(LEAD), "ConnectionError");
  assert.equal(error.ambiguous, true);
  assert.equal(error.code, "connection");
});
