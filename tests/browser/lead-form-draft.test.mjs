// A returning visitor: the same lead keeps its submission id, and the typed values are restored.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { refuseStorage } from "./support/frames.mjs";

useChromium();

const CONSENTS = `schema='${JSON.stringify({ fields: ["firstName", "phone", { name: "terms", type: "consent", label: "You may call me." }] })}'`;
const ids = ({ requests }) => requests.map(({ submissionId }) => submissionId);
const storage = (page) => page.evaluate(() => JSON.stringify(sessionStorage));

test("resubmitting the same lead and consents after a reload reuses the submission id; changed ones get a new id", async (test) => {
  const { page, form, forwarder } = await openForm(test, { attributes: CONSENTS });
  await page.evaluate(() => sessionStorage.clear());
  const send = async ({ isGiven, ...more } = {}) => {
    await form.fill({ ...visitor, ...more });
    await form.input("terms").setChecked(isGiven ?? false);
    const events = form.element.evaluate(
      (form) =>
        new Promise((resolve) =>
          form.addEventListener("lead-accepted", ({ detail }) => resolve(detail.submissionId), { once: true }),
        ),
    );
    assert.equal(await form.send(), "lead-accepted");
    const id = await events;
    await page.reload();
    await form.shown();
    return id;
  };
  const id = await send();
  assert.equal(await send(), id);
  assert.notEqual(await send({ isGiven: true }), id);
  assert.notEqual(await send({ firstName: "Hoda" }), id);
  assert.equal(await send(), id, "although another lead was sent meanwhile");
  assert.deepEqual([forwarder.leads.size, new Set(ids(forwarder)).size], [3, 3]);
  assert.doesNotMatch(
    (await storage(page)).replace(/icloud-ready-attribution.*?(?="icloud|$)/, ""),
    /Mona|Hoda|201001234567|call me/,
    "what is stored has no personal data",
  );
  // Ten minutes later it is a new lead.
  await page.evaluate(() => {
    const sent = JSON.parse(sessionStorage.getItem("icloud-ready-sent"));
    for (const lead of sent.leads) lead.at -= 600_000;
    sessionStorage.setItem("icloud-ready-sent", JSON.stringify(sent));
  });
  assert.notEqual(await send(), id);
  assert.equal(forwarder.leads.size, 4);
});

test("a lead whose response was lost is resent after a reload under the same submission id", async (test) => {
  const { page, form, forwarder } = await openForm(test, {
    next: (count) => (count === 1 ? "hang-after" : "accept"),
    page: { expected: networkErrors },
  });
  await form.fill(visitor);
  await form.submit.click();
  await waitUntil("the first request", async () => forwarder.requests.length);
  await page.reload();
  forwarder.letGo();
  await form.shown();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(new Set(ids(forwarder)).size, 1);
  assert.deepEqual(forwarder.conflicts, []);
});

test("through a client, the lead is looked up before it is created again", async (test) => {
  const { page, form } = await openForm(test);
  const create = () => {
    globalThis.calls = JSON.parse(sessionStorage.getItem("calls") ?? "[]");
    document.querySelector("icloud-ready-lead-form").client = {
      leads: {
        create(_, options) {
          sessionStorage.setItem("calls", JSON.stringify([...calls, options]));
          return calls.length ? Promise.resolve({ _id: "1" }) : new Promise(() => {});
        },
      },
    };
  };
  await page.evaluate(create);
  await form.fill(visitor);
  await form.submit.click();
  const calls = () => page.evaluate(() => JSON.parse(sessionStorage.getItem("calls") ?? "[]"));
  await waitUntil("the first call", async () => (await calls()).length === 1);
  // The database no longer contains it.
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  });
  await page.reload();
  await page.evaluate(create);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  const [first, second] = await calls();
  assert.equal(first.submissionId, second.submissionId);
  assert.deepEqual([first.checkExisting, second.checkExisting], [false, true]);
});

