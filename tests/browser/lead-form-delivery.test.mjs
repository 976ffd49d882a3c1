// No lead is lost and none is doubled, whatever the network, the tab or the visitor's finger does.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { generator } from "./support/random.mjs";
import { LeadForm } from "./support/site.mjs";

useChromium();

const COUNT = Number(process.env.COUNT ?? 200);
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));

const FATES = [
  "accept",
  "cut-before",
  "cut-after",
  "hang",
  "hang-after",
  { status: 500 },
  { status: 500, store: true },
  { status: 503, retryAfter: 1 },
  { status: 429, retryAfter: 1 },
  { status: 200, body: "<html>Please sign in</html>" },
];

/** The names of the leads that were stored, sorted, and how often each. */
const namesOf = (forwarder) => [...forwarder.leads.values()].map(({ lead }) => lead.leadInformation.firstName).sort();

test(`${COUNT} leads through an endpoint that fails in every way (seed ${SEED})`, { timeout: 600_000 }, async (test) => {
  const { below, pick } = generator(SEED);
  let isCalm = false;
  const forwarder = await startForwarder(test, { next: () => (isCalm ? "accept" : pick(FATES)) });
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url }) });
  const context = await openContext(test, { expected: networkErrors });
  const expected = [];
  const open = async () => {
    const page = await context.newPage();
    await page.goto(site.url);
    const form = new LeadForm(page);
    await form.shown();
    return { page, form };
  };
  let tabs = [await open(), await open()];
  for (let index = 0; index < COUNT; index += 1) {
    const tab = tabs[below(tabs.length)];
    const { page, form } = tab;
    const firstName = `Visitor${index}`;
    if (below(20) === 0) await context.setOffline(true);
    if (below(4) === 0) await context.setOffline(false);
    await form.fill({ ...visitor, firstName });
    const chance = below(10);
    if (chance === 0) await form.submit.dblclick();
    else if (chance === 1) await form.input("phone").press("Enter");
    else await form.submit.click();
    // It counts from when the visitor is told that it is on its way.
    await page.waitForFunction(kept, firstName, { polling: 10 });
    expected.push(firstName);
    if (below(8) === 0) {
      // The tab is closed while it is being sent, or what is left of it.
      await page.close();
      await context.setOffline(false);
      tabs[tabs.indexOf(tab)] = await open();
    } else if (below(8) === 0) {
      await context.setOffline(false);
      await page.goto(site.url);
      await form.shown();
    } else if (await isPending(form)) {
      // It hangs, and the visitor goes on to another page.
      await context.setOffline(false);
      await page.goto(site.url);
      await form.shown();
    } else if ((await form.state()) !== "editing") {
      await form.part("again").click();
    }
  }
  await context.setOffline(false);
  isCalm = true;
  await Promise.all(tabs.map(({ page }) => page.close()));
  const last = await open();
  for (let waited = 0; waited < 1_000 && (await stored(last.page)).length; waited += 1) await last.page.waitForTimeout(50);
  assert.deepEqual(namesOf(forwarder), [...expected].sort());
  assert.deepEqual(forwarder.conflicts, []);
  assert.deepEqual(await stored(last.page), []);
});

/** Whether a lead of this name is in the database or was accepted. */
async function kept(firstName) {
  const form = document.querySelector("icloud-ready-lead-form");
  const { state } = form.shadowRoot.querySelector("[part=root]").dataset;
  if (state === "accepted") return true;
  const all = await new Promise((resolve) => {
    const opening = indexedDB.open("icloud-ready-lead-form", 1);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => resolve([]);
    opening.onsuccess = () => {
      const reading = opening.result.transaction("submissions").objectStore("submissions").getAll();
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result);
      };
    };
  });
  return all.some(({ body }) => JSON.parse(body).lead.leadInformation.firstName === firstName);
}

/** What is in the database. */
function stored(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open("icloud-ready-lead-form", 1);
        opening.onupgradeneeded = () => opening.transaction.abort();
        opening.onerror = () => resolve([]);
        opening.onsuccess = () => {
          const reading = opening.result.transaction("submissions").objectStore("submissions").getAllKeys();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result);
          };
        };
      }),
  );
}

/** Whether the lead is still on its way after a moment. */
async function isPending(form) {
  for (let waited = 0; waited < 30; waited += 1) {
    if ((await form.state()) !== "sending") return false;
    await form.page.waitForTimeout(10);
  }
  return true;
}
