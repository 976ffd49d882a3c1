// The form and its surroundings: a form around the whole page, keyboard shortcuts, the language.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const PLAIN = `<input name="leadInformation.firstName" required><input name="leadInformation.phone" required>
  <input type="checkbox" name="terms" required><select name="budget" required><option></option><option>5</option></select><textarea name="leadDescription" required></textarea><button name="plain" value="1">Plain</button>`;

/** Content of the element on pages that are one form: the parser drops a form inside a form. */
const INSIDE = {
  nothing: "",
  "a plain form": `<form action="/leads" method="post">${PLAIN}</form>`,
  "inputs without a form": `<div>${PLAIN}</div><p slot="note"><input name="note" value="the page's"></p>`,
  "inputs alone": PLAIN,
};

/** Opens a page that is one form, with a field and a default button, as ASP.NET renders it. */
async function openWhole(test, inner, hold) {
  const forwarder = await startForwarder(test);
  const body = markup({ endpoint: forwarder.url, inner })
    .replace(
      "<main>",
      `<form id="whole" action="/page" method="post" onkeypress="if (event.keyCode === 13 && event.target.localName !== 'textarea') { event.preventDefault(); search.click() }"><main><input name="query" value="villa"><button id="search">Search</button>`,
    )
    .replace("</main>", "</main></form>");
  const site = await startPages(test, { "/": body, "/page": "<!doctype html><title>Found</title>Found" });
  const page = await openPage(test);
  const posts = [];
  page.on(
    "request",
    (request) => request.method() === "POST" && request.url() === `${site.url}/page` && posts.push(request.postData()),
  );
  await page.route("**/languages/*", (route) => Promise.resolve(hold?.(page)).then(() => route.continue()));
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.shown();
  return { page, form, forwarder, posts };
}

for (const [what, inner] of Object.entries(INSIDE)) {
  test(`on a page that is one form, neither form blocks the other or sends its fields (${what} in the tag)`, async (test) => {
    const { page, form, forwarder, posts } = await openWhole(test, inner);
    await form.fill(visitor);
    for (const name of ["firstName", "phone"]) {
      await form.input(name).press("Enter");
      await form.reaches("accepted");
      assert.equal(forwarder.leads.size, name === "firstName" ? 1 : 2);
      await form.part("again").press("Enter");
      // The same content would be the same lead.
      await form.fill({ ...visitor, firstName: "Hoda" });
    }
    assert.deepEqual(posts, [], "Enter in the form is not the page's");
    await form.fill({ firstName: "" });
    await page.locator("[name=query]").focus();
    await page.locator("#search").click();
    await page.waitForURL("**/page");
    const note = inner.includes("note") ? ["note=the+page%27s"] : [];
    assert.deepEqual(posts, [["query=villa", ...note].join("&")]);
    assert.equal(forwarder.leads.size, 2);
  });
}

test("input in a form around the page is carried over; until then it belongs to the page", async (test) => {
  const written = async (page) => {
    const [owner, isValid] = await page
      .locator('[name="leadInformation.firstName"]')
      .evaluate(({ form }) => [form.id, form.checkValidity()]);
    assert.deepEqual([owner, isValid], ["whole", false]);
    await page.locator('[name="leadInformation.firstName"]').fill("Mona");
    await page.locator('[name="leadInformation.phone"]').pressSequentially("+2010");
  };
  const { page, form } = await openWhole(test, INSIDE["a plain form"], written);
  assert.deepEqual(await form.element.evaluate(({ value }) => value), { firstName: "Mona", phone: "+2010" });
  await form.focuses("phone");
  assert.equal(await page.locator('[name="leadInformation.firstName"]').inputValue(), "");
});

/** Records the keys that the page receives. */
const hear = () => {
  globalThis.heard = [];
  for (const type of ["keydown", "keypress", "keyup"]) {
    document.addEventListener(type, (event) => {
      globalThis.heard.push(`${type} ${event.key}`);
      // Like pages with single-key shortcuts that check the target's name.
      if (event.target.localName !== "input" && !["Tab", "Escape"].includes(event.key)) event.preventDefault();
    });
  }
};

test("typing in the form triggers no keyboard shortcut of the page; Escape, Tab and keys with Ctrl or Meta reach the page", async (test) => {
  const fields = [
    "firstName",
    "phone",
    { name: "leadDescription" },
    { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"] },
  ];
  const { page, form, forwarder } = await openForm(test, { attributes: `schema='${JSON.stringify({ fields })}'` });
  await page.evaluate(hear);
  const heard = () => page.evaluate(() => globalThis.heard.splice(0));
  await form.input("firstName").pressSequentially("Mona /?");
  await form.input("phone").pressSequentially(visitor.phone);
  for (const key of ["ArrowLeft", "Home", "End", "Backspace"]) await form.input("firstName").press(key);
  await form.input("leadDescription").pressSequentially("a\nb");
  await form.input("leadDescription").press("PageUp");
  await form.input("visit").press("Space");
  await form.input("visit").press("ArrowDown");
  await form.part("country").press("ArrowDown");
  assert.deepEqual(await form.element.evaluate(({ value }) => value), {
    firstName: "Mona /",
    phone: visitor.phone,
    leadDescription: "a\nb",
    visit: "No",
  });
  assert.deepEqual(await heard(), []);

  await form.input("firstName").press("Escape");
  await form.input("firstName").press("F2");
  await form.input("firstName").press("Control+k");
  await form.input("firstName").press("Meta+k");
  await form.input("firstName").press("Shift+Tab");
  const passed = await heard();
  for (const key of ["Escape", "F2", "Control", "k", "Meta", "Tab", "Shift"])
    assert.ok(passed.includes(`keydown ${key}`), `${key} of ${passed}`);
  await form.submit.press("Enter");
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
  // While a lead is sent, the button is disabled and cannot keep the focus.
  assert.deepEqual(
    (await heard()).filter((key) => !key.startsWith("keyup")),
    [],
  );
});

test("Escape closes the dialog around the form, and does not interrupt an IME composition", async (test) => {
  const { page, form } = await openForm(test);
  await page.evaluate(() => {
    const dialog = document.createElement("dialog");
    dialog.append(document.querySelector("icloud-ready-lead-form"));
    document.body.append(dialog);
    dialog.showModal();
  });
  await page.evaluate(hear);
  const client = await page.context().newCDPSession(page);
  await form.input("firstName").focus();
  await client.send("Input.imeSetComposition", { text: "も", selectionStart: 1, selectionEnd: 1 });
  await client.send("Input.insertText", { text: "モナ" });
  assert.equal(await form.input("firstName").inputValue(), "モナ");
  await form.input("firstName").press("Escape");
  await waitUntil("the dialog to close", () => page.evaluate(() => !document.querySelector("dialog").open));
});

test("the form follows changes of the inherited language, and keeps its input", async (test) => {
  const { page, form } = await openForm(test, { body: '<section lang="fr"></section>' });
  const language = () => form.part("root").evaluate(({ lang, dir }) => `${lang} ${dir}`);
  const speaks = (expected) => waitUntil(`the language ${expected}`, async () => (await language()) === expected);
  await form.fill(visitor);
  await form.input("phone").evaluate((input) => input.setSelectionRange(3, 3));
  for (const [what, change, expected] of [
    ["the page", () => (document.documentElement.lang = "ar"), "ar rtl"],
    ["the body", () => (document.body.lang = "fr"), "fr ltr"],
    ["the form", () => (document.querySelector("icloud-ready-lead-form").lang = "en-GB"), "en ltr"],
    [
      "none",
      () => ["icloud-ready-lead-form", "body"].forEach((name) => document.querySelector(name).removeAttribute("lang")),
      "ar rtl",
    ],
    ["one that there is not", () => (document.documentElement.lang = "de"), "en ltr"],
    ["an attribute", () => document.querySelector("icloud-ready-lead-form").setAttribute("locale", "fr"), "fr ltr"],
    ["the page, with an attribute", () => (document.documentElement.lang = "ar"), "fr ltr"],
    ["no attribute", () => document.querySelector("icloud-ready-lead-form").removeAttribute("locale"), "ar rtl"],
  ]) {
    await page.evaluate(change);
    await speaks(expected);
    assert.equal(await form.element.evaluate(({ value }) => JSON.stringify(value)), JSON.stringify(visitor), what);
    assert.deepEqual(await form.input("phone").evaluate(({ selectionStart }) => selectionStart), 3, what);
    await form.focuses("phone");
  }
});

test("one observer for all forms follows the language across shadow roots, and disconnects with the last form", async (test) => {
  const site = await startPages(test, { "/": markup({ endpoint: "/leads" }).replace(/<icloud.*form>/, "") });
  const page = await openPage(test);
  await page.addInitScript(() => {
    globalThis.observers = new Set();
    const { observe, disconnect } = MutationObserver.prototype;
    MutationObserver.prototype.observe = function (node, options) {
      // Scripts that are loaded later observe other changes.
      if (options.attributeFilter?.includes("lang")) observers.add(this);
      observe.call(this, node, options);
    };
    MutationObserver.prototype.disconnect = function () {
      observers.delete(this);
      disconnect.apply(this);
    };
  });
  await page.goto(site.url);
  const observers = () => page.evaluate(() => observers.size);
  await page.evaluate(() => {
    globalThis.inShadow = (element) => {
      const host = document.createElement("div");
      host.attachShadow({ mode: "open" }).append(element);
      return host;
    };
    globalThis.forms = [0, 1, 2].map(() => document.createElement("icloud-ready-lead-form"));
    globalThis.hosts = [
      globalThis.forms[0],
      globalThis.inShadow(globalThis.forms[1]),
      globalThis.inShadow(globalThis.inShadow(globalThis.forms[2])),
    ];
    document.body.append(...globalThis.hosts);
  });
  const speaks = async (...expected) => {
    const languages = () =>
      page.evaluate(() =>
        globalThis.forms.map(({ shadowRoot }) => shadowRoot.querySelector("[part=root]")?.lang).join(),
      );
    let seen;
    await waitUntil(`the languages ${expected}`, async () => (seen = await languages()) === expected.join(), {
      describe: async () => seen,
    });
  };
  await speaks("en", "en", "en");
  assert.equal(await observers(), 1);
  await page.evaluate(() => (document.documentElement.lang = "ar"));
  await speaks("ar", "ar", "ar");
  await page.evaluate(() => (globalThis.hosts[1].lang = "fr"));
  await speaks("ar", "fr", "ar");
  await page.evaluate(() => (globalThis.forms[2].getRootNode().host.lang = "en"));
  await speaks("ar", "fr", "en");
  await page.evaluate(() => globalThis.forms[2].getRootNode().host.removeAttribute("lang"));
  await speaks("ar", "fr", "ar");
  await page.evaluate(() => globalThis.hosts.slice(0, 2).forEach((host) => host.remove()));
  assert.equal(await observers(), 1);
  await page.evaluate(() => (document.documentElement.lang = "fr"));
  await speaks("ar", "fr", "fr");
  await page.evaluate(() => globalThis.hosts[2].remove());
  assert.equal(await observers(), 0);
  await page.evaluate(() => document.body.append(globalThis.hosts[0]));
  await speaks("fr", "fr", "fr");
  await page.evaluate(() => (document.documentElement.lang = "en"));
  await speaks("en", "fr", "fr");
});
