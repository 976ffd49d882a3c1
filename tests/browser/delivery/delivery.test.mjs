// No lead is lost and none is doubled, whatever the network, the tab or the visitor's finger does.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { dice } from "../../support/chance.mjs";
import { networkErrors, openContext, useChromium } from "../support/browser.mjs";
import { markup, startPages, stored, visitor } from "../support/form-page.mjs";
import { startForwarder } from "../support/forwarder.mjs";
import { LeadForm } from "../support/lead-form.mjs";

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

test(`${COUNT} leads through an endpoint that fails in every way (seed ${SEED})`, async (test) => {
  const { expected, forwarder, left } = await visit(test, COUNT);
  assert.deepEqual(left, [], "all is gone from the queue");
  assert.deepEqual(forwarder.conflicts, []);
  assert.deepEqual(namesOf(forwarder), expected.sort());
});

test("a control: without the queue some are lost", async (test) => {
  const { expected, forwarder } = await visit(test, 20, () => {
    // Nothing is kept, and nothing outlives the page.
    IDBFactory.prototype.open = () => {
      throw new DOMException("refused", "SecurityError");
    };
    const { fetch } = globalThis;
    let isLeft = false;
    addEventListener("pagehide", () => (isLeft = true), { capture: true });
    globalThis.fetch = (url, options) => (isLeft ? Promise.reject(new TypeError()) : fetch(url, { ...options, keepalive: false }));
  });
  assert.ok(forwarder.leads.size < expected.length, `${forwarder.leads.size} of ${expected.length}`);
});

/**
 * Visitors send leads from two tabs and lose their connection, close tabs and leave pages, while
 * the endpoint fails. Then all is calm, and one of them comes back.
 */
async function visit(test, count, sabotage) {
  const below = dice(SEED);
  const pick = (list) => list[below(list.length)];
  let isCalm = false;
  const forwarder = await startForwarder(test, { next: () => (isCalm ? "accept" : pick(FATES)) });
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url }) });
  const context = await openContext(test, { expected: networkErrors });
  if (sabotage) await context.addInitScript(sabotage);
  const open = async (page) => {
    page ??= await context.newPage();
    await context.setOffline(false);
    await page.goto(site.url);
    const form = new LeadForm(page);
    await form.shown();
    return { page, form };
  };
  const tabs = [await open(), await open()];
  const expected = [];
  for (let index = 0; index < count; index += 1) {
    const tab = below(tabs.length);
    const { page, form } = tabs[tab];
    const firstName = `Visitor${index}`;
    const isOffline = below(20) === 0;
    if (isOffline) await context.setOffline(true);
    await form.fill({ ...visitor, firstName });
    const finger = below(10);
    if (finger === 0) await form.submit.dblclick();
    else if (finger === 1) await form.input("phone").press("Enter");
    else await form.submit.click();
    // It counts from when it is kept, or the visitor was told what became of it.
    await page.waitForFunction(sabotage ? isSent : isKept, firstName, { polling: 10 });
    expected.push(firstName);
    const way = below(8);
    if (way === 0) {
      await page.close();
      tabs[tab] = await open();
    } else if (way === 1 || (await isPending(form))) {
      // The visitor goes on to another page, perhaps while it hangs.
      await open(page);
    } else {
      if (isOffline) await context.setOffline(false);
      if ((await form.state()) !== "editing") await form.part("again").click();
    }
  }
  isCalm = true;
  for (const { page } of tabs) await page.close();
  const { page } = await open();
  for (let waited = 0; waited < 1_000 && (await stored(page)).length; waited += 1) await page.waitForTimeout(50);
  return { expected, forwarder, left: await stored(page) };
}

/** Whether the visitor was told that the lead is on its way. */
function isSent() {
  const { state } = document.querySelector("icloud-ready-lead-form").shadowRoot.querySelector("[part=root]").dataset;
  return state !== "editing";
}

/** Whether a lead of this name is in the database or was accepted. */
async function isKept(firstName) {
  const form = document.querySelector("icloud-ready-lead-form");
  if (form.shadowRoot.querySelector("[part=root]").dataset.state === "accepted") return true;
  const databases = await indexedDB.databases();
  if (!databases.length) return false;
  const all = await new Promise((resolve) => {
    indexedDB.open("icloud-ready-lead-form").onsuccess = ({ target: { result } }) => {
      result.transaction("submissions").objectStore("submissions").getAll().onsuccess = ({ target }) => {
        result.close();
        resolve(target.result);
      };
    };
  });
  return all.some(({ body }) => JSON.parse(body).lead.leadInformation.firstName === firstName);
}

/** Whether the lead is still on its way after a moment. */
async function isPending(form) {
  for (let waited = 0; waited < 30; waited += 1) {
    if ((await form.state()) !== "sending") return false;
    await form.page.waitForTimeout(10);
  }
  return true;
}
