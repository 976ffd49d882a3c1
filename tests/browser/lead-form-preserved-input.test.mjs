// What a visitor selected or typed survives whatever the page does to the form; untouched fields follow the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm } from "./support/form-page.mjs";

useChromium();

const fields = [
  "firstName",
  "lastName",
  "phone",
  "email",
  { name: "interests", options: ["Villa", "Office", "Shop"] },
  { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"] },
  { name: "visitAt", label: "When?", when: { field: "visit", is: "Yes" } },
  { name: "budget", type: "select", options: ["1", "2", "3"] },
  { name: "leadDescription" },
  { name: "country" },
  { name: "terms", type: "consent", label: "You may call me.", required: true },
  { name: "region", value: "Coast" },
];

/** What the visitor of `begin` has entered, and what the page prefilled. */
const VALUES = {
  firstName: "Mona",
  lastName: "Fathy",
  phone: "0501234567",
  interests: ["Villa", "Shop"],
  visit: "Yes",
  visitAt: "Sunday",
  budget: "2",
  leadDescription: "A garden\nand a view",
  country: "DE",
  terms: true,
  region: "Coast",
};

/**
 * Opens a form in which a visitor from Saudi Arabia is typing a message, after their email address was found invalid.
 */
async function begin(test) {
  const opened = await openForm(test, { attributes: 'country="EG"', body: '<div id="other" lang="fr"></div>' });
  const { page, form } = opened;
  await page.evaluate((fields) => {
    globalThis.form = document.querySelector("icloud-ready-lead-form");
    form.schema = { fields };
  }, fields);
  await form.input("terms").waitFor();
  await page.evaluate(() => form.prefill({ lastName: "Fathy" }));
  await form.input("firstName").focus();
  await form.input("country").locator('option[value="DE"]').waitFor({ state: "attached" });
  await form.part("country").selectOption("SA");
  await form.fill({ firstName: "Mona", phone: "0501234567", email: "mona@" });
  for (const id of ["interests", "interests-2", "visit", "terms"]) await form.input(id).check();
  await form.fill({ visitAt: "Sunday" });
  await form.input("budget").selectOption("2");
  await form.input("country").selectOption("DE");
  assert.equal(await page.evaluate(() => form.submit()), "warning");
  await form.fill({ leadDescription: "A garden\nand view" });
  await form.input("leadDescription").evaluate((area) => area.setSelectionRange(13, 13));
  await page.keyboard.type("a ");
  return opened;
}

/** The content of the form, as the page sees it. */
const seenIn = ({ page }) =>
  page.evaluate(() => {
    const { shadowRoot } = globalThis.form;
    const { activeElement } = shadowRoot;
    return {
      value: globalThis.form.value,
      country: shadowRoot.querySelector("[part=country]").value,
      faults: [...shadowRoot.querySelectorAll("[data-error] input")].map(({ id }) => id),
      caret: [activeElement?.id, activeElement?.selectionStart],
    };
  });

const expected = {
  value: { ...VALUES, email: "mona@" },
  country: "SA",
  faults: ["email"],
  caret: ["leadDescription", 15],
};

/**
 * What pages do while a visitor types. `isMoved`: the element itself is moved and loses the focus; `isForgiven`: the
 * invalid field is removed.
 */
const DISTURBANCES = {
  "another locale": {
    change: () => (globalThis.form.locale = "ar"),
    until: () => globalThis.form.shadowRoot.querySelector("[lang=ar]"),
  },
  "another country": { change: () => (globalThis.form.country = "FR") },
  "the same schema again": { change: () => (globalThis.form.schema = structuredClone(globalThis.form.schema)) },
  "another field, and another order": {
    change: () =>
      (globalThis.form.schema = {
        fields: [
          "title",
          ...globalThis.form.schema.fields.slice(0, -1).reverse(),
          globalThis.form.schema.fields.at(-1),
        ],
      }),
    until: () => globalThis.form.shadowRoot.querySelector("#title"),
  },
  "fewer fields, and all again": {
    isForgiven: true,
    change: () => {
      const { schema } = globalThis.form;
      globalThis.form.schema = { fields: ["leadDescription", "phone", "firstName"] };
      return new Promise((resolve) => setTimeout(resolve)).then(() => (globalThis.form.schema = schema));
    },
    until: () => globalThis.form.shadowRoot.querySelector("#terms"),
  },
  "other texts": {
    change: () =>
      (globalThis.form.schema = {
        fields: globalThis.form.schema.fields.map((field) => (field.label ? { ...field, hint: "Please." } : field)),
      }),
    until: () => globalThis.form.shadowRoot.querySelector("#terms-hint").textContent,
  },
  "what the page knows, late": {
    change: () =>
      globalThis.form.prefill({ firstName: "Hoda", phone: "1", visit: "No", terms: false, lastName: "Fathy" }),
  },
  "classes, styles, an endpoint": {
    change: () => {
      globalThis.form.className = "theme";
      globalThis.form.style.setProperty("--icloud-ready-accent", "red");
      globalThis.form.campaignName = "Q4";
      globalThis.form.endpoint = `${globalThis.form.endpoint}?other`;
    },
  },
  "a place elsewhere, in another language": {
    isMoved: true,
    change: () => document.querySelector("#other").append(globalThis.form),
  },
  "taken out and put back": {
    isMoved: true,
    change: () => {
      globalThis.form.remove();
      return new Promise((resolve) => setTimeout(resolve)).then(() => document.body.append(globalThis.form));
    },
  },
  "another document, and back": {
    isMoved: true,
    change: () => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      frame.contentDocument.body.append(globalThis.form);
      const { display } = frame.contentWindow.getComputedStyle(globalThis.form.shadowRoot.querySelector("form"));
      if (display !== "grid") throw new Error(`without its styles there: ${display}`);
      document.body.append(globalThis.form);
    },
  },
};

