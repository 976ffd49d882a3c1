// Each lead has its own outcome, which is reported whatever the page does meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, stored, visitor } from "./support/form-page.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const pageOptions = { expected: networkErrors };
const names = ({ leads }) => [...leads.values()].map(({ lead }) => lead.leadInformation.firstName).sort();

/** Responses that wait until they are released. */
function gate() {
  const open = [];
  return { next: () => new Promise((resolve) => open.push(() => resolve("accept"))), open };
}

test("reset() while a lead is being sent: the next lead is sent too, and each has its own outcome", async (test) => {
  const { next, open } = gate();
  const { page, form, forwarder } = await openForm(test, { next });
  await form.fill(visitor);
  const first = form.element.evaluate((form) => form.submit());
  await waitUntil("the first request", async () => open.length === 1);
  await form.element.evaluate((form) => form.reset());
  assert.equal(await form.state(), "editing");
  assert.equal(await form.element.evaluate((form) => form.busy), false);
  await form.fill({ ...visitor, firstName: "Hoda" });
  const second = form.element.evaluate((form) => form.submit());
  await waitUntil("the second request", async () => open.length === 2);
  open[0]();
  assert.equal(await first, "accepted");
  assert.equal(await form.state(), "sending", "each lead has its own outcome");
  open[1]();
  assert.equal(await second, "accepted");
  await form.reaches("accepted");
  assert.deepEqual(names(forwarder), ["Hoda", "Mona"]);
  assert.deepEqual(await stored(page), []);
});

test("if a listener adds a value that cannot be sent, lead-error is dispatched and the form stays usable", async (test) => {
  const { page, form, forwarder } = await openForm(test, { page: { expected: /BigInt/ } });
  await page.evaluate(() =>
    addEventListener("lead-submit", ({ detail }) => (detail.lead.dealSize = 1n), { once: true }),
  );
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  await form.status.filter({ hasText: "could not be accepted" }).waitFor();
  assert.equal(await form.input("firstName").inputValue(), "Mona");
  assert.equal(await form.element.evaluate((form) => form.busy), false);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.leads.size, 1);
});

for (const [what, response, event] of [
  ["accepted", "accept", "lead-accepted"],
  ["queued", { status: 503 }, "lead-queued"],
  ["rejected", { status: 413 }, "lead-error"],
]) {
  test(`the form is removed while its lead is being sent and ${what}: the event is dispatched on the document`, async (test) => {
    const { next, open } = gate();
    const { page, form, forwarder } = await openForm(test, {
      next: async () => (await next(), response),
      page: pageOptions,
    });
    const received = page.evaluate(
      () =>
        new Promise((resolve) => {
          for (const name of ["lead-accepted", "lead-queued", "lead-error"])
            document.addEventListener(name, ({ type, detail }) => resolve([type, detail.submissionId]));
        }),
    );
    await form.fill(visitor);
    await form.submit.click();
    await waitUntil("the request", async () => open.length === 1);
    await form.element.evaluate((form) => form.remove());
    open[0]();
    assert.deepEqual(await received, [event, forwarder.requests[0].submissionId]);
  });
}

test("a lead rejected in the background is shown with its values, also in a form with checkboxes and preset values", async (test) => {
  const issues = [{ path: "leadInformation.phone", code: "phone", severity: "error" }];
  const wrong = { status: 400, body: { error: { code: "validation", message: "wrong", issues } } };
  const schema = {
    fields: [
      "firstName",
      "phone",
      { name: "unitId", type: "hidden", value: "A-12" },
      { name: "terms", type: "consent", label: "You may call me.", version: "2" },
    ],
  };
  const { page, form } = await openForm(test, {
    attributes: `schema='${JSON.stringify(schema)}'`,
    next: (count) => (count === 1 ? { status: 503 } : wrong),
    page: pageOptions,
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await page.reload();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  await page.reload();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  await waitUntil("what was typed", async () => (await form.input("firstName").inputValue()) === "Mona");
  assert.equal(await form.input("phone").inputValue(), visitor.phone);
});

test("an unreadable record blocks no other record, and is reported", async (test) => {
  const { page, form, forwarder } = await openForm(test, {
    next: (count) => (count === 1 ? { status: 503 } : "accept"),
    page: pageOptions,
  });
  const warnings = collectWarnings(page);
  await form.fill(visitor);
  await form.send();
  await page.evaluate(
    (key) =>
      new Promise((resolve) => {
        const opening = indexedDB.open("icloud-ready-lead-form");
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("submissions", "readwrite");
          const store = transaction.objectStore("submissions");
          store.put({ key, id: "broken-1", body: "{", attempts: 0, retryAt: 0, at: 0 });
          store.put({ key, id: "broken-2" });
          store.put({ key, id: "broken-3", body: "{}", attempts: "x", at: null, triedDays: 7, retryAt: {} });
          transaction.oncomplete = () => resolve(opening.result.close());
        };
      }),
    forwarder.url,
  );
  await page.reload();
  await waitUntil("the lead", async () => forwarder.leads.size);
  assert.match((await warnings.read(1)).join(), /cannot be read/);
  assert.deepEqual(names(forwarder), ["Mona"]);
});
