// The whole journey by keyboard in each mode, and what a screen reader reads there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { compareTree } from "./support/accessibility-tree.mjs";
import { useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";

useChromium();

const LANGUAGES = ["en", "ar", "fr"];

const steps = {
  steps: [
    {
      title: "What are you looking for?",
      fields: [{ name: "interests", options: ["Villa", "Apartment"], required: true }],
    },
    { title: "How can we reach you?", fields: ["firstName", "phone"] },
  ],
};

/** The focused control of the form: its name, or its part. */
const focused = (form) =>
  form.element.evaluate(({ shadowRoot: { activeElement } }) => activeElement?.name || activeElement?.part.value);

const focuses = (form, name) =>
  waitUntil(`the focus on ${name}`, async () => (await focused(form)) === name, { describe: () => focused(form) });

/** Presses Tab until a control has the focus. */
async function tabTo(page, form, name) {
  for (let press = 0; press < 20 && (await focused(form)) !== name; press += 1) await page.keyboard.press("Tab");
  assert.equal(await focused(form), name);
}

for (const mode of ["popup", "slide-in"]) {
  for (const lang of LANGUAGES) {
    test(`a ${mode} can be opened, completed and closed by keyboard, with the expected accessibility tree (${lang})`, async (test) => {
      const { page, form, forwarder } = await openForm(test, {
        lang,
        attributes: `id="enquire" country="EG" heading="Villa" mode="${mode}"`,
        body: '<button data-lead-form="enquire">Ask</button>',
        shown: ({ page }) => page.waitForFunction(() => customElements.get("icloud-ready-lead-form")),
      });
      const trigger = page.getByText("Ask");
      await page.waitForLoadState("networkidle");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await form.focuses("firstName");
      await compareTree(`lead-form-${lang}-${mode}`, form);
      await page.keyboard.type(visitor.firstName);
      await tabTo(page, form, "phone");
      await page.keyboard.type(visitor.phone);
      await tabTo(page, form, "submit");
      await page.keyboard.press("Enter");
      await form.reaches("accepted");
      await focuses(form, "status");
      await compareTree(`lead-form-${lang}-${mode}-accepted`, form);
      assert.equal(forwarder.leads.size, 1);
      await page.keyboard.press("Escape");
      await waitUntil("the focus on what opened the dialog", () =>
        trigger.evaluate((button) => document.activeElement === button),
      );
    });
  }
}

for (const lang of LANGUAGES) {
  test(`the steps can be completed by keyboard, with the expected accessibility tree (${lang})`, async (test) => {
    const { page, form, forwarder } = await openForm(test, {
      lang,
      attributes: `country="EG" schema='${JSON.stringify(steps)}'`,
      shown: (form) => form.part("next").waitFor(),
    });
    await compareTree(`lead-form-${lang}-first-step`, form);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await tabTo(page, form, "next");
    await page.keyboard.press("Enter");
    await focuses(form, "step-title");
    await compareTree(`lead-form-${lang}-last-step`, form);
    await tabTo(page, form, "firstName");
    await page.keyboard.type(visitor.firstName);
    await tabTo(page, form, "phone");
    await page.keyboard.type(visitor.phone);
    await page.keyboard.press("Enter");
    await form.reaches("accepted");
    assert.deepEqual(forwarder.requests[0].lead.interests, ["Villa"]);
  });
}
