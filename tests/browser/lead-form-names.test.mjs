// Fields may have any name, including the names of members of a form, an element or `Object.prototype`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_WAIT_MS, within } from "../../tools/wait.mjs";
import { openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

/** All member names of a form up to `Object.prototype`, except the form's known fields. */
const collisions = (page) =>
  page.evaluate(() => {
    const names = new Set();
    for (let object = document.createElement("form"); object; object = Object.getPrototypeOf(object)) {
      for (const name of Object.getOwnPropertyNames(object)) names.add(name);
    }
    return [...names].filter((name) => name !== "title");
  });

test("fields named like members of a form or an object are preserved, sent and reset", async (test) => {
  const { page, form, forwarder } = await openForm(test);
  const names = await collisions(page);
  for (const name of ["reset", "submit", "elements", "append", "setAttribute", "constructor", "__proto__", "toString"])
    assert.ok(names.includes(name), name);
  await page.evaluate((names) => {
    globalThis.form = document.querySelector("icloud-ready-lead-form");
    form.schema = { fields: ["firstName", "phone", ...names.map((name) => ({ name, label: name }))] };
  }, names);
  await form.input("__proto__").waitFor();
  const seen = await within(
    "the fields",
    MAX_WAIT_MS,
    page.evaluate(
      async ([names, visitor]) => {
        const pairs = (suffix) =>
          Object.fromEntries([...Object.entries(visitor), ...names.map((name) => [name, name + suffix])]);
        form.value = pairs("!");
        const read = JSON.stringify(form.value) === JSON.stringify(pairs("!"));
        form.reset();
        const left = Object.keys(form.value);
        form.prefill(pairs("?"));
        form.schema = { fields: [...form.schema.fields, "lastName"] };
        while (!form.shadowRoot.getElementById("lastName")) await new Promise((resolve) => setTimeout(resolve));
        return { read, left, result: await form.submit() };
      },
      [names, visitor],
    ),
  );
  assert.deepEqual(seen, { read: true, left: [], result: "accepted" });
  const [{ lead }] = forwarder.leads.values();
  const { leadInformation, ...own } = lead;
  assert.deepEqual(leadInformation, visitor);
  assert.deepEqual(Object.entries(own).sort(), names.map((name) => [name, `${name}?`]).sort());
  // The driver's click calls a method of the form that a field's name shadows.
  await form.part("again").evaluate((button) => button.click());
  assert.deepEqual(await page.evaluate(() => form.value), {});
});

test("a page's plain form may have inputs with such names too", async (test) => {
  const forwarder = await startForwarder(test);
  const pages = { "/": markup({}) };
  const site = await startPages(test, pages);
  const page = await openPage(test);
  await page.goto(site.url);
  const names = await collisions(page);
  const inputs = ["leadInformation.firstName", ...names].map((name) => `<input name="${name}">`).join("");
  pages["/"] = markup({
    inner: `<form action="${forwarder.url}" method="post">${inputs}<button name="button">Plain</button></form>`,
  });
  await page.route("**/languages/*", async (route) => {
    // Not through the driver: it uses members of the form that field names shadow.
    await page.evaluate(() => {
      document.querySelector('[name="leadInformation.firstName"]').value = "Mona";
      document.querySelector("[name=reset]").value = "written";
    });
    await route.continue();
  });
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.shown();
  await form.fill({ phone: visitor.phone });
  assert.equal(await form.send(), "lead-accepted");
  const [{ lead }] = forwarder.leads.values();
  assert.deepEqual(lead.leadInformation, visitor);
  const left = await page.evaluate(() =>
    ['[name="leadInformation.firstName"]', "[name=reset]"].map((name) => document.querySelector(name).value),
  );
  assert.deepEqual(left, ["", "written"], "inputs whose values the form took over are removed");
});
