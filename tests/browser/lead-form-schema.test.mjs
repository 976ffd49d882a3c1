// Unknown fields and options: one warning each, with the nearest name, and a default.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, useChromium } from "./support/browser.mjs";
import { markup, startPages } from "./support/form-page.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

/** Opens a form; returns its fields in order, and the warnings. */
async function open(test, attributes) {
  const site = await startPages(test, { "/": markup({ endpoint: "/leads", attributes }) });
  const page = await openPage(test);
  const warnings = collectWarnings(page);
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.shown();
  const fields = () =>
    form.element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("[part~=field] [id]:not([id$=-hint], [id$=-error])")].map(
        ({ id, type }) => `${id} ${type}`,
      ),
    );
  return { page, form, warnings, fields };
}

const asJson = (schema) => `schema='${JSON.stringify(schema)}'`;

for (const [what, attributes, expected, fields] of [
  [
    "names in fields",
    'fields="first_name phone emial budgett constructor xyz"',
    [
      'unknown field "first_name" is ignored; did you mean "firstName"?',
      'unknown field "emial" is ignored; did you mean "email"?',
      'unknown field "budgett" is ignored; did you mean "budget"?',
      'unknown field "constructor" is ignored',
      'unknown field "xyz" is ignored',
    ],
    ["firstName text", "phone tel"],
  ],
  [
    "options of fields",
    asJson({
      fields: [
        "firstName",
        { name: "phone", lable: "Call me" },
        { name: "interests", option: ["Villa"], path: "x", isList: false },
        { name: "visit", type: "dropdown", options: ["Yes"] },
        { name: "floor", type: "Number" },
        { name: "Campaign_Name", type: "text" },
        { name: "why", label: "Why?", when: { field: "visits" }, validator: "x" },
      ],
    }),
    [
      'unknown option "lable" of the field "phone" is ignored; did you mean "label"?',
      'unknown option "option" of the field "interests" is ignored; did you mean "options"?',
      'unknown option "path" of the field "interests" is ignored',
      'unknown option "isList" of the field "interests" is ignored',
      'unknown type "dropdown" of the field "visit" is ignored',
      'unknown type "Number" of the field "floor" is ignored; did you mean "number"?',
      'the field "Campaign_Name" is not a known one; did you mean "campaignName"?',
      'unknown option "validator" of the field "why" is ignored',
      'the field "why" depends on "visits", which the form does not have; did you mean "visit"?',
    ],
    [
      "firstName text",
      "phone tel",
      "interests text",
      "visit select-one",
      "floor text",
      "Campaign_Name text",
      "why text",
    ],
  ],
  [
    "members of the schema",
    asJson({ fields: ["firstName", "phone"], feilds: [], mode: "popup" }),
    [
      'unknown member "feilds" of the schema is ignored; did you mean "fields"?',
      'unknown member "mode" of the schema is ignored',
    ],
    ["firstName text", "phone tel"],
  ],
  [
    "a schema without fields",
    asJson({ field: ["firstName"] }),
    ["the schema is not JSON with a list of fields or steps: the attribute fields is used"],
    ["firstName text", "lastName text", "phone tel", "email email"],
  ],
  [
    "values of attributes",
    'attribution="sesion" locale="xx"',
    ['unknown attribution "sesion": session is used', 'unknown locale "xx": en is used'],
    ["firstName text", "lastName text", "phone tel", "email email"],
  ],
]) {
  test(`unknown ${what} each cause one warning and a default`, async (test) => {
    const { warnings, fields: seen } = await open(test, attributes);
    assert.deepEqual(await seen(), fields);
    assert.deepEqual((await warnings.read(expected.length)).sort(), [...expected].sort());
  });
}

test("known names cause no warning, and a schema may be a string", async (test) => {
  const { page, form, warnings, fields } = await open(
    test,
    'attribution="none" country="eg" fields="firstName, phone, budget"',
  );
  const schema = {
    fields: [
      "firstName",
      "phone",
      {
        name: "interests",
        type: "checkboxes",
        options: ["Villa"],
        hint: "One.",
        required: true,
        value: ["Villa"],
        autocomplete: "off",
        when: { field: "phone" },
      },
      { name: "project.code", label: "Code", version: "1" },
    ],
  };
  await page.evaluate(
    (text) => (document.querySelector("icloud-ready-lead-form").schema = text),
    JSON.stringify(schema),
  );
  await form.input("project.code").waitFor();
  assert.deepEqual(await fields(), ["firstName text", "phone tel", "interests checkbox", "project.code text"]);
  assert.deepEqual(await warnings.read(), []);
});
