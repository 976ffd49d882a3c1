// Forms with steps, a property, texts of their own, WhatsApp, and a page to go to afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const steps = [
  {
    title: "What are you looking for?",
    fields: [
      {
        name: "purpose",
        type: "radio",
        label: "Purpose",
        layout: "cards",
        required: true,
        options: ["Live", "Invest"],
      },
      { name: "interests", options: ["Villa", "Apartment"] },
    ],
  },
  { title: "How can we reach you?", fields: ["firstName", "phone", "email"] },
];

const unit = { id: "A-12", title: "Courtyard villa", price: "EGP 9,800,000" };

const asAttribute = (schema) => `schema='${JSON.stringify(schema)}'`;

const shownFields = (form) =>
  form.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("[part~=field]")]
      .filter((field) => field.checkVisibility())
      .map((field) => field.querySelector("[name]:not([name=callingCode])").name),
  );

/** What has the focus: the name of a field, or its part. */
const focused = (form) =>
  form.element.evaluate(({ shadowRoot: { activeElement } }) =>
    activeElement?.localName === "input" ? activeElement.name : activeElement?.part.value,
  );

const focuses = (form, name) => waitUntil(`the focus on ${name}`, async () => (await focused(form)) === name);

test("a form that is reset right after a click on the next step shows the first one", async (test) => {
  const schema = { steps: [{ fields: ["lastName"] }, { fields: ["firstName", "phone"] }] };
  const { page, form } = await openForm(test, {
    attributes: asAttribute(schema),
    shown: (form) => form.part("next").waitFor(),
  });
  await page.evaluate(async () => {
    const form = document.querySelector("icloud-ready-lead-form");
    form.shadowRoot.querySelector("[part=next]").click();
    form.reset();
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  assert.deepEqual(await shownFields(form), ["lastName"]);
});

test("the steps are completed by keyboard, values stay on the way back, and one request is sent", async (test) => {
  for (const [lang, first] of [
    ["en", "Step 1 of 2"],
    ["ar", "الخطوة 1 من 2"],
    ["fr", "Étape 1 sur 2"],
  ]) {
    const { page, form, forwarder } = await openForm(test, {
      lang,
      attributes: asAttribute({ steps, unit }),
      shown: (form) => form.part("next").waitFor(),
    });
    await page.evaluate(() => {
      globalThis.steps = [];
      document.addEventListener("lead-step", ({ detail }) => globalThis.steps.push(detail.step, detail.count));
    });
    assert.equal(await form.part("step").innerText(), first);
    assert.deepEqual(await shownFields(form), ["purpose", "interests"]);
    assert.equal(await form.submit.isVisible(), false);
    // Enter is the button that is shown, and reports what is missing in this step alone.
    await form.input("purpose").focus();
    await page.keyboard.press("Enter");
    await form.part("error").filter({ hasText: /./ }).waitFor();
    assert.equal(await form.part("summary-list").locator("li").count(), 1);
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await focuses(form, "step-title");
    assert.deepEqual(await shownFields(form), ["firstName", "phone", "email"]);
    await page.keyboard.press("Tab");
    await form.focuses("firstName");
    await page.keyboard.type("Mona");
    await form.part("back").focus();
    await page.keyboard.press("Enter");
    await focuses(form, "step-title");
    assert.equal(await form.input("purpose").isChecked(), true);
    await form.part("next").click();
    assert.equal(await form.input("firstName").inputValue(), "Mona");
    await form.input("phone").fill(visitor.phone);
    assert.equal(await form.send(), "lead-accepted");
    assert.equal(forwarder.requests.length, 1);
    assert.deepEqual(forwarder.requests[0].lead, { purpose: "Live", leadInformation: visitor, unitId: "A-12" });
    assert.deepEqual(await page.evaluate(() => globalThis.steps), [2, 2, 1, 2, 2, 2]);
    await form.part("again").click();
    assert.deepEqual(await shownFields(form), ["purpose", "interests"], "a new request begins with the first step");
    await page.close();
  }
});

test("an error of an earlier step is shown there", async (test) => {
  const { form } = await openForm(test, {
    attributes: asAttribute({ steps: [...steps].reverse() }),
    next: () => ({
      status: 400,
      body: {
        error: { code: "validation", issues: [{ path: "leadInformation.email", code: "email", severity: "error" }] },
      },
    }),
    page: { expected: networkErrors },
    shown: (form) => form.part("next").waitFor(),
  });
  await form.fill(visitor);
  await form.input("email").fill("mona@example.com");
  await form.part("next").click();
  await form.input("purpose").check();
  await form.send();
  await form.focuses("email");
  assert.deepEqual(await shownFields(form), ["firstName", "phone", "email"]);
});

test("a property, texts and WhatsApp are shown, follow the language and the attributes, and the link outlives a failure", async (test) => {
  const whatsapp = "+20 100 123 4567";
  const { page, form } = await openForm(test, {
    attributes: `heading="Old" submit-text="Call me" ${asAttribute({ fields: ["firstName", "phone"], unit, whatsapp, texts: { heading: "Ask" } })}`,
    next: () => ({ status: 503, retryAfter: 600 }),
    page: { expected: networkErrors },
    path: "/?email=mona@example.com",
  });
  assert.equal(await form.part("heading").innerText(), "Ask", "the schema has priority");
  assert.equal(await form.part("unit-title").innerText(), unit.title);
  assert.equal(await form.submit.innerText(), "Call me");
  await form.element.evaluate((form) => form.setAttribute("submit-text", "Ring me"));
  await form.submit.filter({ hasText: "Ring me" }).waitFor();
  await form.element.evaluate((form) => (form.locale = "ar"));
  const link = form.part("whatsapp");
  await link.filter({ hasText: "واتساب" }).waitFor();
  assert.equal(await form.submit.innerText(), "Ring me");
  const url = new URL(await link.getAttribute("href"));
  assert.equal(url.origin + url.pathname, "https://wa.me/201001234567");
  const text = url.searchParams.get("text");
  assert.match(text, /Courtyard villa \(A-12\)\n/);
  assert.ok(text.endsWith(`${new URL(page.url()).origin}/`), `without the query: ${text}`);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  assert.equal(await link.isVisible(), true);
  assert.equal(await form.part("heading").isVisible(), false);
});

test("the slots heading and thanks take markup", async (test) => {
  const { page, form } = await openForm(test, {
    inner: '<h2 slot="heading">Ask us</h2><p slot="thanks">See you soon.</p>',
  });
  assert.equal(await page.getByRole("heading", { name: "Ask us" }).isVisible(), true);
  assert.equal(await page.getByText("See you soon.").isVisible(), false);
  await form.fill(visitor);
  await form.send();
  await form.reaches("accepted");
  assert.equal(await page.getByText("See you soon.").isVisible(), true);
  assert.equal(await form.part("status-title").isVisible(), false);
  assert.equal(await page.getByRole("heading", { name: "Ask us" }).isVisible(), false);
});

test("the page goes to a thank-you URL of its origin or a listed one, and to no other", async (test) => {
  const open = (schema, attributes = "") =>
    openForm(test, { attributes: `${attributes} ${asAttribute({ fields: ["firstName", "phone"], ...schema })}` });
  const { page, form, pages, site } = await open({}, 'thank-you-url="/thanks"');
  pages["/thanks"] = "<!doctype html><title>Thanks</title>";
  await form.fill(visitor);
  await form.submit.click();
  await page.waitForURL(`${site.url}/thanks`);
  for (const thankYouUrl of ["https://evil.example/", "javascript:alert(1)"]) {
    const { page, form } = await open({ thankYouUrl });
    const warnings = collectWarnings(page);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-accepted");
    assert.match((await warnings.read(1)).join(), /thank-you URL/);
    assert.equal(await form.state(), "accepted");
  }
  const listed = await open({
    thankYouUrl: "https://agency.example/thanks",
    thankYouOrigins: ["https://agency.example"],
  });
  await listed.page.route("https://agency.example/**", (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Thanks</title>" }),
  );
  await listed.form.fill(visitor);
  await listed.form.submit.click();
  await listed.page.waitForURL("https://agency.example/thanks");
});
