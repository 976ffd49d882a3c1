// Every option of a schema misspelled by one letter: a warning names it and the intended one, and the form works.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { misspellings, optionsOf, siblingsOf } from "../support/options.mjs";
import { useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

// The fields of a step are those of a schema.
const paths = optionsOf(join(packageFolder, "lead-form/types/fields/field.d.ts"), "FormSchema").filter(
  ([member, ...path]) => member !== "steps" || path.length < 2,
);

/** A custom field with a misspelled option, and how the warning refers to it. */
function fieldWith([, ...path], misspelled, index) {
  const name = `own${index}`;
  const field = { name, label: "A field", type: "select", options: ["Yes"] };
  if (path.length === 1) return [{ ...field, [misspelled]: 1 }, `the field "${name}"`];
  if (path[0] === "options")
    return [
      { ...field, options: [{ value: "Yes", label: "Yes", [misspelled]: 1 }] },
      `an answer of the field "${name}"`,
    ];
  assert.equal(path[0], "when", "a new option with options of its own has a place here");
  return [{ ...field, when: { field: "phone", [misspelled]: 1 } }, `the option when of the field "${name}"`];
}

/** A schema whose member has misspelled members, and how the warnings refer to it. */
function schemaWith(member, misspelled) {
  const wrong = Object.fromEntries(misspelled.map((one) => [one, "x"]));
  const fields = ["firstName", "phone", "email"];
  return member === "steps"
    ? [{ steps: [{ fields, ...wrong }] }, "a step"]
    : [{ fields, [member]: wrong }, `the member ${member}`];
}

test("each option with one wrong letter is ignored, and a warning names it and the intended one", async (test) => {
  const { page, form } = await openForm(test);
  const warnings = collectWarnings(page);
  for (const path of paths) {
    const meant = path.at(-1);
    // Two letters represent all others, or there would be thousands of fields.
    const misspelled = [...misspellings(meant, "xZ")].filter((one) => one && !siblingsOf(path, paths).includes(one));
    const [fields, places] =
      path.length > 1 && path[0] === "fields"
        ? [0, 1].map((part) => misspelled.map((one, index) => fieldWith(path, one, index)[part]))
        : [[], []];
    const [wrongMember, place] = path.length > 1 && path[0] !== "fields" ? schemaWith(path[0], misspelled) : [];
    const schema = wrongMember ?? {
      ...(path.length === 1 && Object.fromEntries(misspelled.map((one) => [one, []]))),
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
    const expected = misspelled.map((one, index) =>
      path.length === 1
        ? `unknown member "${one}" of the schema is ignored; did you mean "${meant}"?`
        : `unknown option "${one}" of ${place ?? places[index]} is ignored; did you mean "${meant}"?`,
    );
    const all = await warnings.read(expected.length);
    for (const one of expected) assert.ok(all.includes(one), `${one}\n${all.slice(0, 20).join("\n")}`);
    // Back to a form without these fields, and to an empty console.
    await form.element.evaluate((form) => (form.schema = { fields: ["firstName", "phone"] }));
    await form.input("email").waitFor({ state: "detached" });
  }
});

test("a condition or choice with a misspelled member still renders the form", async (test) => {
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
  assert.equal(await form.input("visit").isVisible(), false, "it depends on a field that does not exist");
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.deepEqual(forwarder.requests[0].lead.interests, ["Villa"]);
});
