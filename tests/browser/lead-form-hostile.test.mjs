// Five hostile pages that stay open, and an endpoint that fails in every way: each lead is stored once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rng, SEED } from "../support/rng.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { markup, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { refuseStorage } from "./support/frames.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const COUNT = Number(process.env.COUNT ?? 60);
console.log(`SEED=${SEED} COUNT=${COUNT}`);

const HOUR = 3_600_000;
const FATES = [
  "accept",
  "accept",
  "accept",
  "cut-before",
  "cut-after",
  "hang",
  "hang-after",
  { status: 500 },
  { status: 500, store: true },
  { status: 429, retryAfter: 1 },
  { status: 503, retryAfter: "0" },
];

/** What is done to each of the pages: to its scripts first, and after each lead. */
const PAGES = {
  "a cross-site frame with blocked storage": { isFramed: true, first: refuseStorage },
  "a page that deletes its databases": {
    then: (frame) =>
      frame.evaluate(async () => {
        for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
      }),
  },
  "a page whose locks are never granted": {
    first: () => globalThis.LockManager && (LockManager.prototype.request = () => new Promise(() => {})),
  },
  "a page whose clock jumps": {
    then: (frame, below) =>
      frame.evaluate(
        (shift) => {
          globalThis.realNow ??= Date.now;
          const { realNow } = globalThis;
          Date.now = () => realNow() + shift;
        },
        [-8_760, -24, -1, 0, 1, 24, 8_760][below(7)] * HOUR,
      ),
  },
  "a page that goes offline": {
    then: async (frame, below) => {
      await frame
        .page()
        .context()
        .setOffline(below(3) === 0);
    },
  },
};

test(`stores each of ${COUNT} leads from five hostile pages that stay open exactly once (seed ${SEED})`, async (test) => {
  const fate = rng(SEED);
  let isHealthy = false;
  const forwarder = await startForwarder(test, { next: () => (isHealthy ? "accept" : FATES[fate(FATES.length)]) });
  const pages = { "/": markup({ endpoint: forwarder.url }) };
  const site = await startPages(test, pages);
  const outer = await startPages(test, {
    "/": `<!doctype html><title>Agency</title><iframe src="${site.url.replace("127.0.0.1", "localhost")}" width="700" height="1000"></iframe>`,
  });
  const letGo = setInterval(() => forwarder.letGo(), 1_000);
  test.after(() => clearInterval(letGo));

  const sent = [];
  const visit = async ([what, { isFramed, first, then }], index) => {
    const context = await openContext(test, { expected: networkErrors });
    if (first) await context.addInitScript(first);
    const page = await context.newPage();
    await page.goto(isFramed ? outer.url : site.url);
    const frame = isFramed ? await waitUntil("the frame", async () => page.frames()[1]) : page.mainFrame();
    const form = new LeadForm(frame);
    await form.shown();
    const below = rng(SEED + index + 1);
    for (let lead = 0; lead < COUNT / 5; lead += 1) {
      const firstName = `Visitor${index}-${lead}`;
      await form.fill({ ...visitor, firstName });
      await form.submit.click();
      sent.push(firstName);
      await waitUntil(`the end of sending on ${what}`, async () =>
        ["accepted", "queued", "held"].includes(await form.state()),
      );
      if ((await form.state()) === "accepted") {
        assert.ok(
          [...forwarder.leads.values()].some(({ lead }) => lead.leadInformation.firstName === firstName),
          `${firstName} was accepted on ${what}`,
        );
      }
      await then?.(frame, below);
      await form.part("again").click();
    }
    await context.setOffline(false);
  };
  await Promise.all(Object.entries(PAGES).map(visit));
  isHealthy = true;
  const names = () => [...forwarder.leads.values()].map(({ lead }) => lead.leadInformation.firstName);
  const missing = () => sent.filter((name) => !names().includes(name));
  await waitUntil("the last leads", async () => !missing().length, {
    maxMs: 400_000,
    intervalMs: 100,
    describe: async () => ({ missing: missing(), forwarder: forwarder.describe() }),
  });
  assert.deepEqual(names().sort(), sent.sort());
  assert.deepEqual(forwarder.conflicts, []);
});
