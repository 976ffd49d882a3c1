// The lead form as an element: its attributes, properties and events, and its comings and goings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../www/server.mjs";
import { openPage, useChromium } from "./support/browser.mjs";
import { blankPages, packageFolder } from "./support/places.mjs";
import { startSandbox } from "./support/sandbox.mjs";
import { LeadForm } from "./support/site.mjs";

useChromium();

/** A blank page; `markup` says what stands on it before the form's script comes. */
async function blank(test, attributes = {}, options) {
  const sandbox = await startSandbox(test);
  const site = await serve({ api: sandbox.url, folder: packageFolder, site: blankPages });
  test.after(() => site.close());
  const page = await openPage(test, options);
  await page.goto(`${site.url}blank.html`);
  await page.evaluate((attributes) => {
    /** A client that does what the test says, and remembers what it was given. */
    globalThis.calls = [];
    globalThis.answer = async () => ({ _id: "1" });
    globalThis.client = {
      leads: { create: (...given) => (calls.push(given), answer()) },
    };
    globalThis.form = document.createElement("icloud-ready-lead-form");
    for (const [name, value] of Object.entries(attributes)) form.setAttribute(name, value);
    document.body.append(form);
    globalThis.told = [];
    for (const name of ["lead-submit", "lead-accepted", "lead-error"]) {
      document.addEventListener(name, (event) => told.push(event));
    }
  }, attributes);
  return { page, form: new LeadForm(page), define: () => page.evaluate(() => import("/lead-form.js").then(() => {})) };
}

const visitor = { firstName: "Mona", phone: "+201001234567" };

test("a client that was set before the script came is used", async (test) => {
  const { page, form, define } = await blank(test);
  await page.evaluate(() => (form.client = client));
  await define();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  const [[lead, { submissionId, lookFirst }]] = await page.evaluate(() => calls);
  assert.deepEqual(lead, { leadInformation: visitor });
  assert.match(submissionId, /^[0-9a-f]{32}$/);
  assert.equal(lookFirst, false);
});

test("loaded twice it is there once", async (test) => {
  const { page, form, define } = await blank(test);
  await define();
  await page.evaluate(() => (globalThis.first = customElements.get("icloud-ready-lead-form")));
  await page.evaluate(() => import("/lead-form.js?again").then(() => {}));
  assert.ok(await page.evaluate(() => customElements.get("icloud-ready-lead-form") === first));
  assert.equal(await form.part("form").count(), 1);
});

test("taken out and put back it is as it was, and what is under way comes to its end", async (test) => {
  const { page, form, define } = await blank(test);
  await define();
  await form.fill(visitor);
  await page.evaluate(() => {
    form.client = client;
    globalThis.answer = () => new Promise((resolve) => (globalThis.arrive = resolve));
    form.remove();
    document.body.append(form);
  });
  assert.equal(await form.input("firstName").inputValue(), "Mona");
  await form.submit.click();
  await form.reaches("sending");
  await page.evaluate(() => {
    form.remove();
    document.body.append(form);
    arrive({ _id: "1" });
  });
  await form.reaches("accepted");
  assert.equal(await page.evaluate(() => calls.length), 1);
  assert.equal(await form.part("form").count(), 1);
});

test("a listener may stop a lead, or add to it", async (test) => {
  const { page, form, define } = await blank(test, { "campaign-name": "Q3" });
  await define();
  await page.evaluate(() => {
    form.client = client;
    form.addEventListener("lead-submit", (event) => event.preventDefault(), { once: true });
  });
  await form.fill(visitor);
  await form.submit.click();
  await form.submit.click();
  await form.reaches("accepted");
  assert.equal(await page.evaluate(() => calls.length), 1);

  await form.part("again").click();
  await page.evaluate(() => form.addEventListener("lead-submit", ({ detail }) => (detail.lead.unitId = "unit-7")));
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  const [lead] = (await page.evaluate(() => calls)).at(-1);
  assert.deepEqual(lead, { leadInformation: visitor, campaignName: "Q3", unitId: "unit-7" });
});

