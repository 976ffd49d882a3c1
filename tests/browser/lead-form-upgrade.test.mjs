// The element can be used before it is connected, before its language is loaded, and before its script: calls and
// properties are applied later.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_WAIT_MS, within } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const plain = (endpoint) =>
  `<form action="${endpoint}" method="post"><input name="leadInformation.firstName"><input name="leadInformation.phone"><button>Plain</button></form>`;

/** Opens a page whose language loads when `arrive` is called; returns the form that is not rendered yet. */
async function openEarly(test, { page: options, ...page } = {}) {
  const forwarder = await startForwarder(test);
  const inner = page.inner ?? plain(forwarder.url);
  const site = await startPages(test, {
    "/": markup({ endpoint: forwarder.url, ...page, inner }),
    "/leads": "Thank you",
  });
  const opened = await openPage(test, options);
  let arrive;
  const arrived = new Promise((resolve) => (arrive = resolve));
  await opened.route("**/languages/*", (route) =>
    arrived.then((how) => (how === "never" ? route.abort() : route.continue())),
  );
  await opened.goto(site.url);
  return { page: opened, form: new LeadForm(opened), forwarder, site, arrive };
}

test("the element is defined when its script has run, and applies what the page did before its language was loaded", async (test) => {
  const { page, form, forwarder, arrive } = await openEarly(test, { body: '<p id="below">Below</p>' });
  await page.waitForFunction(() => customElements.get("icloud-ready-lead-form"));
  await page.evaluate(() => {
    globalThis.form = document.querySelector("icloud-ready-lead-form");
    form.value = { firstName: "Hoda", lastName: "Salem" };
    form.prefill({ firstName: "Mona" });
    globalThis.validity = [form.checkValidity(), form.reportValidity()];
    form.prefill({ phone: "+201001234567" });
    globalThis.validity.push(form.checkValidity());
    form.campaignName = "Q3";
    globalThis.result = form.submit();
    globalThis.validity.push(form.busy, globalThis.result === form.submit());
  });
  assert.deepEqual(await page.evaluate(() => globalThis.validity), [false, false, true, true, true]);
  assert.deepEqual(await page.evaluate(() => form.value), {
    firstName: "Mona",
    lastName: "Salem",
    phone: "+201001234567",
  });
  assert.equal(
    await page.getByRole("button", { name: "Plain" }).isVisible(),
    true,
    "the page's own form can be used meanwhile",
  );
  assert.equal(forwarder.requests.length, 0);
  arrive();
  assert.equal(await page.evaluate(() => globalThis.result), "accepted");
  await form.reaches("accepted");
  assert.equal(await page.getByRole("button", { name: "Plain" }).isVisible(), false);
  const [{ lead }] = forwarder.leads.values();
  assert.deepEqual(lead, {
    campaignName: "Q3",
    leadInformation: { firstName: "Mona", lastName: "Salem", phone: "+201001234567" },
  });
});

/** Everything that a page can set. */
const setAll = () => {
  globalThis.calls = [];
  Object.assign(globalThis.form, {
    client: { leads: { create: async (lead) => (globalThis.calls.push(lead), { _id: "1" }) } },
    value: { firstName: "Mona", phone: "0501234567", interests: ["Villa"] },
    schema: {
      fields: [
        "firstName",
        "phone",
        { name: "interests", options: ["Villa", "Shop"] },
        { name: "region", value: "Coast" },
      ],
    },
    locale: "fr",
    country: "SA",
    campaignName: "Q3",
    attribution: "none",
    dataLayer: true,
  });
};

