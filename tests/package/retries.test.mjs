// The table of responses, row by row: how often a request is sent, the result, and whether it is ambiguous.
import assert from "node:assert/strict";
import { test } from "node:test";
import { heldTimer } from "./support/clock.mjs";
import { LEAD, client, failure, notThere } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

/** The documented rows: whether to retry if the method allows it, and whether a write is then ambiguous. */
const ROWS = [
  ...[408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524].map((status) => ({
    answer: { status },
    retry: true,
    ambiguous: true,
  })),
  ...[501, 505, 507, 511, 519, 525, 530, 599].map((status) => ({ answer: { status }, retry: false, ambiguous: true })),
  ...[400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 415, 418, 422, 423, 424, 426, 451, 499].map((status) => ({
    answer: { status },
    retry: false,
    ambiguous: false,
  })),
  ...[300, 304, 307].map((status) => ({ answer: { status }, retry: false, ambiguous: true })),
  { answer: { status: 429 }, any: true, retry: true, ambiguous: false },
  { answer: { body: "no JSON" }, retry: false, ambiguous: true },
  { answer: { cut: true }, retry: true, ambiguous: true },
  { answer: { cut: "body", body: { a: "b" } }, retry: true, ambiguous: true },
  { answer: { hang: true }, retry: true, ambiguous: true },
  { answer: { hang: "body", body: { a: "b" } }, retry: true, ambiguous: true },
];

/** Times out as soon as a response hangs. */
const TIMEOUT = 20_000;

const METHODS = ["GET", "PUT", "PATCH", "DELETE", "POST"];

for (const row of ROWS) {
  const name = JSON.stringify(row.answer);
  test(`${name}, by method`, { timeout: 120_000 }, async (t) => {
    // Full jitter at its minimum: no back-off to wait for.
    t.mock.method(Math, "random", () => 0);
    const recorder = await record(t, {}, heldTimer(t, TIMEOUT));
    const crm = client(recorder, { timeout: TIMEOUT });
    for (const method of METHODS) {
      for (const maxRetries of [0, 2]) {
        recorder.clear();
        recorder.script = row.answer;
        const error = await failure(crm.request({ method, path: "/x" }, { maxRetries }));
        const repeats = row.retry && (row.any || method !== "POST");
        assert.equal(recorder.requests.length, repeats ? 1 + maxRetries : 1, method);
        assert.equal(error.attempts, recorder.requests.length, method);
        assert.equal(error.ambiguous, row.ambiguous && method !== "GET", method);
        assert.equal(new Set(recorder.requests.map(({ body, target }) => body.toString() + target)).size, 1);
      }
      if (row.retry && (row.any || method !== "POST")) {
        recorder.clear();
        recorder.script = [row.answer, row.answer, { body: { fine: true } }];
        assert.deepEqual(await crm.request({ method, path: "/x" }), { fine: true });
        assert.equal(recorder.requests.length, 3);
      }
    }
  });

  test(`${name}, to a lead with a submission id`, { timeout: 120_000 }, async (t) => {
    t.mock.method(Math, "random", () => 0);
    const recorder = await record(t, {}, heldTimer(t, TIMEOUT));
    const crm = client(recorder, { timeout: TIMEOUT, reconcileDelays: [1, 1] });
    const sends = () => recorder.requests.filter(({ method }) => method === "POST").length;
    const lookups = () => recorder.requests.length - sends();
    for (const maxRetries of [0, 2]) {
      recorder.clear();
      recorder.script = (request) => (request.method === "POST" ? row.answer : notThere(request));
      const error = await failure(crm.leads.create(LEAD, { submissionId: "submission-1", maxRetries }));
      assert.equal(sends(), row.retry ? 1 + maxRetries : 1);
      assert.equal(error.attempts, sends());
      assert.equal(error.ambiguous, row.ambiguous);
      // Twice after each ambiguous response, including the last one.
      assert.equal(lookups(), row.ambiguous ? 2 * 7 * sends() : 0);
    }
    if (!row.ambiguous) return;
    recorder.clear();
    const found = { _id: "1", customField: '{"submissionId":"submission-1"}' };
    recorder.script = ({ method }) => (method === "POST" ? row.answer : { body: [found] });
    assert.deepEqual(await crm.leads.create(LEAD, { submissionId: "submission-1", maxRetries: 0 }), found);
    assert.deepEqual([sends(), lookups()], [1, 1]);
  });
}