test("events bubble out of any shadow root and tell what they must", async (test) => {
  const { page, form, define } = await blank(test, {}, { expected: undefined });
  await define();
  await page.evaluate(() => {
    const host = document.createElement("div");
    host.attachShadow({ mode: "open" }).append(form);
    document.body.append(host);
    form.client = client;
    globalThis.answer = async () => {
      throw Object.assign(new Error("busy"), { code: "rate_limit" });
    };
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  await page.evaluate(() => (globalThis.answer = async () => ({ _id: "42" })));
  assert.equal(await form.send(), "lead-accepted");
  const seen = await page.evaluate(() =>
    told.map(({ type, bubbles, composed, cancelable, detail }) => {
      const { lead, error, submissionId } = detail;
      return { type, flags: [bubbles, composed, cancelable], lead: lead?._id, code: error?.code, hasId: !!submissionId };
    }),
  );
  const submit = { type: "lead-submit", flags: [true, true, true], lead: undefined, code: undefined, hasId: false };
  assert.deepEqual(seen, [
    submit,
    { ...submit, type: "lead-error", flags: [true, true, false], code: "rate_limit", hasId: true },
    submit,
    { ...submit, type: "lead-accepted", flags: [true, true, false], lead: "42", hasId: true },
  ]);
  const [[, first], [, second]] = await page.evaluate(() => calls);
  assert.deepEqual(second, { submissionId: first.submissionId, lookFirst: true });
});

test("without a client it says so, to the page's maker and to the visitor", async (test) => {
  const { page, form, define } = await blank(test);
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await define();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  await form.reaches("failed");
  assert.deepEqual(warnings, ["<icloud-ready-lead-form>: the property client is not set"]);
});

test("its language is the attribute's, else the page's, else English", async (test) => {
  const { page, form, define } = await blank(test, { locale: "ar-EG", country: "EG" });
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await define();
  const label = () => form.part("label").first().innerText();
  const root = () => form.part("root").evaluate(({ lang, dir }) => [lang, dir]);
  assert.match(await label(), /^الاسم الأول/);
  assert.deepEqual(await root(), ["ar", "rtl"]);
  assert.match(await form.part("hint").nth(2).innerText(), /مصر/);

  await form.submit.click();
  await form.fill({ phone: "0100" });
  await page.evaluate(() => ((form.locale = "en"), (form.country = "AE")));
  assert.match(await label(), /^First name/);
  assert.deepEqual(await root(), ["en", "ltr"]);
  assert.match(await form.part("hint").nth(2).innerText(), /United Arab Emirates/);
  assert.equal(await form.error("firstName"), "Enter your first name.");
  assert.equal(await form.input("phone").inputValue(), "0100", "what was typed is kept");

  await page.evaluate(() => {
    form.locale = null;
    document.documentElement.lang = "ar";
    document.body.append(form);
  });
  assert.match(await label(), /^الاسم الأول/);
  assert.deepEqual(warnings, []);
  await page.evaluate(() => ((form.locale = "tlh"), (form.country = "nowhere")));
  assert.match(await label(), /^First name/);
  assert.match(await form.part("hint").nth(2).innerText(), /^Start with/);
  assert.equal(warnings.length, 1);
});

test("attributes mirror properties", async (test) => {
  const { page, define } = await blank(test, { "campaign-name": "Q3" });
  await define();
  const seen = await page.evaluate(() => {
    const before = [form.campaignName, form.locale, form.country];
    form.campaignName = "Q4";
    form.locale = "ar";
    form.country = "EG";
    const after = ["campaign-name", "locale", "country"].map((name) => form.getAttribute(name));
    form.country = null;
    return { before, after, removed: form.hasAttribute("country") };
  });
  assert.deepEqual(seen, { before: ["Q3", null, null], after: ["Q4", "ar", "EG"], removed: false });
});
