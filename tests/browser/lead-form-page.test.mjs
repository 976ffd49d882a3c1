// The form on pages that are strict, hostile, slow or rendered by a server.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, strictPolicy, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { leadForm, packageFolder } from "../../tools/paths.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

/** Fields of several kinds, and the page's plain form with them. */
const early = {
  fields: [
    "firstName",
    "lastName",
    "phone",
    "email",
    { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"] },
    { name: "visitAt", label: "When?", when: { field: "visit", is: "Yes" } },
    { name: "newsletter", type: "checkbox", label: "News" },
    { name: "isQualified", type: "checkbox", label: "Sure" },
    { name: "tour", type: "checkbox", label: "Tour", value: true },
    { name: "unitId", type: "select", label: "Unit", options: ["A", "B"] },
  ],
};

const plainForm = `<form action="/leads" method="post">
  <input name="leadInformation.firstName"><input name="leadInformation.lastName" value="Fathy"><input name="leadInformation.phone">
  <input type="radio" name="visit" value="No"><input type="radio" name="visit" value="Yes"><input name="visitAt">
  <input type="checkbox" name="newsletter"><input type="checkbox" name="isQualified" value="true">
  <input type="checkbox" name="tour"><select name="unitId"><option></option><option>A</option><option>B</option></select>
  <input type="hidden" name="campaignName" value="Q3"><button>Send</button></form>`;

const csp =
  (wasm) =>
  ({ url }) => ({ "content-security-policy": strictPolicy(new URL(url).origin, wasm) });

test("a strict CSP reports no violation, in any form and state", async (test) => {
  const { page, form, forwarder } = await openForm(test, {
    headers: csp(),
    attributes: `schema='${JSON.stringify(early)}'`,
    inner: '<p slot="note">A note.</p>',
    next: (count) => (count === 1 ? { status: 500 } : "accept"),
    page: { expected: networkErrors },
  });
  await form.submit.click();
  await form.fill({ ...visitor, email: "mona@" });
  await form.input("visit").check();
  assert.equal(await form.element.evaluate((form) => form.submit()), "warning");
  assert.equal(await form.confirm(), "lead-queued");
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
  assert.deepEqual(
    page.complaints.filter((message) => !networkErrors.test(message)),
    [],
  );
});

test("without 'wasm-unsafe-eval' the form still submits", async (test) => {
  const { form, forwarder } = await openForm(test, {
    headers: csp(""),
    page: { expected: /CSP: script-src wasm-eval|Content Security Policy|WebAssembly/ },
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.leads.size, 1);
});

test("without the deferred scripts the form still submits", async (test) => {
  const forwarder = await startForwarder(test);
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url }) });
  const page = await openPage(test, { expected: networkErrors });
  await page.route("**/checks.js", (route) => route.abort());
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
});

const HOSTILE = `<style>
  :root { font-size: 10px }
  * { all: unset }
  * { color: red; letter-spacing: 9px; text-transform: uppercase; line-height: 0.5; text-align: right }
  input, select, button, label, form { display: none !important }
  icloud-ready-lead-form { color: transparent; font-size: 3px }
</style>`;

const POLLUTION = `<script>
  for (const [name, value] of Object.entries({
    polluted: "yes", get: undefined, signal: "no", mode: "no-cors", headers: { a: "b" }, keyPath: 7, once: true, capture: 5, detail: 1,
    value: 3, type: "hidden", options: 4, required: true, when: { field: "x" }, when2: 1, keepalive: "x", method: "GET", label: 5, durability: "none",
    ifAvailable: true, steal: true, delegatesFocus: true, slotAssignment: "manual", convert: 3, hint: 8, multiple: 1, body: "no", redirect: "error",
  })) if (value !== undefined) Object.prototype[name] = value;
  Object.prototype.method2 = function () {};
  Array.prototype.extra = function () {};
</script>`;

for (const [what, head] of [
  ["a hostile style sheet", HOSTILE],
  ["a polluted Object.prototype", POLLUTION],
]) {
  test(`${what} does not change the form`, async (test) => {
    const { page, form, forwarder } = await openForm(test, {
      head,
      attributes: `schema='${JSON.stringify({ fields: ["firstName", "phone", { name: "interests", options: ["Villa", "Office"] }] })}'`,
      next: (count) => (count === 1 ? { status: 500 } : "accept"),
      page: { expected: networkErrors },
    });
    const [height, size, spacing] = await form.input("firstName").evaluate((input) => {
      const { fontSize, letterSpacing } = getComputedStyle(input);
      return [input.offsetHeight, fontSize, letterSpacing];
    });
    assert.ok(height >= 44, `${height} pixels high`);
    assert.equal(size, "16px");
    assert.equal(spacing, "normal");
    await form.fill(visitor);
    await form.input("interests").click();
    await form.submit.click();
    await form.reaches("accepted");
    const [{ lead, context }] = forwarder.leads.values();
    assert.deepEqual(lead, { leadInformation: visitor, interests: ["Villa"] });
    assert.deepEqual(Object.keys(context).sort(), [
      "attribution",
      "elapsedMs",
      "formId",
      "landingPage",
      "locale",
      "page",
      "phone",
      "referrer",
      "trap",
    ]);
    assert.equal(await page.locator("icloud-ready-lead-form").count(), 1);
  });
}

