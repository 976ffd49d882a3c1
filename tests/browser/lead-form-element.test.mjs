// The lead form as an element: attributes, properties, fields, events and lifecycle.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const leadsOf = (forwarder) => [...forwarder.leads.values()].map(({ lead }) => lead);

test("a client that was set before the script ran is used, with checkExisting on every further attempt", async (test) => {
  const site = await startPages(test, { "/": markup({ scripts: [] }) });
  const page = await openPage(test);
  await page.goto(site.url);
  await page.evaluate(() => {
    globalThis.calls = [];
    globalThis.answer = async () => {
      throw Object.assign(new Error("busy"), { code: "rate_limit", retryAfterMs: 0 });
    };
    globalThis.form = document.querySelector("icloud-ready-lead-form");
    form.client = { leads: { create: (...args) => (calls.push(args), globalThis.answer()) } };
    return import("/icloud-ready/lead-form.js").then(() => {});
  });
  const form = new LeadForm(page);
  await form.shown();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await page.evaluate(() => (globalThis.answer = async () => ({ _id: "42" })));
  await form.reaches("accepted");
  const calls = await page.evaluate(() => globalThis.calls);
  const [[lead, first]] = calls;
  assert.deepEqual(lead.leadInformation, visitor);
  assert.equal(JSON.parse(lead.customField).page, `${site.url}/`);
  assert.equal(first.checkExisting, false);
  assert.ok(calls.length > 1);
  for (const [, options] of calls.slice(1))
    assert.deepEqual(options, { submissionId: first.submissionId, checkExisting: true });
});

test("a double click, Enter twice and submit() send one lead", async (test) => {
  let response;
  const answered = new Promise((resolve) => (response = resolve));
  const { form, forwarder } = await openForm(test, { next: () => answered });
  await form.fill(visitor);
  await form.submit.dblclick();
  const isBusy = await form.element.evaluate((form) => [form.busy, form.submit() === form.submit()]);
  assert.deepEqual(isBusy, [true, true]);
  await form.part("form").evaluate((form) => form.requestSubmit());
  response("accept");
  await form.reaches("accepted");
  assert.equal(forwarder.requests.length, 1);
  await form.part("again").click();
  await form.focuses("firstName");
  await form.fill({ ...visitor, firstName: "Hoda" });
  await form.input("phone").press("Enter");
  await form.input("phone").press("Enter");
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 2, "another request has another id");
});

test("loading the script three times defines the element once", async (test) => {
  const scripts = ["", "?1", "?2"].map((query) => `/icloud-ready/lead-form.js${query}`);
  const { form, forwarder } = await openForm(test, { scripts });
  assert.equal(await form.part("form").count(), 1);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.requests.length, 1);
});

test("a form that is moved, removed and inserted again keeps its state and finishes sending", async (test) => {
  let response;
  const { page, form, forwarder } = await openForm(test, {
    next: () => new Promise((resolve) => (response = resolve)),
    body: "<div id=other></div>",
  });
  await form.fill(visitor);
  await page.evaluate(() => {
    globalThis.form = document.querySelector("icloud-ready-lead-form");
    document.querySelector("#other").append(form);
  });
  assert.equal(await form.input("firstName").inputValue(), "Mona");
  const outcome = form.send();
  await waitUntil("the request", async () => response);
  await page.evaluate(() => form.remove());
  response("accept");
  assert.equal(await outcome, "lead-accepted");
  await page.evaluate(() => document.body.append(form));
  assert.equal(await form.state(), "accepted");
  assert.equal(await form.part("form").count(), 1);
  assert.equal(forwarder.requests.length, 1);
});

test("ten forms on one page have their own values and share one queue", async (test) => {
  const forwarder = await startForwarder(test);
  const ten = Array.from(
    { length: 9 },
    (_, index) => `<icloud-ready-lead-form endpoint="${forwarder.url}" id="form-${index}"></icloud-ready-lead-form>`,
  );
  const site = await startPages(test, {
    "/": markup({ endpoint: forwarder.url, attributes: 'id="first"', body: ten.join("") }),
  });
  const page = await openPage(test);
  await page.goto(site.url);
  await page.locator("icloud-ready-lead-form >> [part=submit]").nth(9).waitFor();
  const outcomes = await page.evaluate(() =>
    Promise.all(
      [...document.querySelectorAll("icloud-ready-lead-form")].map((form, index) => {
        form.value = { firstName: `Visitor${index}`, phone: `+20100123456${index}` };
        return form.submit();
      }),
    ),
  );
  assert.deepEqual(outcomes, Array(10).fill("accepted"));
  assert.equal(new Set(leadsOf(forwarder).map(({ leadInformation }) => leadInformation.firstName)).size, 10);
});

