// No lead is lost or duplicated, whatever the network, the tab or the visitor does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../support/rng.mjs";
import { networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { tabOf } from "./support/lead-form.mjs";
import { visit } from "./support/visits.mjs";

useChromium();

const PROFILES = 4;
const COUNT = Number(process.env.COUNT ?? 200) / PROFILES;

test(`delivers ${PROFILES * COUNT} leads through an endpoint that fails in every way (seed ${SEED})`, async (test) => {
  const profiles = [];
  for (let index = 0; index < PROFILES; index += 1) profiles.push(await profile(test));
  const { sent, arrived } = await visit(test, profiles, { count: COUNT, seed: SEED });
  assert.equal(sent.length, PROFILES * COUNT);
  assert.deepEqual(arrived, sent);
});

test(`control: without the queue some leads are lost (seed ${SEED})`, async (test) => {
  const forgetful = await profile(test, () => {
    // Nothing is stored, and requests end with the page.
    IDBFactory.prototype.open = () => {
      throw new DOMException("refused", "SecurityError");
    };
    const { fetch } = globalThis;
    let isLeft = false;
    addEventListener("pagehide", () => (isLeft = true), { capture: true });
    globalThis.fetch = (url, options) =>
      isLeft ? Promise.reject(new TypeError()) : fetch(url, { ...options, keepalive: false });
  });
  const { sent, arrived } = await visit(test, [forgetful], { count: 20, seed: SEED, isControl: true });
  assert.ok(arrived.length < sent.length, `${arrived.length} of ${sent.length}`);
});

/** A separate browser context; `sabotage` runs on its pages first. */
async function profile(test, sabotage) {
  const context = await openContext(test, { expected: networkErrors });
  if (sabotage) await context.addInitScript(sabotage);
  return {
    openTab: async () => tabOf(await context.newPage()),
    setOffline: (isOffline) => context.setOffline(isOffline),
  };
}