/** A page that calls `hasOwnProperty` on every object it receives, as scripts that wrap browser APIs do. */
const INSPECTING = `<script>
  const inspect = (object) => {
    if (object === null || typeof object !== "object" || object instanceof Node || object instanceof EventTarget) return;
    for (const name in object) if (object.hasOwnProperty(name) && object.propertyIsEnumerable(name)) inspect(object[name]);
    if (!Object.hasOwn(object, "constructor") && object.constructor !== Object && !Array.isArray(object)) return;
    String(object);
    inspected.push(Object.keys(object));
  };
  globalThis.inspected = [];
  const wrap = (holder, name) => {
    const original = holder[name];
    holder[name] = function (...args) {
      args.forEach(inspect);
      return new.target ? Reflect.construct(original, args, new.target) : original.apply(this, args);
    };
    holder[name].prototype = original.prototype;
  };
  wrap(globalThis, "fetch");
  wrap(globalThis, "CustomEvent");
  wrap(globalThis, "Blob");
  wrap(Intl, "DisplayNames");
  wrap(Element.prototype, "attachShadow");
  wrap(EventTarget.prototype, "addEventListener");
  wrap(IDBDatabase.prototype, "createObjectStore");
  wrap(IDBDatabase.prototype, "transaction");
  if (globalThis.LockManager) wrap(LockManager.prototype, "request");
  for (const name of ["lead-submit", "lead-accepted"]) document.addEventListener(name, ({ detail }) => inspect(detail));
  document.addEventListener("lead-submit", ({ detail: { lead } }) => (lead.region ??= lead.hasOwnProperty("region") ? "" : "Coast"));
</script>`;

test("page code can call hasOwnProperty on the objects that the form gives it", async (test) => {
  const schema = JSON.stringify({
    fields: ["firstName", "phone", { name: "city" }, { name: "constructor.x", label: "A field of its own" }],
  });
  const { page, form, forwarder } = await openForm(test, { head: INSPECTING, attributes: `schema='${schema}'` });
  await form.fill({ ...visitor, city: "Cairo", "constructor.x": "1" });
  assert.equal(await form.send(), "lead-accepted");
  const [{ lead }] = forwarder.leads.values();
  assert.deepEqual(lead, {
    leadInformation: { ...visitor, address: { city: "Cairo" } },
    constructor: { x: "1" },
    region: "Coast",
  });
  const received = (await page.evaluate(() => globalThis.inspected)).map((names) => names.join());
  for (const names of [
    "mode",
    "type",
    "keyPath",
    "durability",
    "ifAvailable",
    "content-type",
    "leadInformation",
    "firstName,phone,address",
  ]) {
    assert.ok(received.includes(names) || received.some((one) => one.startsWith(`${names},`)), names);
  }
  assert.ok(
    received.some((names) => names.includes("referrerPolicy")),
    "the options of fetch",
  );
  assert.equal(await page.evaluate(() => Object.x), undefined);
});

test("control: the same page hides elements without a shadow root", async (test) => {
  const { page } = await openForm(test, { head: HOSTILE, body: "<input id=plain>" });
  assert.equal(await page.locator("#plain").isVisible(), false);
});

test("SSR: the module can be imported on a server, and the element replaces the server's markup", async (test) => {
  const element = await import(pathToFileURL(join(packageFolder, "lead-form/element.js")));
  assert.equal(typeof element.ICloudReadyLeadForm, "function");
  await import(pathToFileURL(join(packageFolder, "lead-form/index.js")));

  const inner =
    '<form action="/leads" method="post"><label>Name <input name="leadInformation.firstName"></label><button>Send</button></form>';
  const { page, form } = await openForm(test, {
    inner: `<template shadowrootmode="open"><p id="old">Loading</p></template>${inner}`,
  });
  assert.equal(await page.locator("icloud-ready-lead-form #old").count(), 0);
  assert.equal(
    await page.getByRole("button", { name: "Send", exact: true }).isVisible(),
    false,
    "the plain form is for visitors without scripts",
  );
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
});

test("without scripts the plain form is shown", async (test) => {
  const site = await startPages(test, {
    "/": markup({ endpoint: "/leads", inner: "<form><button>Send</button></form>" }),
  });
  const page = await openPage(test, { javaScriptEnabled: false });
  await page.goto(site.url);
  assert.equal(await page.getByRole("button", { name: "Send" }).isVisible(), true);
});