test("a listener can cancel a lead or add to it", async (test) => {
  const { page, form, forwarder } = await openForm(test, { attributes: 'campaign-name="Q3"' });
  await page.evaluate(() => {
    globalThis.form = document.querySelector("icloud-ready-lead-form");
    form.addEventListener("lead-submit", (event) => event.preventDefault(), { once: true });
  });
  await form.fill(visitor);
  assert.equal(await page.evaluate(() => form.submit()), "canceled");
  assert.equal(await form.state(), "editing");
  await page.evaluate(() => document.addEventListener("lead-submit", ({ detail }) => (detail.lead.unitId = "unit-7")));
  assert.equal(await form.send(), "lead-accepted");
  assert.deepEqual(leadsOf(forwarder), [{ leadInformation: visitor, campaignName: "Q3", unitId: "unit-7" }]);
});

test("events bubble out of any shadow root", async (test) => {
  const fates = { "lead-error": { status: 403 }, "lead-queued": { status: 500 }, "lead-accepted": "accept" };
  const next = (_, { lead }) => fates[lead.leadInformation.firstName];
  const { page, form } = await openForm(test, { next, page: { expected: networkErrors } });
  await page.evaluate(() => {
    const host = document.createElement("div");
    host.attachShadow({ mode: "open" }).append(document.querySelector("icloud-ready-lead-form"));
    document.body.append(host);
    globalThis.events = [];
    for (const name of ["lead-submit", "lead-accepted", "lead-queued", "lead-error"]) {
      document.addEventListener(name, ({ type, bubbles, composed, cancelable }) =>
        globalThis.events.push([type, bubbles, composed, cancelable]),
      );
    }
  });
  for (const outcome of ["lead-error", "lead-queued", "lead-accepted"]) {
    await form.fill({ ...visitor, firstName: outcome });
    assert.equal(await form.send(), outcome);
    await form.part("again").click();
  }
  assert.deepEqual(await page.evaluate(() => globalThis.events), [
    ["lead-submit", true, true, true],
    ["lead-error", true, true, false],
    ["lead-submit", true, true, true],
    ["lead-queued", true, true, false],
    ["lead-submit", true, true, true],
    ["lead-accepted", true, true, false],
  ]);
});

test("the language comes from the attribute, else the page, else English; a page can add its own", async (test) => {
  const { page, form } = await openForm(test, {
    attributes: 'locale="ar-EG"',
    lang: "fr",
    page: { expected: networkErrors },
  });
  const warnings = collectWarnings(page);
  const label = () => form.part("label").first().innerText();
  const root = () => form.part("root").evaluate(({ lang, dir }) => [lang, dir]);
  assert.match(await label(), /^الاسم الأول/);
  assert.deepEqual(await root(), ["ar", "rtl"]);
  assert.equal(await form.part("country").inputValue(), "EG", "the region is the country");
  await form.fill({ phone: "0100" });
  await page.evaluate(() => (document.querySelector("icloud-ready-lead-form").locale = null));
  await form.part("label").first().filter({ hasText: "Prénom" }).waitFor();
  assert.equal(await form.input("phone").inputValue(), "0100", "the typed value is kept");
  await page.evaluate(async () => {
    const { addLanguage } = await import("/icloud-ready/lead-form.js");
    const { default: en } = await import("/icloud-ready/lead-form/languages/en.js");
    addLanguage({ ...en, code: "de", labels: { ...en.labels, firstName: "Vorname" } });
    document.querySelector("icloud-ready-lead-form").locale = "de";
  });
  assert.match(await label(), /^Vorname/);
  await page.evaluate(() => (document.querySelector("icloud-ready-lead-form").locale = "tlh"));
  await form.part("label").first().filter({ hasText: "First name" }).waitFor();
  assert.deepEqual(await warnings.read(1), ['unknown locale "tlh": en is used']);
});

