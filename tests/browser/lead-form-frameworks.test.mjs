// The form in pages that frameworks render: it applies the props of the first render, and the visitor's input survives
// the next.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { openPage, useChromium } from "./support/browser.mjs";
import { startPages, visitor } from "./support/form-page.mjs";
import { bundle, frameworks } from "./support/frameworks.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const SHELL = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An app</title></head><body><div id="app"></div></body></html>`;

/**
 * The props of the app, including a client, which no attribute can hold. `isLate`: the element's script runs after the
 * app's.
 */
const start = async (isLate) => {
  globalThis.calls = [];
  globalThis.props = (more) => ({
    attributes: { id: "contact" },
    schema: { fields: ["firstName", "phone", { name: "region", value: "Coast" }] },
    campaignName: "Q3",
    country: "EG",
    dataLayer: true,
    client: { leads: { create: async (lead) => (globalThis.calls.push(lead), { _id: "1" }) } },
    ...more,
  });
  if (!isLate) await import("/icloud-ready/lead-form.js");
  const { render } = await import("/app.js");
  globalThis.draw = (more) => render(document.querySelector("#app"), globalThis.props(more));
  globalThis.draw();
  if (isLate) await import("/icloud-ready/lead-form.js");
};

/** Opens an app of a framework; `rendered`: the server-rendered markup. */
async function openApp(test, app, isLate = false, rendered = "") {
  const site = await startPages(test, {
    "/": SHELL.replace('"app">', `"app">${rendered}`),
    "/app.js": await bundle(app),
  });
  const page = await openPage(test);
  const warnings = collectWarnings(page);
  await page.goto(site.url);
  await page.evaluate(start, isLate);
  return { page, site, warnings, form: new LeadForm(page) };
}

for (const [name, app] of Object.entries(frameworks)) {
  test(`${name}: applies the properties of the first render, and keeps input across renders`, async (test) => {
    const { page, site, form } = await openApp(test, app);
    await form.input("region").waitFor();
    assert.equal(await form.part("country").inputValue(), "EG");
    const attributes = await form.element.evaluate((form) => [...form.attributes].map(({ value }) => value));
    assert.equal(attributes.includes("[object Object]"), false, String(attributes));
    await form.input("firstName").focus();
    await form.part("country").selectOption("SA");
    await form.fill({ firstName: "Mona", phone: "0501234567" });
    await page.evaluate(() => globalThis.draw({ locale: "ar", country: "FR", campaignName: "Q4" }));
    await form.part("label").first().filter({ hasText: "الاسم" }).waitFor();
    assert.equal(await form.send(), "lead-accepted");
    const [{ customField: _, ...lead }] = await page.evaluate(() => globalThis.calls);
    const leadInformation = { firstName: "Mona", phone: "+966501234567" };
    assert.deepEqual(lead, { campaignName: "Q4", leadInformation, region: "Coast" });
    assert.deepEqual(
      site.requests.filter((path) => path === "/leads"),
      [],
    );
    assert.deepEqual(await page.evaluate(() => globalThis.dataLayer.map(({ event }) => event)), [
      "lead_submit",
      "lead_accepted",
    ]);
    // Removing a prop restores the default, in every way that frameworks remove it.
    await page.evaluate(() =>
      globalThis.draw({ client: undefined, schema: null, campaignName: undefined, locale: undefined }),
    );
    await form.element.evaluate((form) => form.reset());
    await form.input("email").waitFor();
    assert.equal(await form.element.evaluate((form) => form.campaignName || null), null);
  });
}

test("React 19 SSR: attributes in the markup are applied, and other properties are set through a ref", async (test) => {
  const properties = { id: "contact", campaignName: "Q3", country: "EG", dataLayer: true };
  const { page, form } = await openApp(
    test,
    frameworks["React 19"],
    false,
    renderToString(createElement("icloud-ready-lead-form", properties)),
  );
  await form.input("region").waitFor();
  assert.deepEqual(
    await form.element.evaluate(({ campaignName, country, dataLayer }) => [campaignName, country, dataLayer]),
    ["Q3", "EG", true],
  );
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal((await page.evaluate(() => globalThis.calls)).length, 1);
});

test("an app that renders before the form's script runs gets a warning about lost properties", async (test) => {
  const { form, warnings } = await openApp(test, frameworks["React 19"], true);
  await form.input("email").waitFor();
  const words = "is [object Object]: load the form's script before the page is rendered, or set the property";
  const lost = (await warnings.read(2)).filter((warning) => warning.includes("[object Object]"));
  assert.deepEqual(
    lost.sort(),
    ["client", "schema"].map((name) => `the attribute ${name} ${words}`),
  );
});

test("properties that an app sets itself before the script runs are applied", async (test) => {
  const { page, form } = await openApp(test, frameworks["React 18"], true);
  await form.fill(visitor);
  assert.equal(await form.input("region").inputValue(), "Coast");
  assert.equal(await form.send(), "lead-accepted");
  assert.equal((await page.evaluate(() => globalThis.calls)).length, 1);
});
