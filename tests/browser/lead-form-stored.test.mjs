// Stored leads: where they are sent and when, and what the visitor reads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { markup, openForm, stored, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";

useChromium();

test("a stored lead is sent only to the endpoint that it was submitted to", async (test) => {
  let isHealthy = false;
  const { page, form, forwarder, pages, site } = await openForm(test, {
    next: () => (isHealthy ? "accept" : { status: 500 }),
    page: { expected: networkErrors },
  });
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
  assert.equal(await form.part("notice").textContent(), "", "no notice about the other one");
  pages["/"] = first;
  isHealthy = true;
  await page.goto(site.url);
  await waitUntil("the lead", async () => forwarder.leads.size);
  const names = (endpoint) => [...endpoint.leads.values()].map(({ lead }) => lead.leadInformation.firstName);
  assert.deepEqual([names(forwarder), names(other)], [["Mona"], ["Hoda"]]);
});

test("a queue filled by an earlier release is sent, with its submission ids and back-off times", async (test) => {
  const { page, form, forwarder } = await openForm(test);
  const body = JSON.stringify({ lead: { leadInformation: visitor }, context: { page: "https://agency.example/" } });
  const record = {
    key: forwarder.url,
    at: Date.now() - 60_000,
    body,
    values: JSON.stringify(visitor),
    attempts: 3,
    triedDays: [20_000],
  };
  const old = { retryAt: Date.now() - 1_000, waitMs: 30_000, isAsked: true, isWrong: false };
  const records = [
    { ...record, ...old, id: "a".repeat(32) },
    { ...record, id: "b".repeat(32), retryAt: 0 },
    { ...record, ...old, id: "c".repeat(32), isWrong: true },
  ];
  await page.evaluate(
    (records) =>
      new Promise((resolve) => {
        const opening = indexedDB.open("icloud-ready-lead-form");
        opening.onupgradeneeded = () => opening.result.createObjectStore("submissions", { keyPath: ["key", "id"] });
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("submissions", "readwrite");
          for (const one of records) transaction.objectStore("submissions").put(one);
          transaction.oncomplete = () => resolve(opening.result.close());
        };
      }),
    records,
  );
  await page.reload();
  await form.shown();
  await waitUntil("both leads", async () => forwarder.leads.size === 2);
  assert.deepEqual([...forwarder.leads.keys()].sort(), [records[0].id, records[1].id]);
  await waitUntil("what has to be corrected", async () => (await stored(page)).join() === records[2].id);
  await waitUntil("what was typed", async () => (await form.input("firstName").inputValue()) === visitor.firstName);
});

