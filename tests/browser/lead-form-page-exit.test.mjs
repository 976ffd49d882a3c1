// A lead is safe from the click on, also while it is validated and stored.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { markup, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const CHECKS = "/icloud-ready/validation.wasm";

/** A filled-in form in a browser whose checks or database never finish, with the submitter loaded. */
async function openSlow(test, slow) {
  const forwarder = await startForwarder(test);
  const pages = { "/": markup({ endpoint: forwarder.url }), "/next": "<!doctype html><title>Next</title>" };
  if (slow === "checks") pages[CHECKS] = null;
  const site = await startPages(test, pages);
  const context = await openContext(test, { expected: networkErrors });
  const page = await context.newPage();
  // No timeout fires here: the page's clock is paused.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 3_600_000);
  await page.addInitScript(() => addEventListener("lead-submit", () => (globalThis.isChecked = true)));
  if (slow === "database") await page.addInitScript(() => (IDBFactory.prototype.open = () => ({})));
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.shown();
  const ready = page.waitForEvent(slow === "checks" ? "request" : "requestfinished", (request) =>
    request.url().endsWith(CHECKS),
  );
  await form.fill(visitor);
  await ready;
  await form.submit.click();
  if (slow === "checks") await form.reaches("sending");
  else await page.waitForFunction(() => globalThis.isChecked);
  return { context, forwarder, form, page, site };
}

const WAYS = {
  "the page is left": ({ page, site }) => page.goto(`${site.url}/next`),
  "the tab is closed": ({ page }) => page.close(),
};

for (const slow of ["checks", "database"]) {
  for (const [what, leave] of Object.entries(WAYS)) {
    test(`${what} before the ${slow} are loaded: the lead is sent without checks`, async (test) => {
      const { context, forwarder, ...more } = await openSlow(test, slow);
      await leave(more);
      const page = await context.newPage();
      await waitUntil("the lead", async () => forwarder.leads.size);
      await page.goto(more.site.url);
      await new LeadForm(page).shown();
      const [{ lead, context: received }, ...others] = forwarder.leads.values();
      assert.deepEqual(others, []);
      assert.deepEqual(lead.leadInformation, visitor);
      assert.equal(received.phone.check, slow === "checks" ? "raw" : "strict");
    });
  }
}

test("a hidden page does not wait for the checks", async (test) => {
  const { forwarder, form, page } = await openSlow(test, "checks");
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
});