/** A form with fields of all kinds that keeps a draft; `hasDraft`: whether the attribute is set. */
async function openDraft(test, { hasDraft = true, ...more } = {}) {
  const schema = {
    fields: [
      "firstName",
      "phone",
      "leadDescription",
      { name: "interests", options: ["Villa", "Shop"] },
      { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"] },
      { name: "visitAt", label: "When?", when: { field: "visit", is: "Yes" } },
      { name: "unitId", type: "hidden", value: "A-12" },
      { name: "terms", type: "consent", label: "You may call me." },
    ],
  };
  const opened = await openForm(test, {
    attributes: `${hasDraft ? "draft" : ""} country="EG" schema='${JSON.stringify(schema)}'`,
    ...more,
  });
  const { form, page } = opened;
  const fill = async () => {
    await form.fill({ firstName: "Mona", phone: "0501234567", leadDescription: "A garden" });
    await form.part("country").locator('option[value="ZW"]').waitFor({ state: "attached" });
    await form.part("country").selectOption("SA");
    await form.input("interests").check();
    await form.input("visit").check();
    await form.fill({ visitAt: "Sunday" });
    await form.input("terms").check();
  };
  const reload = async () => {
    await page.reload();
    await form.shown();
    await page.waitForLoadState("networkidle");
  };
  const value = () => form.element.evaluate((form) => form.value);
  const draft = () =>
    page.evaluate(() => Object.entries(sessionStorage).find(([key]) => key.startsWith("icloud-ready-draft"))?.[1]);
  return { ...opened, fill, reload, value, draft };
}

const TYPED = {
  firstName: "Mona",
  phone: "0501234567",
  leadDescription: "A garden",
  interests: ["Villa"],
  visit: "Yes",
  visitAt: "Sunday",
  unitId: "A-12",
  terms: false,
};
const EMPTY = { unitId: "A-12", terms: false };

test("input is restored after a reload and sent unchanged; consents and hidden fields are not stored", async (test) => {
  const { page, form, forwarder, fill, reload, value, draft } = await openDraft(test);
  await fill();
  assert.doesNotMatch(await waitUntil("a draft", draft), /terms|A-12/);
  await reload();
  await waitUntil("what was typed", async () => isDeepStrictEqual(await value(), TYPED), { describe: value });
  assert.equal(await form.part("country").inputValue(), "SA");
  await page.evaluate(() => document.querySelector("icloud-ready-lead-form").prefill({ firstName: "Hoda" }));
  assert.equal((await value()).firstName, "Mona", "it is the visitor's");
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.requests[0].lead.leadInformation.phone, "+966501234567");
  assert.equal(await draft(), undefined, "it is forgotten once it was accepted");
  await reload();
  assert.deepEqual(await value(), EMPTY);
});

test("a draft is deleted once the lead is stored, by reset(), and when the attribute is removed", async (test) => {
  const { page, form, fill, draft } = await openDraft(test, {
    next: () => ({ status: 503 }),
    page: { expected: networkErrors },
  });
  await fill();
  await form.element.evaluate((form) => form.reset());
  assert.equal(await draft(), undefined);
  await fill();
  await waitUntil("a draft", draft);
  await form.element.evaluate((form) => (form.draft = false));
  await waitUntil("no draft", async () => (await draft()) === undefined);
  await form.fill({ firstName: "Hoda" });
  assert.equal(await draft(), undefined);
  await form.element.evaluate((form) => (form.draft = true));
  await form.fill({ firstName: "Mona" });
  await waitUntil("a draft", draft);
  assert.equal(await form.send(), "lead-queued");
  assert.equal(await draft(), undefined);
  assert.equal(await page.evaluate(() => document.querySelector("icloud-ready-lead-form").getAttribute("draft")), "");
});

test("a draft is deleted after 30 minutes, in an open page and after a reload", async (test) => {
  const { page, fill, reload, value, draft } = await openDraft(test);
  await fill();
  await page.evaluate(() => {
    const [key, text] = Object.entries(sessionStorage).find(([key]) => key.startsWith("icloud-ready-draft"));
    sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), at: Date.now() - 1_800_000 }));
  });
  await reload();
  assert.deepEqual(await value(), EMPTY);
  assert.equal(await draft(), undefined);
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 3_600_000);
  await page.locator("icloud-ready-lead-form").locator("#firstName").fill("Mona");
  assert.notEqual(await draft(), undefined);
  await page.clock.runFor(1_799_999);
  assert.notEqual(await draft(), undefined);
  await page.clock.runFor(1);
  assert.equal(await draft(), undefined);
});

test("without the attribute no input is stored, and the draft script is not loaded", async (test) => {
  const { page, site, fill, reload, value } = await openDraft(test, { hasDraft: false });
  await fill();
  assert.doesNotMatch(await storage(page), /Mona|Sunday/);
  await reload();
  assert.deepEqual(await value(), EMPTY);
  assert.ok(!site.requests.some((path) => path.endsWith("/draft.js")));
});

test("two forms without ids have separate drafts", async (test) => {
  const forwarder = await startForwarder(test);
  const body = `<icloud-ready-lead-form draft endpoint="${forwarder.url}"></icloud-ready-lead-form>`;
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url, attributes: "draft", body }) });
  const page = await openPage(test);
  const open = async (way) => {
    await way();
    for (const place of [0, 1])
      await page.locator("icloud-ready-lead-form").nth(place).locator("[part=submit]").waitFor();
    await page.waitForLoadState("networkidle");
  };
  await open(() => page.goto(site.url));
  const input = (place) => page.locator("icloud-ready-lead-form").nth(place).locator("#firstName");
  await input(0).fill("Mona");
  await input(1).fill("Hoda");
  await open(() => page.reload());
  const values = async () => [await input(0).inputValue(), await input(1).inputValue()];
  await waitUntil("both drafts", async () => isDeepStrictEqual(await values(), ["Mona", "Hoda"]), { describe: values });
});

test("if storage is blocked, the form sends without drafts", async (test) => {
  const forwarder = await startForwarder(test);
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url, attributes: "draft" }) });
  const page = await openPage(test);
  await page.addInitScript(refuseStorage);
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.leads.size, 1);
});