test("a lead that becomes due while an earlier one is being sent is sent afterwards", async (test) => {
  let isHealthy = false;
  let accept;
  const accepting = new Promise((resolve) => (accept = resolve));
  let earlier;
  const { page, form, forwarder } = await openForm(test, {
    next: (_, { submissionId }) => {
      earlier ??= submissionId;
      if (!isHealthy) return { status: 500 };
      return submissionId === earlier ? accepting.then(() => "accept") : "accept";
    },
    page: { expected: networkErrors },
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  const attempts = (wanted) =>
    forwarder.requests.filter(({ submissionId }) => (submissionId === earlier) === wanted).length;
  const before = attempts(true);
  isHealthy = true;
  await waitUntil("another attempt for the first lead", async () => attempts(true) > before);
  isHealthy = false;
  await form.part("again").click();
  await form.fill({ ...visitor, firstName: "Hoda" });
  assert.equal(await form.send(), "lead-queued");
  isHealthy = true;
  // Its back-off, at most two seconds, ends while the first lead is still being sent.
  await page.waitForTimeout(3_000);
  assert.equal(forwarder.leads.size, 0);
  accept();
  await waitUntil("both leads", async () => forwarder.leads.size === 2);
});

test("due leads are sent when the page becomes visible, even if no timer fired", async (test) => {
  let isHealthy = false;
  const { page, form, forwarder } = await openForm(test, {
    next: () => (isHealthy ? "accept" : { status: 500 }),
    page: { expected: networkErrors },
  });
  await page.clock.install();
  await form.fill(visitor);
  await page.clock.pauseAt(Date.now() + 3_600_000);
  const outcome = form.send();
  await waitUntil("a request", async () => {
    await page.clock.runFor(100);
    return forwarder.requests.length;
  });
  assert.equal(await outcome, "lead-queued");
  isHealthy = true;
  // As in a suspended tab: time passes, and no script runs.
  await page.clock.setSystemTime(Date.now() + 7_200_000);
  const look = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await waitUntil("the lead to be accepted", async () => {
    await look();
    return (await form.state()) === "accepted";
  });
  assert.equal(forwarder.leads.size, 1);
});

test("an expired lead is reported to the page too", async (test) => {
  const { page, form, forwarder } = await openForm(test, {
    next: () => ({ status: 503, retryAfter: 3_600 }),
    page: { expected: networkErrors },
  });
  await form.fill(visitor);
  await form.send();
  // As after attempts on three days.
  await change(page, { triedDays: [20_000, 20_001, 20_002] });
  await page.addInitScript(() => {
    globalThis.events = [];
    addEventListener("lead-error", ({ detail: { code, isEarlier, submissionId, issues } }) =>
      globalThis.events.push({ code, isEarlier, submissionId, issues }),
    );
  });
  await page.clock.install({ time: Date.now() + 31 * 86_400_000 });
  await page.reload();
  await form.part("notice").filter({ hasText: "was deleted" }).waitFor();
  const [{ submissionId }] = forwarder.requests;
  assert.deepEqual(await page.evaluate(() => globalThis.events), [
    { code: "expired", isEarlier: true, submissionId, issues: [] },
  ]);
});

test("a lead survives clock jumps of days and of a year while the page is open", async (test) => {
  let isHealthy = false;
  const { page, form, forwarder } = await openForm(test, {
    next: () => (isHealthy ? "accept" : { status: 500 }),
    page: { expected: networkErrors },
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  const describe = async () => ({ forwarder: forwarder.describe(), state: await form.state() });
  for (const hours of [-24, 24, 8_760]) {
    const { length } = forwarder.requests;
    isHealthy = hours === 8_760;
    await page.evaluate((shiftMs) => {
      globalThis.realNow ??= Date.now;
      const { realNow } = globalThis;
      Date.now = () => realNow() + shiftMs;
    }, hours * 3_600_000);
    await waitUntil(
      `an attempt with the clock ${hours} hours ahead`,
      async () => {
        await page.evaluate(() => dispatchEvent(new Event("online")));
        return forwarder.requests.length > length;
      },
      { describe },
    );
  }
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
});

test("a lead that is too large for keepalive is sent", async (test) => {
  const fields = ["firstName", "phone", "leadDescription"];
  const { form, forwarder } = await openForm(test, {
    attributes: `fields="${fields.join(" ")}"`,
    page: { expected: networkErrors },
  });
  await form.element.evaluate(
    (form) => (form.value = { firstName: "Mona", phone: "+201001234567", leadDescription: "x".repeat(70_000) }),
  );
  const error = form.element.evaluate(
    (form) =>
      new Promise((resolve) =>
        form.addEventListener("lead-error", ({ detail: { code, status } }) => resolve([code, status])),
      ),
  );
  await form.submit.click();
  assert.deepEqual(await error, ["wrong", 413], "it reached the forwarder, which accepts 64 KiB");
  assert.equal(forwarder.leads.size, 0);
});

/** Changes the record of the only stored lead. */
function change(page, members) {
  return page.evaluate(
    (members) =>
      new Promise((resolve) => {
        const opening = indexedDB.open("icloud-ready-lead-form");
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("submissions", "readwrite");
          const store = transaction.objectStore("submissions");
          const reading = store.getAll();
          reading.onsuccess = () => store.put({ ...reading.result[0], ...members });
          transaction.oncomplete = () => resolve(opening.result.close());
        };
      }),
    members,
  );
}
