// Leads that are kept: where they go and when, and what is told of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { markup, openForm, stored, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";

useChromium();

test("a lead that is kept goes to the endpoint it was made for, and to no other", async (test) => {
  let isCalm = false;
  const { page, form, forwarder, pages, site } = await openForm(test, { next: () => (isCalm ? "accept" : { status: 500 }), page: { expected: networkErrors } });
  const other = await startForwarder(test);
  const first = pages["/"];
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  pages["/"] = markup({ endpoint: other.url });
  await page.goto(site.url);
  await form.shown();
  await form.fill({ ...visitor, firstName: "Hoda" });
  assert.equal(await form.send(), "lead-accepted");
  assert.equal((await stored(page)).length, 1);
  assert.equal(await form.part("notice").textContent(), "", "of the other one nothing is said");
  pages["/"] = first;
  isCalm = true;
  await page.goto(site.url);
  while (!forwarder.leads.size) await new Promise((resolve) => setTimeout(resolve, 20));
  const names = (endpoint) => [...endpoint.leads.values()].map(({ lead }) => lead.leadInformation.firstName);
  assert.deepEqual([names(forwarder), names(other)], [["Mona"], ["Hoda"]]);
});

test("what is due goes when the page is looked at, though no timer fired meanwhile", async (test) => {
  let isCalm = false;
  const { page, form, forwarder } = await openForm(test, { next: () => (isCalm ? "accept" : { status: 500 }), page: { expected: networkErrors } });
  await page.clock.install();
  await form.fill(visitor);
  await page.clock.pauseAt(Date.now() + 3_600_000);
  const outcome = form.send();
  await form.reaches("sending");
  while (!forwarder.requests.length) await page.clock.runFor(100);
  assert.equal(await outcome, "lead-queued");
  isCalm = true;
  // As in a tab that sleeps: the time passes, and nothing runs.
  await page.clock.setSystemTime(Date.now() + 7_200_000);
  const look = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  while ((await form.state()) !== "accepted") await look();
  assert.equal(forwarder.leads.size, 1);
});

test("a lead that is too old is told to the page too", async (test) => {
  const { page, form, forwarder } = await openForm(test, { next: () => ({ status: 503, retryAfter: 86_400 }), page: { expected: networkErrors } });
  await form.fill(visitor);
  await form.send();
  await page.addInitScript(() => {
    globalThis.told = [];
    addEventListener("lead-error", ({ detail: { code, isEarlier, submissionId, issues } }) => told.push({ code, isEarlier, submissionId, issues }));
  });
  await page.clock.install({ time: Date.now() + 31 * 86_400_000 });
  await page.reload();
  await form.part("notice").filter({ hasText: "was deleted" }).waitFor();
  const [{ submissionId }] = forwarder.requests;
  assert.deepEqual(await page.evaluate(() => told), [{ code: "expired", isEarlier: true, submissionId, issues: [] }]);
});

test("a lead that is too large to outlive the page is sent all the same", async (test) => {
  const fields = ["firstName", "phone", "leadDescription"];
  const { form, forwarder } = await openForm(test, { attributes: `fields="${fields.join(" ")}"`, page: { expected: networkErrors } });
  await form.element.evaluate((form) => (form.value = { firstName: "Mona", phone: "+201001234567", leadDescription: "x".repeat(70_000) }));
  const told = form.element.evaluate((form) => new Promise((resolve) => form.addEventListener("lead-error", ({ detail: { code, status } }) => resolve([code, status]))));
  await form.submit.click();
  assert.deepEqual(await told, ["refused", 413], "it came as far as the forwarder, which takes 64 KiB");
  assert.equal(forwarder.leads.size, 0);
});