test("an error is ambiguous if any of its attempts was", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, [{ status: 503 }, { status: 400 }]);
  const error = await failure(client(recorder).leads.patch("1", {}), "BadRequestError");
  assert.deepEqual([error.ambiguous, error.attempts], [true, 2]);
});

test("a 404 to a DELETE retried after an ambiguous response is success", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const recorder = await record(t, [{ status: 503 }, { status: 404 }]);
  assert.equal(await client(recorder).leads.delete("1"), undefined);
  recorder.script = [{ status: 404 }];
  await failure(client(recorder).leads.delete("1"), "NotFoundError");
  recorder.clear();
  recorder.script = [{ status: 429 }, { status: 404 }];
  await failure(client(recorder).leads.delete("1"), "NotFoundError");
  recorder.clear();
  recorder.script = [{ status: 503 }, { status: 404 }];
  await failure(client(recorder).leads.patch("1", {}), "NotFoundError");
});

test("checkExisting finds a lead of an earlier run, and sends nothing if the lookup is not possible", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder, { maxRetries: 0 });
  const options = { submissionId: "submission-1", checkExisting: true };
  recorder.script = { body: [{ _id: "1", customField: '{"submissionId":"submission-1"}' }] };
  assert.equal((await crm.leads.create(LEAD, options))._id, "1");
  for (const status of [401, 403, 404]) {
    recorder.script = { status };
    const error = await failure(crm.leads.create(LEAD, options), "ResponseError");
    assert.deepEqual([error.code, error.ambiguous, error.attempts], ["inconclusive", false, 0]);
    assert.equal(error.cause.status, status);
  }
  assert.ok(recorder.requests.every(({ method }) => method === "GET"));
});

test("the longer of Retry-After and the back-off counts; a value that is neither a number nor an HTTP date is ignored", async (t) => {
  t.mock.method(Math, "random", () => 0.01);
  const recorder = await record(t);
  const delayAfter = async (status, headers) => {
    recorder.script = [{ status, headers }, { body: { _id: "1" } }];
    recorder.clear();
    const delays = [];
    // A long wait is aborted once it is reported.
    const controller = new AbortController();
    const onRetry = ({ delayMs }) => {
      delays.push(delayMs);
      if (delayMs > 2_000) controller.abort();
    };
    await client(recorder, { onRetry })
      .leads.retrieve("1", { signal: controller.signal })
      .catch(() => {});
    assert.equal(delays.length, 1);
    return delays[0];
  };
  const garbage = ["-1", "+5", "1.5", "1,5", "1e3", "5 seconds", "soon", "soon 5", "NaN", "0x10", "", "  "];
  for (const status of [429, 503]) {
    for (const header of ["0", "00", new Date(0).toUTCString(), ...garbage])
      assert.equal(await delayAfter(status, { "retry-after": header }), 5, header);
    assert.equal(await delayAfter(status, { "retry-after": "1" }), 1_000);
    assert.equal(await delayAfter(status, { "retry-after": " 30 " }), 30_000);
    // By the CRM's own clock, whatever it is set to.
    for (const skew of [0, -86_400_000, 86_400_000, 365 * 86_400_000]) {
      const date = new Date(Date.now() + skew);
      const later = new Date(+date + 30_000);
      for (const header of [later.toUTCString(), rfc850(later), asctime(later)]) {
        assert.equal(await delayAfter(status, { date: date.toUTCString(), "retry-after": header }), 30_000, header);
      }
      for (const lenient of [
        later.toISOString(),
        later.toUTCString().replace("GMT", "UTC"),
        `${later}`,
        later.toUTCString().toLowerCase(),
      ]) {
        assert.equal(await delayAfter(status, { date: date.toUTCString(), "retry-after": lenient }), 5, lenient);
      }
    }
    const later = new Date(Date.now() + 30_000).toUTCString();
    assert.equal(await delayAfter(status, { date: "yesterday", "retry-after": later }), 5, "no clock to measure it by");
  }
});

const part = (date, options) => new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }).format(date);
const rfc850 = (date) => {
  const [, day, month, year, time] = date.toUTCString().split(" ");
  return `${part(date, { weekday: "long" })}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
};
const asctime = (date) => {
  const [weekday, day, month, year, time] = date.toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
};
