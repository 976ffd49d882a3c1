// What the lead form has to do in every browser; Chromium also has tests of its own.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { describeTab, markup, startPages, stored, visitor } from "../../browser/support/form-page.mjs";
import { startForwarder } from "../../browser/support/forwarder.mjs";
import { refuseStorage } from "../../browser/support/frames.mjs";
import { visit } from "../../browser/support/visits.mjs";
import { waitUntil } from "../../../tools/wait.mjs";

const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));
const COUNT = Number(process.env.COUNT ?? 40);

// Before any test begins: one that hangs prints no title.
console.log(`SEED=${SEED} COUNT=${COUNT}`);

/** Opens a page with one form in a tab of a profile; gives them and the endpoint behind it. */
export async function openForm(test, { openTab }, { next, ...page } = {}) {
  const forwarder = await startForwarder(test, { next });
  const { url } = await startPages(test, { "/": markup({ endpoint: forwarder.url, ...page }) });
  const tab = await openTab();
  await tab.open(url);
  return { tab, url, forwarder };
}

const reaches = (tab, state) =>
  waitUntil(`the state ${state}`, async () => (await tab.state()) === state, { describe: () => describeTab(tab) });

const isEmptied = (tab) =>
  waitUntil("an empty queue", async () => !(await stored(tab)).length, { describe: () => describeTab(tab) });

/** Declares what every browser is asked. `profile(test)` gives what visits.mjs calls so. */
export function formTests(browser, profile) {
  test(`${browser}: what a visitor types arrives`, async (test) => {
    const { tab, forwarder } = await openForm(test, await profile(test));
    const typed = { firstName: "Mona", lastName: "Fathy", phone: "+201001234567", email: "mona@example.com" };
    await tab.fill(typed);
    await tab.press("submit");
    await reaches(tab, "accepted");
    const [{ lead, context }, ...others] = forwarder.leads.values();
    assert.deepEqual(others, []);
    assert.deepEqual(lead.leadInformation, typed);
    assert.equal(context.phone.check, "strict", "the checks' wasm was there");
    assert.deepEqual(await stored(tab), []);
  });

  test(`${browser}: what could not be sent outlives a reload, and goes then under the same id`, async (test) => {
    let isCalm = false;
    const next = () => (isCalm ? "accept" : "cut-before");
    const { tab, url, forwarder } = await openForm(test, await profile(test), { next });
    await tab.fill(visitor);
    await tab.press("submit");
    await reaches(tab, "queued");
    const kept = await stored(tab);
    assert.equal(kept.length, 1);
    await tab.open(url);
    assert.deepEqual(await stored(tab), kept);
    isCalm = true;
    await isEmptied(tab);
    assert.deepEqual([...forwarder.leads.keys()], kept);
    assert.deepEqual(new Set(forwarder.requests.map(({ submissionId }) => submissionId)), new Set(kept));
  });

  for (const [what, change] of [
    ["storage and locks that are refused", refuseStorage],
    [
      "locks that are never granted",
      () => navigator.locks && (LockManager.prototype.request = () => new Promise(() => {})),
    ],
    ["a database that never opens", () => (IDBFactory.prototype.open = () => ({}))],
  ]) {
    test(`${browser}: ${what}: a lead is sent at once, and again while the page is open`, async (test) => {
      const next = (count) => (count === 1 ? { status: 503 } : "accept");
      const { tab, forwarder } = await openForm(test, await profile(test), {
        next,
        head: `<script>(${change})()</script>`,
      });
      await tab.fill(visitor);
      await tab.press("submit");
      await reaches(tab, "accepted");
      assert.equal(forwarder.leads.size, 1);
      assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 1);
    });
  }

  test(`${browser}: a page deletes its databases while a lead waits: it is delivered, and accepted only then`, async (test) => {
    let isCalm = false;
    const next = () => (isCalm ? "accept" : { status: 503, retryAfter: 3 });
    const { tab, forwarder } = await openForm(test, await profile(test), { next });
    await tab.fill(visitor);
    await tab.press("submit");
    await reaches(tab, "queued");
    await tab.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
      dispatchEvent(new Event("online"));
    });
    isCalm = true;
    await reaches(tab, "accepted");
    assert.equal(forwarder.leads.size, 1);
    assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 1);
    await isEmptied(tab);
  });

  test(`${browser}: what another tab delivers is accepted by its tombstone`, async (test) => {
    let isCalm = false;
    const next = () => (isCalm ? "accept" : { status: 503, retryAfter: 3 });
    const { openTab } = await profile(test);
    const { tab, url, forwarder } = await openForm(test, { openTab }, { next });
    await tab.fill(visitor);
    await tab.press("submit");
    await reaches(tab, "queued");
    // This tab can send no more: the other one has to.
    await tab.evaluate(() => {
      globalThis.fetch = () => Promise.reject(new TypeError("offline"));
    });
    isCalm = true;
    // On a slow machine it may have tried more than once before.
    const before = forwarder.requests.length;
    const other = await openTab();
    await other.open(url);
    const describe = async () => ({
      forwarder: forwarder.describe(),
      tab: await describeTab(tab),
      other: await describeTab(other),
    });
    await waitUntil("the lead", async () => forwarder.leads.size === 1, { describe });
    await reaches(tab, "accepted");
    assert.equal(forwarder.requests.length, before + 1);
  });

  test(`${browser}: ${COUNT} leads through an endpoint that fails in every way (seed ${SEED})`, async (test) => {
    const { sent, arrived } = await visit(test, [await profile(test)], { count: COUNT, seed: SEED });
    assert.equal(sent.length, COUNT);
    assert.deepEqual(arrived, sent);
  });
}