const MIRRORED = [
  ["campaignName", "campaign-name", "Q3", null],
  ["locale", "locale", "ar", null],
  ["country", "country", "FR", null],
  ["endpoint", "endpoint", "/x", null],
  ["fields", "fields", "firstName phone", null],
  ["attribution", "attribution", "none", "session"],
];

test("attributes and properties reflect each other", async (test) => {
  const { page } = await openForm(test, {});
  const seen = await page.evaluate((mirrored) => {
    const form = document.querySelector("icloud-ready-lead-form");
    form.removeAttribute("endpoint");
    const seen = mirrored.map(([property, attribute, value]) => {
      const values = [form[property]];
      form[property] = value;
      values.push(form.getAttribute(attribute));
      form[property] = null;
      values.push(form.hasAttribute(attribute));
      form.setAttribute(attribute, value);
      values.push(form[property]);
      return values;
    });
    form.dataLayer = true;
    seen.push([form.hasAttribute("data-layer")]);
    form.removeAttribute("data-layer");
    seen.push([form.dataLayer]);
    return seen;
  }, MIRRORED);
  assert.deepEqual(seen, [...MIRRORED.map(([, , value, initial]) => [initial, value, false, value]), [true], [false]]);
});

const NONSENSE = 'unknown field "nonsense" is ignored';

test("an unknown field or a missing endpoint causes a warning and a default", async (test) => {
  const { page, form, pages, site } = await openForm(test, {});
  const warnings = collectWarnings(page);
  pages["/"] = markup({
    attributes: 'fields="firstName nonsense phone nonsense"',
    inner: '<form action="/here" method="post"></form>',
  });
  await page.goto(site.url);
  await form.shown();
  assert.deepEqual(await form.part("input").evaluateAll((inputs) => inputs.map(({ name }) => name)), [
    "firstName",
    "phone",
  ]);
  pages["/"] = markup({ attributes: 'fields="firstName nonsense phone nonsense"' });
  await page.goto(site.url);
  await form.shown();
  assert.deepEqual((await warnings.read(3)).sort(), ["no endpoint: /leads is used", NONSENSE, NONSENSE]);
});

test("a page can set, read and reset the form's value", async (test) => {
  const { form } = await openForm(test, { attributes: 'fields="firstName lastName phone interests"' });
  await form.fill({ firstName: "Mona" });
  const seen = await form.element.evaluate((form) => {
    form.prefill({ firstName: "Hoda", lastName: "Fathy" });
    const filled = form.value;
    form.value = { phone: "+201001234567", interests: ["a", "b"] };
    const replaced = form.value;
    form.reset();
    return [filled, replaced, form.value, form.reportValidity()];
  });
  assert.deepEqual(seen, [
    { firstName: "Mona", lastName: "Fathy" },
    { phone: "+201001234567", interests: ["a", "b"] },
    {},
    false,
  ]);
  await form.focuses("firstName");
});

test("setting the value clears the visible fields, and keeps the page's hidden fields", async (test) => {
  const fields = [
    "firstName",
    "phone",
    { name: "unitId", type: "hidden", value: "A-12" },
    { name: "region", value: "Coast" },
  ];
  const { form } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  await form.fill(visitor);
  const seen = await form.element.evaluate((form) => {
    form.value = {};
    const emptied = form.value;
    form.value = { unitId: "B-1" };
    return [emptied, form.value];
  });
  assert.deepEqual(seen, [{ unitId: "A-12" }, { unitId: "B-1" }]);
});

test("pushes events without personal data to dataLayer; without the attribute does not create it", async (test) => {
  const { page, form, forwarder } = await openForm(test, { attributes: 'data-layer id="contact" campaign-name="Q3"' });
  await form.fill(visitor);
  await form.send();
  const [submissionId] = forwarder.leads.keys();
  assert.deepEqual(await page.evaluate(() => globalThis.dataLayer), [
    { event: "lead_submit", form_id: "contact", campaign: "Q3" },
    { event: "lead_accepted", form_id: "contact", campaign: "Q3", submission_id: submissionId },
  ]);
  const { page: other, form: silent } = await openForm(test);
  await silent.fill(visitor);
  await silent.send();
  assert.equal(await other.evaluate(() => typeof dataLayer), "undefined");
});
