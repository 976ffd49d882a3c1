// How long leads wait, for any Retry-After and any change of the visitor's clock.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, stored, visitor } from "./support/form-page.mjs";
import { leadForm } from "../../tools/paths.mjs";

useChromium();

const pageOptions = { expected: networkErrors };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Loads a module of the form's sources. */
async function load(path) {
  const options = { entryPoints: [join(leadForm, "src", path)], bundle: true, format: "esm", write: false };
  const [{ text }] = (await build(options)).outputFiles;
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

const backoff = await load("deferred/backoff.ts");
const { Waits } = await load("deferred/waits.ts");

test("the delay is the longer of back-off and Retry-After, at least a second and at most an hour", () => {
  const { waitAfter } = backoff;
  const wait = (retryAfterMs, attempts = 1, random = 0) => waitAfter({ kind: "later", retryAfterMs }, attempts, random);
  assert.deepEqual(
    [0, 200, 900].map((hint) => wait(hint)),
    [1_000, 1_000, 1_000],
  );
  assert.equal(wait(undefined), 1_000);
  assert.equal(wait(0, 5), 16_000, "a hint does not shorten the back-off");
  assert.equal(wait(60_000, 5), 60_000);
  assert.deepEqual(
    [HOUR, 2 * HOUR, 1e300, Infinity].map((hint) => wait(hint)),
    [HOUR, HOUR, HOUR, HOUR],
  );
  for (let attempts = 0; attempts < 40; attempts += 1) {
    for (const random of [0, 0.5, 0.999_999]) assert.ok(wait(undefined, attempts, random) >= 1_000, `${attempts}`);
    assert.ok(wait(undefined, attempts, 0.999_999) <= 300_000);
  }
  assert.equal(waitAfter({ kind: "refused" }, 1, 0), HOUR);
});

test("Retry-After: whole seconds, or a date against the response's own Date; anything else is ignored", () => {
  const read = (value, date) => backoff.parseRetryAfter(new Headers({ "retry-after": value, ...(date && { date }) }));
  const date = "Sun, 06 Nov 1994 08:49:37 GMT";
  for (const [value, expected] of [
    ["0", 0],
    ["120", 120_000],
    ["007", 7_000],
    ["99999999999999999999", HOUR],
    ["Sun, 06 Nov 1994 08:50:37 GMT", 60_000],
    ["Sunday, 06-Nov-94 08:50:37 GMT", 60_000],
    ["Sun Nov  6 08:50:37 1994", 60_000],
    ["Sun, 06 Nov 1994 08:48:37 GMT", 0],
    ["Mon, 07 Nov 1994 08:49:37 GMT", HOUR],
    ["1.5", undefined],
    ["-5", undefined],
    ["+5", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    ["5, 10", undefined],
    ["soon", undefined],
    ["2030", 2_030_000],
    ["2030-01-01", undefined],
    ["2030-01-01T00:00:00Z", undefined],
    ["06 Nov 1994 08:50:37 GMT", undefined],
    ["Sun, 06 Nov 1994 08:50:37 +0200", undefined],
    ["Sun, 99 Nov 1994 08:50:37 GMT", undefined],
  ]) {
    assert.equal(read(value, date), expected, value);
  }
  assert.equal(read("Sun, 06 Nov 1994 08:50:37 GMT"), undefined, "CORS hides Date: the visitor's clock is not used");
  assert.equal(backoff.parseRetryAfter(new Headers()), undefined);
});

test("Retry-After: 0 from an endpoint that always fails does not shorten the back-off", async (test) => {
  const { page, form, forwarder } = await openForm(test, {
    next: () => ({ status: 503, retryAfter: "0" }),
    page: pageOptions,
  });
  await page.clock.install();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  const start = await page.evaluate(() => performance.now());
  // In steps: the page's clock must not run ahead of the network responses.
  while ((await page.evaluate(() => performance.now())) - start < 10_000) {
    await page.clock.runFor(100);
    await page.waitForLoadState("networkidle");
  }
  assert.ok(forwarder.requests.length <= 5, `${forwarder.requests.length} requests in 10 s`);
});

/** Waits until the page has checked its queue, which a returning visitor triggers. */
const checkQueue = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

test("a lead sent while the clock was set to 2020 is not deleted before an attempt, and is sent", async (test) => {
  let isHealthy = false;
  const { page, form, forwarder } = await openForm(test, {
    next: () => (isHealthy ? "accept" : { status: 503 }),
    page: pageOptions,
  });
  const errors = await page.evaluateHandle(() => {
    const codes = [];
    addEventListener("lead-error", ({ detail }) => codes.push(detail.code));
    return codes;
  });
  const now = Date.now();
  await page.clock.setSystemTime(new Date("2020-02-01"));
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await page.clock.setSystemTime(now);
  isHealthy = true;
  await waitUntil("the lead, or its end", async () => {
    await checkQueue(page);
    return forwarder.leads.size || !(await stored(page)).length;
  });
  assert.equal(forwarder.leads.size, 1);
  assert.deepEqual(await errors.jsonValue(), []);
});

for (const [what, shift] of [
  ["an hour back", -HOUR],
  ["a day back", -DAY],
  ["ten years back", -3_650 * DAY],
  ["a day ahead and back again", DAY],
]) {
  test(`the clock is set ${what} while a lead is queued: it is sent after its delay, also after a reload`, async (test) => {
    let isHealthy = false;
    const { page, form, forwarder } = await openForm(test, {
      next: () => (isHealthy ? "accept" : { status: 503, retryAfter: 120 }),
      page: pageOptions,
    });
    await page.clock.install();
    if (shift > 0) await page.clock.setSystemTime(Date.now() + shift);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    await page.clock.setSystemTime(Date.now() - Math.abs(shift));
    isHealthy = true;
    if (what === "a day back") await page.reload();
    const now = () => page.evaluate(() => performance.now());
    const start = await now();
    // Once its two minutes are over, time passes as fast as for the network and the storage.
    await waitUntil("the lead, after its wait of two minutes", async () => {
      if ((await now()) - start < 130_000) await page.clock.runFor(1_000);
      return forwarder.leads.size;
    });
  });
}

test("a delay is measured by both clocks, and never lasts longer than intended", async () => {
  const { now } = Date;
  const { now: monotonic } = performance;
  let clock = now();
  let page = 0;
  Date.now = () => clock;
  performance.now = () => page;
  try {
    const waits = new Waits();
    const begin = (id, waitMs) => ({ id, waitMs, retryAt: clock + waitMs });
    const one = begin("one", 60_000);
    assert.equal(waits.remainingMs(one), 60_000);
    page += 20_000;
    clock += 20_000 - 365 * DAY;
    assert.equal(waits.remainingMs(one), 40_000, "set back by a year");
    clock += 365 * DAY;
    assert.equal(waits.remainingMs(one), 40_000, "and ahead again");
    page += 40_000;
    assert.equal(waits.remainingMs(one), 0, "the page's own clock is enough");
    const two = begin("two", 60_000);
    waits.remainingMs(two);
    clock += 60_000;
    assert.equal(waits.remainingMs(two), 0, "as is the visitor's, where the device slept");
    const three = { ...begin("three", 60_000), retryAt: clock + HOUR };
    assert.equal(new Waits().remainingMs(three), 0, "begun in what is now the future");
    const old = { id: "old", retryAt: clock + 20 * HOUR };
    assert.equal(new Waits().remainingMs(old), 0, "of an earlier version, without its length: no longer than an hour");
  } finally {
    Date.now = now;
    performance.now = monotonic;
  }
});

test("after 30 days with attempts on three days a lead is deleted and the visitor informed", async (test) => {
  const { page, form, forwarder } = await openForm(test, { next: () => ({ status: 503 }), page: pageOptions });
  const start = Date.now();
  await form.fill(visitor);
  await form.send();
  /** A visit this many days later. */
  const visit = async (days) => {
    const count = forwarder.requests.length;
    await page.clock.setSystemTime(start + days * DAY);
    await page.reload();
    await form.shown();
    return count;
  };
  for (const days of [40, 41]) {
    const count = await visit(days);
    await waitUntil("a try", async () => forwarder.requests.length > count);
    if (days === 40) assert.equal((await stored(page)).length, 1, "old, and tried on two days");
  }
  await form.part("notice").filter({ hasText: "was deleted" }).waitFor();
  await waitUntil("an empty queue", async () => !(await stored(page)).length);
  const count = await visit(42);
  assert.equal(forwarder.requests.length, count);
});
