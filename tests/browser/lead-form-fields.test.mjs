// The fields of the lead form: every kind, each with its place in the lead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";

useChromium();

const schema = {
  fields: [
    "firstName",
    "lastName",
    "phone",
    "city",
    { name: "interests", options: ["Villa", "Office"], required: true },
    { name: "additionalEmails" },
    { name: "budget" },
    { name: "visit", type: "radio", label: "Visit?", options: ["yes", { value: "no", label: "Not now" }] },
    { name: "visitAt", label: "When?", required: true, when: { field: "visit", is: "yes" } },
    { name: "project.code", type: "hidden", value: "P1" },
    { name: "newsletter", type: "checkbox", label: "News" },
    { name: "terms", type: "consent", label: "I agree to be called.", version: "2", required: true },
    { name: "marketing", type: "consent", label: "And to news.", version: "1" },
  ],
};

test("each kind of field is sent at its place in the lead", async (test) => {
  const { page, form, forwarder } = await openForm(test, {
    attributes: `schema='${JSON.stringify(schema)}' locale="ar"`,
  });
  await form.fill({
    ...visitor,
    city: "القاهرة",
    additionalEmails: "a@example.com، b@example.com",
    budget: "١٬٥٠٠٬٠٠٠",
  });
  assert.equal(await form.element.evaluate((form) => form.checkValidity()), false);
  await form.submit.click();
  await form.focuses("interests");
  assert.equal(await form.part("error").filter({ visible: true }).count(), 2);
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("icloud-ready-lead-form");
    for (const selector of ["#interests-1", "#visit", "#terms", "#newsletter"])
      shadowRoot.querySelector(selector).click();
  });
  await form.submit.click();
  await form.focuses("visitAt");
  await form.fill({ visitAt: "Sunday" });
  assert.equal(await form.send(), "lead-accepted");
  const [{ lead, context }] = forwarder.leads.values();
  assert.deepEqual(lead, {
    leadInformation: { ...visitor, address: { city: "القاهرة" } },
    interests: ["Office"],
    additionalEmails: ["a@example.com", "b@example.com"],
    dealSize: 1_500_000,
    visit: "yes",
    visitAt: "Sunday",
    project: { code: "P1" },
    newsletter: true,
  });
  const [terms, marketing] = context.consent;
  assert.match(terms.at, /^\d{4}-.*Z$/);
  assert.deepEqual(
    { ...terms, at: 0 },
    { name: "terms", version: "2", text: "I agree to be called.", given: true, at: 0 },
  );
  assert.equal(marketing.given, false);
});

test("a country that is set before the full list is loaded is selected once it is", async (test) => {
  const fields = [{ name: "country", value: "DE" }, "phone", "firstName"];
  const { form } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  const chosen = () => form.input("country").inputValue();
  assert.equal(await chosen(), "", "it is not among the few initial countries");
  await form.input("firstName").focus();
  await form.input("country").locator('option[value="DE"]').waitFor({ state: "attached" });
  assert.equal(await chosen(), "DE");
  await form.input("country").selectOption("");
  await form.element.evaluate((form) => (form.locale = "fr"));
  await form.part("label").first().filter({ hasText: "Pays" }).waitFor();
  assert.equal(await chosen(), "", "the visitor can select none");
});

const TEXT = undefined;

/** The typed budget, and the lead's `dealSize` by language. */
const BUDGETS = {
  en: {
    "1,500": 1500,
    "1.500": TEXT,
    "500.000": TEXT,
    "1,5": 1.5,
    "1500000,00": 1_500_000,
    "1,5 million": 1_500_000,
    "EGP 5,000,000": 5_000_000,
    "3-4 million": TEXT,
    "-5": TEXT,
    Infinity: TEXT,
    "a lot": TEXT,
  },
  fr: { "1,500": TEXT, "1.500": TEXT, "250 000,50": 250_000.5, "1.500.000": 1_500_000, "1,5 M€": 1_500_000 },
  ar: {
    "1,500": 1500,
    "500.000": TEXT,
    "٢٫٥": 2.5,
    "١٫٥ مليون": 1_500_000,
    "٥٬٠٠٠٬٠٠٠ ج.م": 5_000_000,
    "من ٣ إلى ٤ ملايين": TEXT,
  },
};

for (const [locale, typed] of Object.entries(BUDGETS)) {
  test(`a budget is parsed, or sent as text, and never blocks a lead (${locale})`, async (test) => {
    const { form, forwarder } = await openForm(test, {
      attributes: `fields="firstName phone budget leadDescription" locale="${locale}"`,
    });
    for (const text of Object.keys(typed)) {
      // The same amount in another notation is the same lead.
      await form.fill({ ...visitor, firstName: `Mona ${text}`, budget: text, leadDescription: "A garden, please." });
      assert.equal(await form.send(), "lead-accepted");
      await form.part("again").click();
    }
    const seen = [...forwarder.leads.values()].map(({ lead }) => [lead.dealSize, lead.leadDescription]);
    const expected = Object.entries(typed).map(([text, size]) => [
      size,
      size === TEXT ? `A garden, please.\nBudget: ${text}` : "A garden, please.",
    ]);
    assert.deepEqual(seen, expected);
  });
}

