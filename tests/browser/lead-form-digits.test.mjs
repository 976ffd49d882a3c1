// Numbers are shown in typing order, measured by where the caret is when a visitor clicks along the line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm } from "./support/form-page.mjs";

useChromium();

const fields = [
  "firstName",
  "phone",
  "zip",
  "additionalPhones",
  { name: "budget" },
  { name: "rooms", type: "number" },
  { name: "other", type: "tel", label: "Other" },
];

/** The caret positions from left to right along a field: 0 to the length for left-to-right text. */
const carets = (input) =>
  input.evaluate((input) => {
    input.scrollIntoView({ block: "center" });
    const { left, right, top, bottom } = input.getBoundingClientRect();
    const seen = [];
    for (let x = Math.ceil(left) + 1; x < right - 1; x += 1) {
      const position = document.caretPositionFromPoint(x, (top + bottom) / 2, { shadowRoots: [input.getRootNode()] });
      if (position?.offsetNode === input && seen.at(-1) !== position.offset) seen.push(position.offset);
    }
    return seen;
  });

const inOrder = (text) => [...text, ""].map((_, index) => index);

for (const locale of ["ar", "en"]) {
  test(`digits keep their typing order in every numeric field (${locale})`, async (test) => {
    const { form } = await openForm(test, {
      lang: locale,
      attributes: `country="EG" schema='${JSON.stringify({ fields })}'`,
    });
    await form.input("phone").focus();
    await form.part("country").locator('option[value="ZW"]').waitFor({ state: "attached" });
    for (const name of ["phone", "zip", "additionalPhones", "budget", "rooms", "other"]) {
      for (const text of ["٠١٠ ٠١٢٣", "١٬٥٠٠٬٠٠٠", "٣ - ٤", "010 0123", "1 500 000"]) {
        await form.fill({ [name]: text });
        assert.deepEqual(await carets(form.input(name)), inOrder(text), `${name}: ${text}`);
      }
    }
  });
}

test("digits set by the page keep their order too, and words follow their script's direction", async (test) => {
  const { page, form } = await openForm(test, {
    lang: "ar",
    attributes: `schema='${JSON.stringify({ fields: [...fields, { name: "area", type: "number", value: "١ ٢٠٠" }] })}'`,
  });
  assert.deepEqual(await carets(form.input("area")), inOrder("١ ٢٠٠"));
  await page.evaluate(() => document.querySelector("icloud-ready-lead-form").prefill({ budget: "٥ ٠٠٠" }));
  assert.deepEqual(await carets(form.input("budget")), inOrder("٥ ٠٠٠"));
  await form.fill({ budget: "مليون" });
  assert.deepEqual((await carets(form.input("budget"))).slice(1, -1), [4, 3, 2, 1]);
  await form.fill({ budget: "٥ ٠٠٠" });
  assert.deepEqual(await carets(form.input("budget")), inOrder("٥ ٠٠٠"));
});
