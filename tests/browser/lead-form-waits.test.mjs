// How long leads wait, whatever a server asks for and whatever is done to the visitor's clock.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, stored, visitor } from "./support/form-page.mjs";
import { leadForm } from "../../tools/paths.mjs";

useChromium();

const quiet = { expected: networkErrors };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A module of the form's sources. */
async function load(path) {
  const options = { entryPoints: [join(leadForm, "src", path)], bundle: true, format: "esm", write: false };
  const [{ text }] = (await build(options)).outputFiles;
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

const backoff = await load("deferred/backoff.ts");
const { Waits } = await load("deferred/waits.ts");

test("the later of back-off and the server's hint, at least a second, at most an hour", () => {
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
  assert.equal(read("Sun, 06 Nov 1994 08:50:37 GMT"), undefined, "CORS hides Date: the visitor's clock is not asked");
  assert.equal(backoff.parseRetryAfter(new Headers()), undefined);
});

test("Retry-After: 0 from an endpoint that always fails: no faster than without it", async (test) => {
  const { page, form, forwarder } = await openForm(test, {
    next: () => ({ status: 503, retryAfter: "0" }),
    page: quiet,
  });
  await page.clock.install();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  const start = await page.evaluate(() => performance.now());
  // In steps: the page's clock must not run ahead of what the network answers.
  while ((await page.evaluate(() => performance.now())) - start < 10_000) {
    await page.clock.runFor(100);
    await page.waitForLoadState("networkidle");
  }
  assert.ok(forwarder.requests.length <= 5, `${forwarder.requests.length} requests in 10 s`);
});

/** Waits until the page's queue has looked, which a visitor who comes back makes it do. */
const look = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

test("the clock was in 2020 when the lead was sent: it is not deleted untried, and goes", async (test) => {
  let isCalm = false;
  const { page, form, forwarder } = await openForm(test, {
    next: () => (isCalm ? "accept" : { status: 503 }),
    page: quiet,
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
  isCalm = true;
  await waitUntil("the lead, or its end", async () => {
    await look(page);
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
  test(`the clock is set ${what} while a lead waits: it goes once its wait is over, also after a reload`, async (test) => {
    let isCalm = false;
    const { page, form, forwarder } = await openForm(test, {
      next: () => (isCalm ? "accept" : { status: 503, retryAfter: 120 }),
      page: quiet,
    });
    await page.clock.install();
    if (shift > 0) await page.clock.setSystemTime(Date.now() + shift);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    await page.clock.setSystemTime(Date.now() - Math.abs(shift));
    isCalm = true;
    if (what === "a day back") await page.reload();
    const start = await page.evaluate(() => performance.now());
    await waitUntil("the lead", async () => {
      if (forwarder.leads.size) return true;
      assert.ok(
        (await page.evaluate(() => performance.now())) - start < 200_000,
        "its wait of two minutes has long been over",
      );
      await page.clock.runFor(1_000);
      await page.evaluate(() => {});
      return false;
    });
  });
}

test("a wait is measured by both clocks, and is never longer than it is", async () => {
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
  const { page, form, forwarder } = await openForm(test, { next: () => ({ status: 503 }), page: quiet });
  const start = Date.now();
  await form.fill(visitor);
  await form.send();
  /** A visit so many days later. */
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
