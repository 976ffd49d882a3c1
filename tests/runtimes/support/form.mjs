// What the lead form must do in every browser; Chromium also has its own tests.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { describeTab, markup, startPages, stored, visitor } from "../../browser/support/form-page.mjs";
import { startForwarder } from "../../browser/support/forwarder.mjs";
import { failAfterFirst, refuseStorage } from "../../browser/support/frames.mjs";
import { visit } from "../../browser/support/visits.mjs";
import { SEED } from "../../support/rng.mjs";
import { packageFolder } from "../../../tools/paths.mjs";
import { waitUntil } from "../../../tools/wait.mjs";

const COUNT = Number(process.env.COUNT ?? 40);

// Before any test starts: one that hangs prints no title.
console.log(`SEED=${SEED} COUNT=${COUNT}`);

/** Opens a page with one form in a tab of a profile; returns them and the endpoint behind it. */
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

/** Declares the tests of every browser. `profile(test)` returns a profile as in visits.mjs. */
export function formTests(browser, profile) {
  test(`${browser}: a visitor's input is sent`, async (test) => {
    const { tab, forwarder } = await openForm(test, await profile(test));
    const typed = { firstName: "Mona", lastName: "Fathy", phone: "+201001234567", email: "mona@example.com" };
    await tab.fill(typed);
    await tab.press("submit");
    await reaches(tab, "accepted");
    const [{ lead, context }, ...others] = forwarder.leads.values();
    assert.deepEqual(others, []);
    assert.deepEqual(lead.leadInformation, typed);
    assert.equal(context.phone.check, "strict", "the checks' wasm was loaded");
    assert.deepEqual(await stored(tab), []);
  });

  test(`${browser}: an unsent lead survives a reload, and is sent under the same submission id`, async (test) => {
    let isHealthy = false;
    const next = () => (isHealthy ? "accept" : "cut-before");
    const { tab, url, forwarder } = await openForm(test, await profile(test), { next });
    await tab.fill(visitor);
    await tab.press("submit");
    await reaches(tab, "queued");
    const kept = await stored(tab);
    assert.equal(kept.length, 1);
    await tab.open(url);
    assert.deepEqual(await stored(tab), kept);
    isHealthy = true;
    await isEmptied(tab);
    assert.deepEqual([...forwarder.leads.keys()], kept);
    assert.deepEqual(new Set(forwarder.requests.map(({ submissionId }) => submissionId)), new Set(kept));
  });

  test(`${browser}: a deferred script is loaded after its first load was cut, with the integrity that the page has for it`, async (test) => {
    const script = "lead-form/deferred.js";
    const { [script]: integrity } = JSON.parse(await readFile(join(packageFolder, "lead-form/integrity.json"), "utf8"));
    // A page may write the URL in any way.
    const map = JSON.stringify({ integrity: { [`./icloud-ready/lead-form/../${script}`]: integrity } });
    let tampered = 0;
    const changes = {
      cut: () => null,
      tamper: (body) => {
        tampered += 1;
        return Buffer.concat([body, Buffer.from("\n;globalThis.isTampered = true")]);
      },
      none: (body) => body,
    };
    let change = changes.cut;
    const forwarder = await startForwarder(test);
    const { url } = await startPages(
      test,
      { "/": markup({ endpoint: forwarder.url, head: `<script type="importmap">${map}</script>` }) },
      { change: (path, body) => (path === script ? change(body) : body) },
    );
    const tab = await (await profile(test)).openTab();
    await tab.open(url);
    await tab.fill(visitor);
    await tab.press("submit");
    await reaches(tab, "queued");
    const retry = () => tab.evaluate(() => dispatchEvent(new Event("online")));
    change = changes.tamper;
    await waitUntil("a load of the tampered script", async () => (await retry()) && tampered, { intervalMs: 200 });
    assert.equal(await tab.state(), "queued");
    change = changes.none;
    const isAccepted = async () => (await retry()) && (await tab.state()) === "accepted";
    await waitUntil("the state accepted", isAccepted, { describe: () => describeTab(tab), intervalMs: 200 });
    assert.equal(await tab.evaluate(() => globalThis.isTampered ?? false), false);
    assert.equal(forwarder.leads.size, 1);
  });

  for (const [what, change] of [
    ["blocked storage and locks", refuseStorage],
    [
      "locks that are never granted",
      () => navigator.locks && (LockManager.prototype.request = () => new Promise(() => {})),
    ],
    ["a database that never opens", () => (IDBFactory.prototype.open = () => ({}))],
  ]) {
    test(`${browser}: ${what}: a lead is sent at once, and retried while the page is open`, async (test) => {
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

  test(`${browser}: a page deletes its databases while a lead is queued: the lead is delivered, and accepted only then`, async (test) => {
    let isHealthy = false;
    const next = () => (isHealthy ? "accept" : { status: 503, retryAfter: 3 });
    const { tab, forwarder } = await openForm(test, await profile(test), { next });
    await tab.fill(visitor);
    await tab.press("submit");
    await reaches(tab, "queued");
    await tab.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
      dispatchEvent(new Event("online"));
    });
    isHealthy = true;
    await reaches(tab, "accepted");
    assert.equal(forwarder.leads.size, 1);
    assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 1);
    await isEmptied(tab);
  });

  test(`${browser}: a lead that another tab delivers is accepted through its tombstone`, async (test) => {
    const next = (count) => (count === 1 ? { status: 503, retryAfter: 3 } : "accept");
    const { openTab } = await profile(test);
    // The first tab can no longer send: the other one has to.
    const head = `<script>if (!location.search) (${failAfterFirst})()</script>`;
    const { tab, url, forwarder } = await openForm(test, { openTab }, { next, head });
    await tab.fill(visitor);
    await tab.press("submit");
    await reaches(tab, "queued");
    const other = await openTab();
    await other.open(`${url}/?other`);
    const describe = async () => ({
      forwarder: forwarder.describe(),
      tab: await describeTab(tab),
      other: await describeTab(other),
    });
    await waitUntil("the lead", async () => forwarder.leads.size === 1, { describe });
    await reaches(tab, "accepted");
    assert.equal(forwarder.requests.length, 2);
  });

  test(`${browser}: delivers ${COUNT} leads through an endpoint that fails in every way (seed ${SEED})`, async (test) => {
    const { sent, arrived } = await visit(test, [await profile(test)], { count: COUNT, seed: SEED });
    assert.equal(sent.length, COUNT);
    assert.deepEqual(arrived, sent);
  });
}