test("any number field of a schema is parsed and sent under the page's name for it", async (test) => {
  const fields = [
    { name: "budget", type: "select", required: true, options: ["5000000", "5000000-8000000"] },
    { name: "bedrooms", type: "number", label: "Bedrooms", required: true },
    { name: "area.net", type: "number" },
    { name: "floor", type: "hidden", value: "2" },
  ];
  const { form, forwarder } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  for (const [budget, bedrooms, area] of [
    ["5000000", "٣", "1.200"],
    ["5000000-8000000", "3 or 4", "120,5"],
  ]) {
    await form.fill({ ...visitor, bedrooms, "area.net": area });
    await form.input("budget").selectOption(budget);
    assert.equal(await form.send(), "lead-accepted");
    await form.part("again").click();
  }
  const leads = [...forwarder.leads.values()].map(({ lead: { leadInformation: _, ...lead } }) => lead);
  assert.deepEqual(leads, [
    { dealSize: 5_000_000, bedrooms: 3, leadDescription: "area.net: 1.200", floor: "2" },
    { area: { net: 120.5 }, leadDescription: "Budget: 5000000-8000000\nBedrooms: 3 or 4", floor: "2" },
  ]);
});

test("an error or a hint describes its field while it is shown", async (test) => {
  const fields = [
    "phone",
    "firstName",
    { name: "visit", type: "radio", label: "Visit?", options: ["Yes"], required: true },
    { name: "city", hint: "Where you live." },
  ];
  const { form } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  const described = () =>
    form.element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("[aria-describedby]")].map((control) => {
        const texts = control
          .getAttribute("aria-describedby")
          .split(" ")
          .map((id) => shadowRoot.getElementById(id).textContent);
        return [control.id || control.localName, ...texts];
      }),
    );
  const hint = ["city", "Where you live."];
  assert.deepEqual(await described(), [hint]);
  await form.submit.click();
  const missing = "Please fill this in.";
  assert.deepEqual(await described(), [["phone", missing], ["firstName", missing], ["fieldset", missing], hint]);
  await form.fill(visitor);
  await form.input("visit").check();
  assert.deepEqual(await described(), [hint]);
});

test("a field that depends on a hidden field is not shown, required or sent, at any depth and in any order", async (test) => {
  const fields = [
    "firstName",
    "phone",
    { name: "slot", label: "Slot", required: true, when: { field: "at" } },
    { name: "at", label: "When?", required: true, when: { field: "visit", is: "Yes" } },
    { name: "parking", type: "checkbox", label: "Parking", when: { field: "visit", is: "Yes" } },
    { name: "stop", label: "Bus stop", required: true, when: { field: "parking", is: false } },
    { name: "source", type: "hidden", value: "visit", when: { field: "at" } },
    { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"] },
    { name: "none", label: "None", required: true, when: { field: "nothing", is: false } },
  ];
  const { page, form, forwarder } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  const shown = () =>
    form.element
      .locator("[part~=field]")
      .filter({ visible: true })
      .locator(":is([part=input], [part=control])")
      .evaluateAll((inputs) => [...new Set(inputs.map(({ name }) => name))]);
  const choose = (value) =>
    form.element.evaluate(
      ({ shadowRoot }, value) => shadowRoot.querySelector(`#visit${value === "Yes" ? "" : "-1"}`).click(),
      value,
    );
  await form.fill(visitor);
  assert.deepEqual(await shown(), ["firstName", "phone", "visit"]);
  await choose("Yes");
  assert.deepEqual(await shown(), ["firstName", "phone", "at", "parking", "stop", "visit"]);
  await form.fill({ at: "Sunday" });
  assert.deepEqual(await shown(), ["firstName", "phone", "slot", "at", "parking", "stop", "visit"]);
  assert.equal(await page.evaluate(() => document.querySelector("icloud-ready-lead-form").submit()), "invalid");
  assert.equal(await form.part("summary-list").locator("a").count(), 2);
  await choose("No");
  assert.deepEqual(await shown(), ["firstName", "phone", "visit"]);
  assert.equal(await form.part("summary-list").locator("a").count(), 0, "what is not shown is not demanded");
  assert.deepEqual(await form.element.evaluate(({ value }) => value), { ...visitor, visit: "No" });
  assert.equal(await form.send(), "lead-accepted");
  const [
    {
      lead: { leadInformation, ...lead },
    },
  ] = forwarder.leads.values();
  assert.deepEqual(lead, { visit: "No" });
  await form.part("again").click();
  await form.fill(visitor);
  await choose("Yes");
  await form.fill({ at: "Sunday", slot: "10", stop: "Main street" });
  assert.equal(await form.send(), "lead-accepted");
  const { leadInformation: _, ...second } = [...forwarder.leads.values()][1].lead;
  assert.deepEqual(second, {
    slot: "10",
    at: "Sunday",
    parking: false,
    stop: "Main street",
    source: "visit",
    visit: "Yes",
  });
});

test("fields with a circular `when` are hidden, and a warning is logged", async (test) => {
  const fields = [
    "firstName",
    "phone",
    { name: "a", label: "A", required: true, when: { field: "b", is: false } },
    { name: "b", label: "B", required: true, when: { field: "c", is: false } },
    { name: "c", label: "C", when: { field: "a", is: false } },
    { name: "d", label: "D", required: true, when: { field: "d", is: false } },
    { name: "e", label: "E", required: true, when: { field: "a", is: false } },
  ];
  const { page, form } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  const circular = async () => {
    const texts = (await page.consoleMessages()).map((message) => message.text());
    return texts.filter((text) => text.includes("depends on itself")).map((text) => /field "(\w+)"/.exec(text)[1]);
  };
  // Messages arrive late.
  await waitUntil("four warnings", async () => (await circular()).length >= 4, { describe: circular });
  assert.deepEqual(await circular(), ["a", "b", "c", "d"]);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
});