async function seeAll({ page, form, site }) {
  await form.part("label").first().filter({ hasText: "Prénom" }).waitFor();
  const expected = { firstName: "Mona", phone: "0501234567", interests: ["Villa"], region: "Coast" };
  assert.deepEqual(await page.evaluate(() => globalThis.form.value), expected);
  assert.equal(
    await page.evaluate(() => Object.keys(globalThis.form).length),
    0,
    "no property hides the element's own",
  );
  assert.equal(await form.send(), "lead-accepted");
  const [lead] = await page.evaluate(() => globalThis.calls);
  const { attribution } = JSON.parse(lead.customField);
  assert.equal(attribution, undefined);
  assert.deepEqual(
    { ...lead, customField: 0 },
    {
      customField: 0,
      campaignName: "Q3",
      leadInformation: { firstName: "Mona", phone: "+966501234567" },
      interests: ["Villa"],
      region: "Coast",
    },
  );
  assert.equal(site.requests.includes("/leads"), false);
  assert.equal(await page.evaluate(() => globalThis.dataLayer.length), 2);
}

test("properties that are set before the script runs are applied, in any order", async (test) => {
  const site = await startPages(test, { "/": markup({ scripts: [] }) });
  const page = await openPage(test);
  await page.goto(site.url);
  await page.evaluate(() => (globalThis.form = document.querySelector("icloud-ready-lead-form")));
  await page.evaluate(setAll);
  await page.evaluate(() => import("/icloud-ready/lead-form.js").then(() => {}));
  await seeAll({ page, form: new LeadForm(page), site });
});

test("properties that are set before the element is connected are kept", async (test) => {
  const site = await startPages(test, { "/": markup({}).replace(/<icloud.*form>/, "") });
  const page = await openPage(test);
  await page.goto(site.url);
  await page.evaluate(() => import("/icloud-ready/lead-form.js").then(() => {}));
  await page.evaluate(() => (globalThis.form = document.createElement("icloud-ready-lead-form")));
  await page.evaluate(setAll);
  assert.equal(await page.evaluate(() => globalThis.form.busy), false);
  await page.evaluate(() => void document.body.append(globalThis.form));
  await seeAll({ page, form: new LeadForm(page), site });
});

test("a lead that is submitted before the element is connected is sent once it is", async (test) => {
  const forwarder = await startForwarder(test);
  const site = await startPages(test, { "/": markup({}).replace(/<icloud.*form>/, "") });
  const page = await openPage(test);
  await page.goto(site.url);
  await page.evaluate(() => import("/icloud-ready/lead-form.js").then(() => {}));
  await page.evaluate(
    ([endpoint, value]) => {
      const form = document.createElement("icloud-ready-lead-form");
      Object.assign(form, { endpoint, value });
      globalThis.result = form.submit();
      document.body.append(form);
    },
    [forwarder.url, visitor],
  );
  assert.equal(await page.evaluate(() => globalThis.result), "accepted");
  assert.equal(forwarder.leads.size, 1);
});

test("if the language fails to load, the page's plain form remains and works", async (test) => {
  const { page, form, forwarder, arrive } = await openEarly(test, {
    page: { expected: networkErrors },
    body: '<a id="after" href="#x">After</a>',
  });
  const missed = page.waitForEvent("console", (message) => message.text().includes("the language en failed to load"));
  arrive("never");
  await missed;
  const plainButton = page.getByRole("button", { name: "Plain" });
  assert.equal(await plainButton.isVisible(), true);
  assert.equal(await form.element.innerText(), "Plain", "no message for the visitor");
  await page.locator('[name="leadInformation.firstName"]').fill("Mona");
  await page.locator('[name="leadInformation.phone"]').fill("+201001234567");
  const posted = page.waitForRequest((request) => request.method() === "POST" && request.url() === forwarder.url);
  await plainButton.click();
  assert.match((await posted).postData(), /firstName=Mona/);
});

for (const [lang, expected] of [
  ["en", "This form could not be loaded."],
  ["ar", "تعذّر تحميل هذا النموذج."],
  ["de", "This form could not be loaded."],
]) {
  test(`without a plain form a message says that the form failed to load, until it is loaded (${lang})`, async (test) => {
    const { page, form, arrive } = await openEarly(test, { lang, inner: " ", page: { expected: networkErrors } });
    arrive("never");
    await form.element.getByText(expected).waitFor();
    await page.unroute("**/languages/*");
    await form.shown();
    assert.equal(await form.element.getByText(expected).count(), 0);
  });
}

