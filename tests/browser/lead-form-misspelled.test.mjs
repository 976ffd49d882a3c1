// Every option of a schema misspelled by one letter: a warning that names it and the one that is meant, and a form that
// works.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { misspellings, optionsOf, siblingsOf } from "../support/options.mjs";
import { useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const paths = optionsOf(join(packageFolder, "lead-form/types/fields/fields.d.ts"), "FormSchema");

/** A field of the page's own with an option of a wrong name, and what the warning calls its place. */
function fieldWith([, ...path], wrong, index) {
  const name = `own${index}`;
  const field = { name, label: "A field", type: "select", options: ["Yes"] };
  if (path.length === 1) return [{ ...field, [wrong]: 1 }, `the field "${name}"`];
  if (path[0] === "options")
    return [{ ...field, options: [{ value: "Yes", label: "Yes", [wrong]: 1 }] }, `an answer of the field "${name}"`];
  assert.equal(path[0], "when", "a new option with options of its own has a place here");
  return [{ ...field, when: { field: "phone", [wrong]: 1 } }, `the option when of the field "${name}"`];
}

test("each option with one letter wrong is left out, and a warning names it and the one that is meant", async (test) => {
  const { page, form } = await openForm(test);
  const warnings = collectWarnings(page);
  for (const path of paths) {
    const meant = path.at(-1);
    // Two letters stand for all others, or there would be thousands of fields.
    const wrong = [...misspellings(meant, "xZ")].filter((one) => one && !siblingsOf(path, paths).includes(one));
    const [fields, places] =
      path.length > 1 ? [0, 1].map((part) => wrong.map((one, index) => fieldWith(path, one, index)[part])) : [[], []];
    const schema = {
      ...(path.length === 1 && Object.fromEntries(wrong.map((one) => [one, []]))),
      fields: ["firstName", "phone", ...fields, "email"],
    };
    warnings.clear();
    await form.element.evaluate((form, schema) => (form.schema = schema), schema);
    await form.input("email").waitFor();
    await page.waitForFunction(
      (count) =>
        document.querySelector("icloud-ready-lead-form").shadowRoot.querySelectorAll("[part~=field]").length >= count,
      fields.length,
    );
    const expected = wrong.map((one, index) =>
      path.length === 1
        ? `unknown member "${one}" of the schema is ignored; did you mean "${meant}"?`
        : `unknown option "${one}" of ${places[index]} is ignored; did you mean "${meant}"?`,
    );
    const all = await warnings.read(expected.length);
    for (const one of expected) assert.ok(all.includes(one), `${one}\n${all.slice(0, 20).join("\n")}`);
    // Back to a form without them, and to an empty console.
    await form.element.evaluate((form) => (form.schema = { fields: ["firstName", "phone"] }));
    await form.input("email").waitFor({ state: "detached" });
  }
});

test("a condition or an answer with a misspelled member still makes a form", async (test) => {
  const { form, forwarder } = await openForm(test);
  const fields = [
    "firstName",
    "phone",
    { name: "visit", label: "Visit?", when: { feild: "phone" } },
    {
      name: "interests",
      type: "radio",
      options: [
        { vlaue: "x", label: "Villa" },
        { value: "Shop", lable: "x" },
      ],
    },
  ];
  await form.element.evaluate((form, fields) => (form.schema = { fields }), fields);
  await form.input("interests").check();
  assert.deepEqual(await form.part("option").allInnerTexts(), ["Villa", "Shop"]);
  assert.equal(await form.input("visit").isVisible(), false, "it depends on nothing that is asked for");
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.deepEqual(forwarder.requests[0].lead.interests, ["Villa"]);
});
