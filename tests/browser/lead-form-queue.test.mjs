// What becomes of a lead for each answer, and when nothing can be kept: one rule, one test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, stored, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const page = { expected: networkErrors };
const calm = () => "accept";

/** An endpoint that gives these answers in order, then accepts. */
const inOrder =
  (...fates) =>
  (count) =>
    fates[count - 1] ?? "accept";

/** What the form says happened, by its events. */
async function record(form) {
  await form.element.evaluate((form) => {
    globalThis.told = [];
    for (const name of ["lead-submit", "lead-accepted", "lead-queued", "lead-error"]) {
      form.addEventListener(name, ({ type, detail }) =>
        globalThis.told.push([type, detail.code ?? detail.status ?? detail.isKept ?? null]),
      );
    }
  });
  return () => form.page.evaluate(() => globalThis.told);
}

const ids = ({ requests }) => requests.map(({ submissionId }) => submissionId);

test("a lead is in the database before it is sent, and gone once it is acknowledged", async (test) => {
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
  ["no answer", "cut-before"],
  ["an answer that is lost", "cut-after"],
  ["500", { status: 500 }],
  ["503", { status: 503, retryAfter: 1 }],
  ["429", { status: 429, retryAfter: 1 }],
  ["a login page in place of an answer", { status: 200, body: "<html>" }],
  ["a redirect", { status: 302 }],
]) {
  test(`after ${what} the visitor reads that the lead is stored, and it is sent later with the same id`, async (test) => {
    let isCalm = false;
    const { form, forwarder } = await openForm(test, { next: () => (isCalm ? "accept" : fate), page });
    const told = await record(form);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    isCalm = true;
    assert.match(await form.status.innerText(), /saved|waiting/);
    await form.reaches("accepted");
    assert.equal(new Set(ids(forwarder)).size, 1);
    assert.equal(forwarder.leads.size, 1);
    assert.deepEqual(
      [...new Set((await told()).map(([name]) => name))],
      ["lead-submit", "lead-queued", "lead-accepted"],
    );
  });
}

test("a lead that hangs is given up and kept", async (test) => {
  const { form, forwarder, page: opened } = await openForm(test, { next: inOrder("hang"), page });
  await opened.clock.install();
  await form.fill(visitor);
  const outcome = form.send();
  await form.reaches("sending");
  await waitUntil("a request", async () => forwarder.requests.length);
  await opened.clock.runFor(16_000);
  assert.equal(await outcome, "lead-queued");
});

test("Retry-After is waited for, by every lead of the page", async (test) => {
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
  // The other one was never asked to wait by the server, and goes with the new visit.
  await waitUntil("the lead", async () => forwarder.leads.size);
  assert.deepEqual(
    [...forwarder.leads.values()].map(({ lead }) => lead.leadInformation.firstName),
    ["Hoda"],
  );
});

test("400 marks the fields; the corrected lead is a new one", async (test) => {
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

test("400 in the background is shown on the next visit, to be checked", async (test) => {
  const issues = [{ path: "leadInformation.phone", code: "phone", severity: "error" }];
  const wrong = { status: 400, body: { error: { code: "validation", message: "wrong", issues } } };
  const { form, forwarder, page: opened } = await openForm(test, { next: inOrder({ status: 500 }, wrong), page });
  await form.fill(visitor);
  await form.send();
  await opened.reload();
  await form.shown();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  await opened.reload();
  await form.shown();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  assert.equal(await form.input("firstName").inputValue(), "Mona", "what was typed is there again");
  await form.fill({ phone: "+201001234568" });
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.requests.length, 3);
  assert.equal(forwarder.leads.size, 1);
  await waitUntil("an empty database", async () => !(await stored(opened)).length);
});

for (const status of [403, 404, 405, 415]) {
  test(`${status} is the site's fault: the lead is stored and retried hourly, and the visitor is informed`, async (test) => {
    const { form, forwarder, page: opened } = await openForm(test, { next: inOrder({ status }), page });
    await opened.clock.install();
    const told = await record(form);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-error");
    await form.reaches("refused");
    assert.match(await form.status.innerText(), /on our side/);
    await opened.clock.runFor(3_500_000);
    assert.equal(forwarder.requests.length, 1);
    // In steps: the page's clock must not run ahead of what the network answers.
    await waitUntil("the lead to be accepted", async () => {
      await opened.clock.runFor(1_000);
      await opened.evaluate(() => {});
      return (await form.state()) === "accepted";
    });
    assert.deepEqual(await told(), [
      ["lead-submit", null],
      ["lead-error", "refused"],
      ["lead-accepted", null],
    ]);
    assert.equal(new Set(ids(forwarder)).size, 1);
  });
}

test("without a database the lead is kept in the page, the visitor is informed, and it is sent when the page is left", async (test) => {
  const forwarder = await startForwarder(test, { next: inOrder({ status: 500 }) });
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
  await opened.goto(`${site.url}/next`);
  await waitUntil("the lead", async () => forwarder.leads.size);
  assert.equal(new Set(ids(forwarder)).size, 1);
});

test("a full disk is no loss", async (test) => {
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

test("offline before anything but the form arrived: it is kept, and goes when there is a connection", async (test) => {
  const { form, forwarder, page: opened } = await openForm(test, { next: calm, page });
  await opened.context().setOffline(true);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  assert.equal((await stored(opened)).length, 1);
  await opened.context().setOffline(false);
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
});

test("two tabs, one queue: each lead is sent by one of them, and both say so", async (test) => {
  let isCalm = false;
  const forwarder = await startForwarder(test, { next: () => (isCalm ? "accept" : { status: 500 }) });
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
  isCalm = true;
  const before = forwarder.requests.length;
  for (const form of tabs) await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 2);
  assert.equal(forwarder.requests.length - before, 2);
});
