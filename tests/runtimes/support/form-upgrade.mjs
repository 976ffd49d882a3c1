// What the lead form must preserve in every browser: properties set before its script runs, and the visitor's input.

import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, startPages } from "../../browser/support/form-page.mjs";
import { startForwarder } from "../../browser/support/forwarder.mjs";
import { waitUntil } from "../../../tools/wait.mjs";

/**
 * Runs in the page before the form's script: records the state when the element is defined and its language is not
 * loaded.
 */
const early = () => {
  const form = document.querySelector("icloud-ready-lead-form");
  form.value = { firstName: "Mona", interests: ["Villa"] };
  form.schema = { fields: ["firstName", "phone", { name: "interests", options: ["Villa", "Shop"] }] };
  form.campaignName = "Q3";
  customElements.whenDefined("icloud-ready-lead-form").then(() => {
    form.prefill({ firstName: "Hoda", lastName: "Salem" });
    globalThis.seen = {
      isPlain: form.querySelector("button").checkVisibility(),
      height: form.offsetHeight,
      isOwn: Object.keys(form).length,
    };
  });
};

/** Declares the tests of every browser. `profile(test)` returns a profile as in visits.mjs. */
export function upgradeTests(browser, profile) {
  test(`${browser}: applies what is set before the script runs, and preserves the visitor's input across page updates`, async (test) => {
    const forwarder = await startForwarder(test);
    const page = {
      endpoint: forwarder.url,
      attributes: 'country="EG"',
      head: "<style>icloud-ready-lead-form { display: flow-root; min-block-size: 40rem }</style>",
      inner: `<form action="${forwarder.url}" method="post"><button>Plain</button></form>`,
      body: `<div id="other"></div><script>(${early})()</script>`,
    };
    const { url } = await startPages(test, { "/": markup(page) });
    const tab = await (await profile(test)).openTab();
    await tab.open(url);
    assert.deepEqual(await tab.evaluate(() => globalThis.seen), { isPlain: true, height: 640, isOwn: 0 });
    assert.equal(await tab.evaluate(() => document.querySelector("icloud-ready-lead-form").offsetHeight), 640);
    await tab.evaluate(() => {
      const country = document.querySelector("icloud-ready-lead-form").shadowRoot.querySelector("[part=country]");
      country.value = "SA";
      country.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    });
    await tab.fill({ phone: "0501234567" });
    await tab.evaluate(() => {
      const form = document.querySelector("icloud-ready-lead-form");
      document.querySelector("#other").append(form);
      form.country = "FR";
      form.locale = "ar";
      form.schema = { fields: ["lastName", ...form.schema.fields] };
    });
    const isArabic = () =>
      tab.evaluate(
        () => document.querySelector("icloud-ready-lead-form").shadowRoot.querySelector("[part=root]").lang === "ar",
      );
    await waitUntil("Arabic", isArabic);
    await tab.press("submit");
    await waitUntil("the lead", () => forwarder.leads.size === 1);
    const [{ lead }] = forwarder.leads.values();
    const leadInformation = { lastName: "Salem", firstName: "Hoda", phone: "+966501234567" };
    assert.deepEqual(lead, { campaignName: "Q3", leadInformation, interests: ["Villa"] });
  });
}
