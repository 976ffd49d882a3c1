// What happens to a lead for each response, and without storage: one test per rule.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, stored, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const page = { expected: networkErrors };
const accepting = () => "accept";

/** An endpoint that returns these responses in order, then accepts. */
const inOrder =
  (...fates) =>
  (count) =>
    fates[count - 1] ?? "accept";

/** The outcomes that the form reports, by its events. */
async function record(form) {
  await form.element.evaluate((form) => {
    globalThis.events = [];
    for (const name of ["lead-submit", "lead-accepted", "lead-queued", "lead-error"]) {
      form.addEventListener(name, ({ type, detail }) =>
        globalThis.events.push([type, detail.code ?? detail.status ?? detail.isPersisted ?? null]),
      );
    }
  });
  return () => form.page.evaluate(() => globalThis.events);
}

const ids = ({ requests }) => requests.map(({ submissionId }) => submissionId);

test("a lead is stored in IndexedDB before it is sent, and deleted once it is acknowledged", async (test) => {
  let seen;
  const {
    form,
    forwarder,
    page: opened,
  } = await openForm(test, {
    next: async () => {
      seen = await stored(opened);
      return "accept";
    },
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.deepEqual(seen, ids(forwarder));
  assert.match(seen[0], /^[0-9a-f]{32}$/);
  assert.deepEqual(await stored(opened), []);
});

for (const [what, fate] of [
  ["no response", "cut-before"],
  ["a lost response", "cut-after"],
  ["500", { status: 500 }],
  ["503", { status: 503, retryAfter: 1 }],
  ["429", { status: 429, retryAfter: 1 }],
  ["a login page instead of the response", { status: 200, body: "<html>" }],
  ["a redirect", { status: 302 }],
]) {
  test(`after ${what} the visitor sees that the lead is stored, and it is sent later with the same id`, async (test) => {
    let isHealthy = false;
    const { form, forwarder } = await openForm(test, { next: () => (isHealthy ? "accept" : fate), page });
    const events = await record(form);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    assert.match(await form.status.innerText(), /saved|waiting/);
    isHealthy = true;
    await form.reaches("accepted");
    assert.equal(new Set(ids(forwarder)).size, 1);
    assert.equal(forwarder.leads.size, 1);
    assert.deepEqual(
      [...new Set((await events()).map(([name]) => name))],
      ["lead-submit", "lead-queued", "lead-accepted"],
    );
  });
}

test("a request that hangs times out and the lead is kept", async (test) => {
  const { form, forwarder, page: opened } = await openForm(test, { next: inOrder("hang"), page });
  await opened.clock.install();
  await form.fill(visitor);
  const outcome = form.send();
  await form.reaches("sending");
  await waitUntil("a request", async () => forwarder.requests.length);
  await opened.clock.runFor(16_000);
  assert.equal(await outcome, "lead-queued");
});

test("Retry-After delays every lead of the page", async (test) => {
  const {
    form,
    forwarder,
    page: opened,
  } = await openForm(test, { next: inOrder({ status: 429, retryAfter: 600 }), page });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.part("again").click();
  await form.fill({ ...visitor, firstName: "Hoda" });
  assert.equal(await form.send(), "lead-queued");
  await form.part("retry").click();
  await opened.reload();
  await form.shown();
  await form.part("notice").filter({ hasText: "earlier request is waiting" }).waitFor();
  // The server did not ask the other lead to wait, so it is sent with the new visit.
  await waitUntil("the lead", async () => forwarder.leads.size);
  assert.deepEqual(
    [...forwarder.leads.values()].map(({ lead }) => lead.leadInformation.firstName),
    ["Hoda"],
  );
});

test("400 marks the fields; the corrected lead gets a new submission id", async (test) => {
  const issues = [
    { path: "leadInformation.phone", code: "phone", severity: "error" },
    { path: "leadInformation.email", code: "email", severity: "error" },
  ];
  const wrong = { status: 400, body: { error: { code: "validation", message: "wrong", issues } } };
  const { form, forwarder, page: opened } = await openForm(test, { next: inOrder(wrong), page });
  await form.fill({ ...visitor, email: "mona@example.co" });
  assert.equal(await form.send(), "lead-error");
  assert.match(await form.error("phone"), /phone number/);
  assert.match(await form.error("email"), /email address/);
  await form.focuses("phone");
  assert.match(await form.part("summary").innerText(), /2 fields/);
  await form.fill({ email: "mona@example.com" });
  assert.equal(await form.error("email"), undefined);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(new Set(ids(forwarder)).size, 2);
  await waitUntil("an empty database", async () => !(await stored(opened)).length);
});

test("400 in the background is shown on the next visit, for correction", async (test) => {
  const issues = [{ path: "leadInformation.phone", code: "phone", severity: "error" }];
  const wrong = { status: 400, body: { error: { code: "validation", message: "wrong", issues } } };
  const corrected = "+201001234568";
  const {
    form,
    forwarder,
    page: opened,
  } = await openForm(test, {
    // The page that is left and the next one may both retry.
    next: (count, { lead }) =>
      count === 1 ? { status: 500 } : lead.leadInformation.phone === corrected ? "accept" : wrong,
    page,
  });
  await form.fill(visitor);
  await form.send();
  await opened.reload();
  await form.shown();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  await opened.reload();
  await form.shown();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  await waitUntil("the typed values", async () => (await form.input("firstName").inputValue()) === "Mona");
  await form.fill({ phone: corrected });
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.leads.size, 1);
  assert.equal(new Set(ids(forwarder)).size, 2, "it has a new submission id");
  await waitUntil("an empty database", async () => !(await stored(opened)).length);
});

for (const status of [403, 404, 405, 415]) {
  test(`${status} is the site's fault: the lead is stored and retried hourly, and the visitor is informed`, async (test) => {
    const { form, forwarder, page: opened } = await openForm(test, { next: inOrder({ status }), page });
    await opened.clock.install();
    const events = await record(form);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-error");
    await form.reaches("refused");
    assert.match(await form.status.innerText(), /on our side/);
    await opened.clock.runFor(3_500_000);
    assert.equal(forwarder.requests.length, 1);
    // In steps: the page's clock must not run ahead of the network responses.
    await waitUntil("the lead to be accepted", async () => {
      await opened.clock.runFor(1_000);
      await opened.evaluate(() => {});
      return (await form.state()) === "accepted";
    });
    assert.deepEqual(await events(), [
      ["lead-submit", null],
      ["lead-error", "refused"],
      ["lead-accepted", null],
    ]);
    assert.equal(new Set(ids(forwarder)).size, 1);
  });
}

test("without a database the lead is kept in memory, the visitor is informed, and it is sent when the page is left", async (test) => {
  let isHealthy = false;
  const forwarder = await startForwarder(test, { next: () => (isHealthy ? "accept" : { status: 500 }) });
  const site = await startPages(test, {
    "/": markup({ endpoint: forwarder.url }),
    "/next": "<!doctype html><title>Next</title>",
  });
  const context = await openContext(test, page);
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("refused", "SecurityError");
    };
  });
  const opened = await context.newPage();
  await opened.goto(site.url);
  const form = new LeadForm(opened);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.reaches("held");
  assert.match(await form.status.innerText(), /keep this page open/);
  isHealthy = true;
  await opened.goto(`${site.url}/next`);
  await waitUntil("the lead", async () => forwarder.leads.size);
  assert.equal(new Set(ids(forwarder)).size, 1);
});

test("a full disk loses no lead", async (test) => {
  const { form, forwarder, page: opened } = await openForm(test, { next: inOrder({ status: 500 }), page });
  await opened.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
});

test("offline before the deferred scripts load: the lead is kept, and sent once the browser is online", async (test) => {
  const { form, forwarder, page: opened } = await openForm(test, { next: accepting, page });
  await opened.context().setOffline(true);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  assert.equal((await stored(opened)).length, 1);
  await opened.context().setOffline(false);
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
});

test("two tabs share one queue: each lead is sent by one tab, and both show the result", async (test) => {
  let isHealthy = false;
  const forwarder = await startForwarder(test, { next: () => (isHealthy ? "accept" : { status: 500 }) });
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url }) });
  const context = await openContext(test, page);
  const tabs = [];
  for (const firstName of ["Mona", "Hoda"]) {
    const opened = await context.newPage();
    await opened.goto(site.url);
    const form = new LeadForm(opened);
    await form.fill({ ...visitor, firstName });
    assert.equal(await form.send(), "lead-queued");
    tabs.push(form);
  }
  isHealthy = true;
  const before = forwarder.requests.length;
  for (const form of tabs) await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 2);
  assert.equal(forwarder.requests.length - before, 2);
});
