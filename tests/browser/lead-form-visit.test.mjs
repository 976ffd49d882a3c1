// Fields for a visit and for a budget in ranges.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";

useChromium();

const asAttribute = (fields) => `schema='${JSON.stringify({ fields: ["firstName", "phone", ...fields] })}'`;

test("a visit is a day that is not of the country's weekend, and a time, and is sent in the description", async (test) => {
  for (const [country, weekend] of [
    ["EG", [5, 6]],
    ["AE", [6, 0]],
    ["FR", [6, 0]],
  ]) {
    const { page, form, forwarder } = await openForm(test, {
      lang: country === "EG" ? "ar" : "en",
      attributes: `country="${country}" ${asAttribute([{ name: "visit", type: "visit", required: true, days: 10 }, "leadDescription"])}`,
    });
    const days = await form.element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("[name=visit-day]")].map(({ value }) => value),
    );
    assert.equal(days.length, 10);
    assert.deepEqual([...new Set(days)].sort(), days, "in order");
    const weekdays = days.map((day) => new Date(`${day}T12:00Z`).getUTCDay());
    assert.deepEqual(
      weekdays.filter((day) => weekend.includes(day)),
      [],
      country,
    );
    assert.ok(weekdays.includes((weekend[0] + 2) % 7), "control: the day after the weekend is offered");
    await form.fill({ ...visitor, leadDescription: "With my family." });
    await form.submit.click();
    await form.part("error").filter({ hasText: /./ }).waitFor();
    await form.input("visit").check();
    await form.element.locator("[name=visit-slot]").nth(2).check();
    assert.equal(await form.send(), "lead-accepted");
    assert.equal(forwarder.requests[0].lead.leadDescription, `With my family.\nVisit: ${days[0]} 17:00`);
    await page.close();
  }
});

test("a call has a time only, and values can be set", async (test) => {
  const { form, forwarder } = await openForm(test, {
    attributes: asAttribute([
      { name: "call", type: "visit", label: "When may we call?", days: 0, slots: ["Morning", "Evening"] },
    ]),
  });
  assert.equal(await form.part("option").count(), 2);
  await form.element.evaluate((form) => form.prefill({ call: "Evening" }));
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.requests[0].lead.leadDescription, "Call: Evening");
});

test("a budget in ranges has labels in each language, and one value for the CRM", async (test) => {
  for (const [lang, label] of [
    ["en", /^Up to EGP 2M$/],
    ["fr", /^Jusqu’à 2 M EGP$/],
    ["ar", /^حتى .*2 مليون|٢ مليون/],
  ]) {
    const { page, form, forwarder } = await openForm(test, {
      lang,
      attributes: asAttribute([{ name: "budget", currency: "EGP" }]),
    });
    const options = form.input("budget").locator("option");
    assert.equal(await options.count(), 7);
    assert.match((await options.nth(1).innerText()).replace(/\s/g, " "), label);
    await form.input("budget").selectOption({ index: 2 });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-accepted");
    const { leadDescription, dealSize } = forwarder.requests[0].lead;
    assert.deepEqual([leadDescription, dealSize], ["Budget: EGP 2M – EGP 5M", undefined]);
    await page.close();
  }
});