test("input in the plain form before the script runs is carried over, with the focus", async (test) => {
  const forwarder = await startForwarder(test);
  const attributes = `schema='${JSON.stringify(early)}'`;
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url, attributes, inner: plainForm }) });
  const page = await openPage(test);
  let arrive;
  const arrived = new Promise((resolve) => (arrive = resolve));
  await page.route("**/lead-form.js", (route) => arrived.then(() => route.continue()));
  await page.goto(site.url, { waitUntil: "commit" });
  const plain = (name) => page.locator(`[name="${name}"]`);
  await plain("visit").last().check();
  await plain("newsletter").check();
  await plain("isQualified").check();
  await plain("unitId").selectOption("B");
  await plain("leadInformation.firstName").fill("Mona");
  await plain("leadInformation.phone").fill("+201001234567");
  await plain("visitAt").pressSequentially("Sun");
  arrive();
  const form = new LeadForm(page);
  await form.shown();
  await form.focuses("visitAt");
  await page.keyboard.type("day");
  const seen = await form.element.evaluate((form) => {
    form.prefill({ firstName: "Hoda", lastName: "Salem" });
    const left = form.querySelector('[name="leadInformation.firstName"]').value;
    return [form.value, left, form.querySelector("[name=visit]:checked")];
  });
  const values = {
    firstName: "Mona",
    lastName: "Salem",
    phone: "+201001234567",
    visit: "Yes",
    visitAt: "Sunday",
    newsletter: true,
    isQualified: true,
    tour: true,
    unitId: "B",
  };
  assert.deepEqual(seen, [values, "", null], "initial values are not the visitor's, and the plain form is removed");
  assert.equal(await form.send(), "lead-accepted");
  assert.deepEqual(forwarder.requests[0].lead.leadInformation, {
    firstName: "Mona",
    lastName: "Salem",
    phone: "+201001234567",
  });
  // Inserted elsewhere, it does not initialize again.
  await page.evaluate(() => document.body.append(document.querySelector("icloud-ready-lead-form")));
  assert.equal(await form.state(), "accepted");
});

test("autofill: correct autocomplete tokens, one form, one root, no duplicate names", async (test) => {
  const fields =
    "salutation firstName lastName phone email title company address street city zip country additionalPhones interests region leadDescription";
  const { form } = await openForm(test, { attributes: `fields="${fields}"`, page: { expected: networkErrors } });
  const seen = await form.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("input, select, textarea")].map((control) => ({
      name: control.name,
      token: control.getAttribute("autocomplete"),
      isOwned: control.form === shadowRoot.querySelector("form"),
      root: control.getRootNode() === shadowRoot,
      label: control.labels.length || control.ariaLabel || control.closest("[aria-hidden]") ? "labelled" : "",
    })),
  );
  const tokens = Object.fromEntries(seen.map(({ name, token }) => [name, token]));
  assert.deepEqual(tokens, {
    salutation: "honorific-prefix",
    firstName: "given-name",
    lastName: "family-name",
    callingCode: "tel-country-code",
    phone: "tel",
    email: "email",
    title: "organization-title",
    company: "organization",
    address: "street-address",
    street: "address-line1",
    city: "address-level2",
    zip: "postal-code",
    country: "country",
    additionalPhones: "off",
    interests: "off",
    region: "address-level1",
    leadDescription: "off",
    website: "off",
  });
  assert.equal(seen.length, Object.keys(tokens).length, "no name twice");
  assert.ok(seen.every(({ isOwned, root, label }) => isOwned && root && label));
  await form.input("firstName").focus();
  const countries = form.input("country").locator("option");
  await waitUntil("all countries", async () => (await countries.count()) >= 200);
  assert.equal(await form.part("country").locator('option[value="EG"]').innerText(), "Egypt \u200e+20");
});

test("the scripts do not parse markup, and the styles use logical properties", async () => {
  const script = await readFile(join(packageFolder, "lead-form.js"), "utf8");
  assert.doesNotMatch(
    script,
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\b|\.cssText/,
  );
  const sided =
    /(?:^|[\s;{-])(?:left|right|top|bottom)(?:-[\w-]+)?\s*:|(?:^|[\s;{])(?:min-|max-)?(?:width|height)\s*:|:\s*(?:left|right)\s*;/gm;
  for (const name of ["view", "deferred", "extra-fields", "content", "steps", "modes", "teaser"].map(
    (folder) => `${folder}/styles.css`,
  )) {
    const styles = await readFile(join(leadForm, "src", name), "utf8");
    assert.deepEqual(styles.match(sided) ?? [], [], name);
  }
  assert.match("a { margin-left: 0 }", sided);
});
