// What the lead form has to do in every browser; Chromium has tests of its own besides.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { markup, startPages, stored, visitor } from "../../browser/support/form-page.mjs";
import { startForwarder } from "../../browser/support/forwarder.mjs";
import { visit } from "../../browser/support/visits.mjs";

const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));
const COUNT = Number(process.env.COUNT ?? 40);

/** Opens a page with one form in a tab of a profile; gives them and the endpoint behind it. */
export async function openForm(test, { openTab }, { next, ...page } = {}) {
  const forwarder = await startForwarder(test, { next });
  const { url } = await startPages(test, { "/": markup({ endpoint: forwarder.url, ...page }) });
  const tab = await openTab();
  await tab.open(url);
  return { tab, url, forwarder };
}

const reaches = async (tab, state) => {
  while ((await tab.state()) !== state) await pause(20);
};

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
    while ((await stored(tab)).length) await pause(20);
    assert.deepEqual([...forwarder.leads.keys()], kept);
    assert.deepEqual(new Set(forwarder.requests.map(({ submissionId }) => submissionId)), new Set(kept));
  });

  test(`${browser}: ${COUNT} leads through an endpoint that fails in every way (seed ${SEED})`, async (test) => {
    const { sent, arrived } = await visit(test, [await profile(test)], { count: COUNT, seed: SEED });
    assert.equal(sent.length, COUNT);
    assert.deepEqual(arrived, sent);
  });
}
