// Any input and any response: a result or a documented error, soon, and no stray rejection. `SEED` chooses a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClock } from "./support/clock.mjs";
import { rng, SEED } from "../support/rng.mjs";
import { client, LEAD, failOnUnhandled } from "./support/helpers.mjs";
import { icloudReady } from "./support/package.mjs";

const { InternalError, isICloudReadyError, preload } = icloudReady;
const CASES = 2_000;

const NAMES = [
  "leadInformation",
  "firstName",
  "phone",
  "email",
  "address",
  "leadType",
  "leadtype",
  "customField",
  "activityLog",
  "activityDate",
  "leadRating",
  "tags",
  "limit",
  "page",
  "q",
  "__proto__",
  "toJSON",
  "",
  "a.b",
];
const TEXTS = [
  "",
  " ",
  "+201001234567",
  "x@y.zz",
  "2023-04-19",
  "..",
  "%2e",
  "a/b?c#d",
  "\u0000",
  "\ud800",
  "😀",
  '{"submissionId":"other-one"}',
  "[",
  "Retry-After",
  "é".repeat(50),
  "9".repeat(400),
];
const NUMBERS = [0, -0, 1, -1, 1.5, 1e21, 1e-7, NaN, Infinity, 2 ** 53, -(2 ** 31)];

/** Any JSON, and text that only looks like it. */
function any(roll, depth = 0) {
  switch (roll(depth > 3 ? 6 : 9)) {
    case 0:
      return TEXTS[roll(TEXTS.length)];
    case 1:
      return NUMBERS[roll(NUMBERS.length)];
    case 2:
      return roll(2) === 0;
    case 3:
      return null;
    case 4:
      return undefined;
    case 5:
      return String.fromCharCode(...Array.from({ length: roll(12) }, () => roll(0x10000)));
    case 6:
      return Array.from({ length: roll(4) }, () => any(roll, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: roll(5) }, () => [NAMES[roll(NAMES.length)], any(roll, depth + 1)]),
      );
  }
}

const FINAL = [200, 200, 201, 204, 400, 404];
const STATUSES = [...FINAL, 409, 429, 500, 503];

/** A response that may be the expected one. */
const responses =
  (roll, statuses = STATUSES) =>
  async () => {
    const status = statuses[roll(statuses.length)];
    const text = roll(3) ? (JSON.stringify(any(roll)) ?? "") : TEXTS[roll(TEXTS.length)];
    return new Response(status === 204 ? null : text, { status, headers: roll(4) ? {} : { "retry-after": "0" } });
  };

const GIVEN = {
  "a lead": (crm, value) => crm.leads.create(value),
  "a lead with a submission id": (crm, value) => crm.leads.create(value, { submissionId: "property-test" }),
  "a patch": (crm, value) => crm.leads.patch("id", value),
  "a query": (crm, value) => crm.leads.list(value).then(),
  "an id": (crm, value) => crm.leads.notes.update(value, value, {}),
  "a header": (crm, value) => crm.leads.retrieve("id", { headers: value }),
  "an option": (crm, value) => crm.leads.create(LEAD, value),
  "a client's option": (crm, value, roll) => {
    const names = ["timeout", "maxRetries", "strict", "reconcile", "itemsKey", "headers", "firstPage", "rateLimit"];
    // 1e21 retries are allowed: a response that causes them would take its time.
    const options = { fetch: responses(roll, FINAL), [names[roll(names.length)]]: value };
    return crm.withOptions(options).leads.list().then();
  },
  "a request": (crm, value, roll) => crm.request({ method: "PUT", path: any(roll), params: value, query: any(roll) }),
};

for (const [what, call] of Object.entries(GIVEN)) {
  test(`any JSON as ${what} (seed ${SEED})`, { timeout: 120_000 }, async (t) => {
    await preload();
    const settled = failOnUnhandled(t);
    const clock = fakeClock(t);
    const roll = rng(SEED);
    const options = { fetch: responses(roll), maxRetries: 0, reconcileDelays: [0], strict: roll(2) === 0 };
    const crm = client("http://127.0.0.1:1", options);
    for (let number = 0; number < CASES; number++) {
      const value = any(roll);
      const outcome = await clock.within(2_000, (async () => call(crm, value, roll))());
      assert.ok(outcome, `case ${number} did not settle within 2 s of its time`);
      if (!("error" in outcome)) continue;
      assert.ok(isICloudReadyError(outcome.error), `case ${number}: ${outcome.error?.stack ?? String(outcome.error)}`);
      assert.ok(!(outcome.error instanceof InternalError), `case ${number}: ${outcome.error.stack}`);
    }
    await settled();
  });
}