for (const [what, { change, until = () => true, isMoved, isForgiven }] of Object.entries(DISTURBANCES)) {
  test(`${what}: what the visitor typed and selected is preserved`, async (test) => {
    const opened = await begin(test);
    const { page, form, forwarder } = opened;
    assert.deepEqual(await seenIn(opened), expected);
    await page.evaluate(change);
    await page.waitForFunction(until);
    const { caret, ...seen } = await seenIn(opened);
    const { caret: before, ...kept } = expected;
    assert.deepEqual(seen, { ...kept, faults: isForgiven ? [] : kept.faults });
    if (!isMoved) assert.deepEqual(caret, before);
    await form.fill({ email: "" });
    assert.equal(await form.send(), "lead-accepted");
    const [{ lead, context }] = forwarder.leads.values();
    assert.equal(lead.leadInformation.phone, "+966501234567");
    assert.equal(context.phone.country, "SA");
    assert.equal(lead.leadDescription, VALUES.leadDescription);
    assert.deepEqual(lead.interests, VALUES.interests);
    assert.equal(context.consent[0].given, true);
  });
}

test("fields that the visitor did not touch follow the page", async (test) => {
  const { page, form } = await openForm(test, { attributes: 'country="EG"' });
  await form.fill({ firstName: "Mona" });
  const country = () => form.part("country").inputValue();
  await page.evaluate(() => {
    globalThis.form = document.querySelector("icloud-ready-lead-form");
    form.country = "QA";
    form.schema = {
      fields: [
        "firstName",
        "phone",
        { name: "region", value: "Coast" },
        { name: "unitId", type: "hidden", value: "A-1" },
      ],
    };
  });
  await form.input("region").waitFor();
  assert.equal(await country(), "QA");
  await page.evaluate(
    () =>
      (form.schema = {
        fields: [
          "firstName",
          "phone",
          { name: "region", value: "Hills" },
          { name: "unitId", type: "hidden", value: "A-2" },
        ],
      }),
  );
  await page.waitForFunction(() => form.value.region === "Hills");
  assert.deepEqual(await page.evaluate(() => form.value), { firstName: "Mona", region: "Hills", unitId: "A-2" });
});

test("a number keeps the country that was selected next to it, and the country is cleared with the form", async (test) => {
  const { page, form, forwarder } = await openForm(test, { attributes: 'locale="ar-EG"' });
  await form.fill({ firstName: "Mona", phone: "01001234567" });
  await page.evaluate(() => (document.querySelector("icloud-ready-lead-form").locale = "fr"));
  await form.part("label").first().filter({ hasText: "Prénom" }).waitFor();
  assert.equal(await form.send(), "lead-accepted");
  const [{ lead }] = forwarder.leads.values();
  assert.equal(lead.leadInformation.phone, "+201001234567");
  await form.part("again").click();
  assert.equal(await form.part("country").inputValue(), "", "the page no longer sets one");
  await form.part("country").selectOption("AE");
  await form.part("country").selectOption("");
  await page.evaluate(() => (document.querySelector("icloud-ready-lead-form").country = "EG"));
  assert.equal(await form.part("country").inputValue(), "", "the visitor can select none");
  await form.element.evaluate((form) => form.reset());
  assert.equal(await form.part("country").inputValue(), "EG");
});