test("if the script of the extra fields fails to load, the page's plain form remains too", async (test) => {
  const forwarder = await startForwarder(test);
  const attributes = 'fields="firstName phone budget"';
  const site = await startPages(test, {
    "/": markup({ endpoint: forwarder.url, attributes, inner: plain(forwarder.url) }),
  });
  const page = await openPage(test, { expected: networkErrors });
  await page.route("**/extra-fields.js*", (route) => route.abort());
  const missed = page.waitForEvent("console", (message) => message.text().includes("failed to load"));
  await page.goto(site.url);
  await missed;
  assert.equal(await page.getByRole("button", { name: "Plain" }).isVisible(), true);
  await page.unroute("**/extra-fields.js*");
  await new LeadForm(page).input("budget").waitFor();
});

test("the form is not shown with default fields while the script of the extra fields is loading", async (test) => {
  const { page } = await openForm(test);
  const [before, after] = await within(
    "the fields",
    MAX_WAIT_MS,
    page.evaluate(async () => {
      const form = document.createElement("icloud-ready-lead-form");
      form.schema = { fields: ["firstName", "phone", "budget"] };
      document.body.append(form);
      const shown = () => [...form.shadowRoot.querySelectorAll("[part=input]")].map(({ id }) => id);
      const before = shown();
      while (!shown().length) await new Promise((resolve) => setTimeout(resolve));
      return [before, shown()];
    }),
  );
  assert.deepEqual(before, []);
  assert.deepEqual(after, ["firstName", "phone", "budget"]);
});

/** Sends a lead from a page whose form is inside a paragraph; also returns the page's warnings. */
async function sendFromParagraph(test, plain) {
  const forwarder = await startForwarder(test);
  const html = markup({ inner: plain(forwarder.url) })
    .replace("<icloud", "<p><span><icloud")
    .replace("</icloud-ready-lead-form>", "$&</span></p>");
  const site = await startPages(test, { "/": html });
  const page = await openPage(test, { expected: networkErrors });
  const warnings = collectWarnings(page);
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.shown();
  assert.equal(await page.locator("icloud-ready-lead-form > form").count(), 0, "the parser puts the plain form out");
  await form.fill(visitor);
  await form.send();
  return { forwarder, site, warnings };
}

test("a <p> around the element moves the plain form out: its endpoint is still used, with one warning", async (test) => {
  const { forwarder, warnings } = await sendFromParagraph(test, plain);
  assert.equal(forwarder.leads.size, 1);
  assert.deepEqual(await warnings.read(1), ["a <p> cannot contain a form: use a <div>"]);
});

test("another form after the paragraph is not changed", async (test) => {
  const { forwarder, site, warnings } = await sendFromParagraph(
    test,
    (url) => `<form action="${url}"><input name="q"></form>`,
  );
  assert.equal(forwarder.leads.size, 0);
  assert.equal(site.requests.filter((path) => path === "/leads").length, 1);
  assert.match((await warnings.read(1)).join("\n"), /^no endpoint: \/leads is used$/m);
});

