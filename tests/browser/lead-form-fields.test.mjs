// What the lead form asks for: fields of every kind, each with its place in the lead.

import assert from "node:assert/strict";
import { test } from "node:test";
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

test("fields of every kind have their place in the lead", async (test) => {
  const { page, form, forwarder } = await openForm(test, { attributes: `schema='${JSON.stringify(schema)}' locale="ar"` });
  await form.fill({ ...visitor, city: "القاهرة", additionalEmails: "a@example.com، b@example.com", budget: "١٬٥٠٠٬٠٠٠" });
  assert.equal(await form.element.evaluate((form) => form.checkValidity()), false);
  await form.submit.click();
  assert.equal(await form.focused(), "interests");
  assert.equal(await form.part("error").filter({ visible: true }).count(), 2);
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("icloud-ready-lead-form");
    for (const selector of ["#interests-1", "#visit", "#terms", "#newsletter"]) shadowRoot.querySelector(selector).click();
  });
  await form.submit.click();
  assert.equal(await form.focused(), "visitAt", "it is asked for now");
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
  assert.deepEqual({ ...terms, at: 0 }, { name: "terms", version: "2", text: "I agree to be called.", given: true, at: 0 });
  assert.equal(marketing.given, false);
});

test("a country that is given before all countries are there is chosen once they are", async (test) => {
  const fields = [{ name: "country", value: "DE" }, "phone", "firstName"];
  const { form } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  const chosen = () => form.input("country").inputValue();
  assert.equal(await chosen(), "", "it is none of the few that are there at first");
  await form.input("firstName").focus();
  await form.input("country").locator('option[value="DE"]').waitFor({ state: "attached" });
  assert.equal(await chosen(), "DE");
  await form.input("country").selectOption("");
  await form.element.evaluate((form) => (form.locale = "fr"));
  await form.part("label").first().filter({ hasText: "Pays" }).waitFor();
  assert.equal(await chosen(), "", "a visitor who wants none has none");
});

test("a budget that is no number is told at its field", async (test) => {
  const { form } = await openForm(test, { attributes: 'fields="firstName phone budget"' });
  await form.fill({ ...visitor, budget: "a lot" });
  await form.submit.click();
  assert.equal(await form.error("budget"), "Please enter a number.");
});

test("what is said about a field is tied to it, and no longer than it is said", async (test) => {
  const fields = ["phone", "firstName", { name: "visit", type: "radio", label: "Visit?", options: ["Yes"], required: true }, { name: "city", hint: "Where you live." }];
  const { form } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  const described = () =>
    form.element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("[aria-describedby]")].map((control) => {
        const texts = control.getAttribute("aria-describedby").split(" ").map((id) => shadowRoot.getElementById(id).textContent);
        return [control.id || control.localName, ...texts];
      }),
    );
  const hint = ["city", "Where you live."];
  assert.deepEqual(await described(), [hint]);
  await form.submit.click();
  const missing = (label) => `${label}: please fill this in.`;
  assert.deepEqual(await described(), [
    ["phone", missing("Phone number")],
    ["firstName", missing("First name")],
    ["fieldset", missing("Visit?")],
    hint,
  ]);
  await form.fill(visitor);
  await form.input("visit").check();
  assert.deepEqual(await described(), [hint]);
});