const CHOICES = {
  fields: [
    "firstName",
    "phone",
    { name: "interests", options: ["Villa", "Flat", "Shop"] },
    { name: "views", type: "checkboxes", label: "Views", options: ["Sea", "Park"] },
    { name: "additionalPhones" },
    { name: "project.code", type: "checkboxes", label: "Projects", options: ["A", "B", "C"] },
    { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"] },
    { name: "region", type: "select", options: ["Coast", "City"] },
    { name: "country" },
    { name: "isQualified", type: "checkbox", label: "Ready" },
    { name: "terms", type: "consent", label: "You may call me." },
    { name: "news", type: "consent", label: "You may write to me." },
    { name: "survey", type: "consent", label: "You may ask me." },
    { name: "untouched", type: "consent", label: "Anything else." },
  ],
};

/** A plain form with other controls for the same fields: the forwarder reads their names. */
const PLAIN_CHOICES = `<form method="post"><input name="leadInformation.firstName"><input name="leadInformation.phone">
  ${["Villa", "Flat", "Shop"].map((value) => `<input type="checkbox" name="interests" value="${value}"${value === "Flat" ? " checked" : ""}>`).join("")}
  <input type="checkbox" name="views" value="Sea"><input type="checkbox" name="views" value="Park" checked>
  <input name="additionalPhones.0"><input name="additionalPhones.1">
  <select name="project.code" multiple><option>A</option><option selected>B</option><option>C</option></select>
  <input type="radio" name="visit" value="Yes"><input type="radio" name="visit" value="No">
  <select name="region"><option value="">Choose</option><option>Coast</option><option>City</option></select>
  <select name="leadInformation.address.country"><option value="">Choose</option><option>EG</option><option>SA</option></select>
  <select name="isQualified"><option></option><option>true</option><option>false</option></select>
  <input type="hidden" name="context.consent.0.name" value="terms"><input type="checkbox" name="context.consent.0.given" value="true">
  <input type="checkbox" name="context.consent.news.given" value="true"><input type="checkbox" name="survey" value="true">
  <input type="hidden" name="context.consent.3.name" value="untouched"><input type="checkbox" name="context.consent.3.given" value="true">
  <button>Plain</button></form>`;

const enterChoices = async (page) => {
  const plain = (name) => page.locator(`icloud-ready-lead-form > form [name="${name}"]`);
  await plain("interests").first().check();
  await plain("interests").last().check();
  await plain("views").last().uncheck();
  await plain("additionalPhones.0").fill("+201001234568");
  await plain("additionalPhones.1").fill("+201001234569");
  await plain("project.code").selectOption(["A", "C"]);
  await plain("visit").last().check();
  await plain("region").selectOption("City");
  await plain("leadInformation.address.country").selectOption("SA");
  await plain("isQualified").selectOption("true");
  for (const name of ["context.consent.0.given", "context.consent.news.given", "survey"]) await plain(name).check();
};

const CHOSEN = {
  interests: ["Villa", "Flat", "Shop"],
  additionalPhones: ["+201001234568", "+201001234569"],
  "project.code": ["A", "C"],
  visit: "No",
  region: "City",
  country: "SA",
  isQualified: true,
  terms: true,
  news: true,
  survey: true,
  untouched: false,
};

for (const [when, prepare] of [
  ["with the form", async () => {}],
  [
    "by a schema that the page sets later",
    async (page) => {
      await new LeadForm(page).shown();
      await page.evaluate((schema) => (document.querySelector("icloud-ready-lead-form").schema = schema), CHOICES);
    },
  ],
]) {
  test(`checkboxes and choices of the plain form are carried over: fields that are added ${when}`, async (test) => {
    const isLater = when !== "with the form";
    const attributes = isLater ? "" : `schema='${JSON.stringify(CHOICES)}'`;
    const { page, form, forwarder, arrive } = await openEarly(test, { attributes, inner: PLAIN_CHOICES });
    await enterChoices(page);
    arrive();
    await prepare(page);
    await form.input("untouched").waitFor();
    assert.deepEqual(await form.element.evaluate(({ value }) => value), CHOSEN);
    assert.equal(await form.input("views").isChecked(), false);
    await form.fill(visitor);
    await form.element.evaluate((form) => form.prefill({ region: "Coast", interests: [], terms: false }));
    assert.equal(await form.send(), "lead-accepted");
    const { lead, context } = forwarder.requests[0];
    assert.deepEqual(lead.interests, CHOSEN.interests);
    assert.equal(lead.region, "City", "what the visitor chose is not the page's to fill in");
    assert.deepEqual(
      context.consent.map(({ name, given }) => [name, given]),
      ["terms", "news", "survey", "untouched"].map((name) => [name, CHOSEN[name]]),
    );
  });
}
