// Accessibility of the lead form in every state, language, color scheme and width.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareTree } from "./support/accessibility-tree.mjs";
import { axeScript, violations } from "./support/axe.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, switchLanguage, visitor } from "./support/form-page.mjs";
import { goByKeyboard, nextByKeyboard } from "./support/keyboard.mjs";
import { tabOf } from "./support/lead-form.mjs";

useChromium();

const LANGUAGES = ["en", "ar", "fr"];
const SCHEMES = ["light", "dark"];
const WIDTHS = [320, 768, 1280];

/** All kinds of fields. */
const schema = {
  fields: [
    "firstName",
    "phone",
    "email",
    "address",
    "country",
    { name: "interests", options: ["Villa", "Office"], required: true, hint: "As many as you like." },
    { name: "budget" },
    { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"], required: true },
    { name: "terms", type: "consent", label: "You may call me.", version: "1", required: true },
  ],
};

const status = (status, code) => ({ status, body: { error: { code, message: "", issues: [] } } });
const warnings = [{ path: "leadInformation.phone", code: "phone", severity: "warning" }];

const steps = {
  steps: [
    { title: "What are you looking for?", fields: [schema.fields[5], schema.fields[7]] },
    { title: "How can we reach you?", fields: ["firstName", "phone"] },
  ],
};

const content = {
  fields: ["firstName", "phone", { name: "visit", type: "visit" }, { name: "budget", currency: "AED" }],
  unit: { id: "A-12", title: "Courtyard villa", price: "AED 2,400,000" },
  texts: { heading: "Ask about this villa" },
  whatsapp: "+971 50 123 4567",
};

const nextShown = (form) => form.part("next").waitFor();
const opened = async (form) => {
  await form.element.evaluate((form) => form.show());
  await form.shown();
};

/** How to bring a form into each state. */
const STATES = {
  popup: { attributes: 'mode="popup"', shown: opened },
  "slide-in with a pill": { attributes: 'mode="slide-in" teaser="Ask us" whatsapp="+20100"', shown: opened },
  "the first step": { attributes: `schema='${JSON.stringify(steps)}'`, shown: nextShown },
  "the last step": {
    attributes: `schema='${JSON.stringify(steps)}'`,
    shown: nextShown,
    reach: async (form) => {
      await form.input("interests").check();
      await form.input("visit").check();
      await form.part("next").click();
      await form.submit.waitFor();
    },
  },
  "content of the page's own": { attributes: `schema='${JSON.stringify(content)}'` },
  idle: {},
  "every kind of field": { attributes: `schema='${JSON.stringify(schema)}'` },
  "every kind of field, wrong": {
    attributes: `schema='${JSON.stringify(schema)}'`,
    reach: (form) => form.submit.click(),
  },
  invalid: { reach: (form) => form.submit.click() },
  warning: {
    next: () => ({ status: 400, body: { error: { code: "validation", issues: warnings } } }),
    reach: (form) => fillAndSend(form),
  },
  sending: {
    next: () => "hang",
    reach: async (form) => {
      await form.fill(visitor);
      await form.submit.click();
      await form.reaches("sending");
    },
  },
  queued: { next: () => ({ status: 503, retryAfter: 600 }), reach: (form) => fillAndSend(form) },
  held: {
    next: () => ({ status: 503, retryAfter: 600 }),
    reach: async (form) => {
      await form.page.evaluate(() => (IDBFactory.prototype.open = () => assert.fail()));
      await fillAndSend(form);
    },
  },
  refused: { next: () => status(403, "origin"), reach: (form) => fillAndSend(form) },
  challenge: { next: () => status(403, "challenge_failed"), reach: (form) => fillAndSend(form) },
  accepted: { reach: (form) => fillAndSend(form) },
  "an earlier request": {
    next: () => ({ status: 503, retryAfter: 600 }),
    reach: async (form) => {
      await fillAndSend(form);
      await form.page.reload();
      await form.part("notice").filter({ hasText: /./ }).waitFor();
    },
  },
};

async function fillAndSend(form) {
  await form.fill(visitor);
  await form.send();
}

/** Opens a form in a state, with axe on the page and without animations. */
async function openState(test, { attributes = "", next, reach, shown = (form) => form.shown() }, options) {
  const opened = await openForm(test, {
    attributes,
    next,
    shown,
    head: "<style>:root { color-scheme: light dark } body { font-family: system-ui, sans-serif }</style>",
    page: { reducedMotion: "reduce", expected: networkErrors },
    ...options,
  });
  await opened.page.addInitScript({ path: axeScript });
  await opened.page.reload();
  await shown(opened.form);
  await reach?.(opened.form);
  return opened;
}

let combinations = 0;
for (const [index, [state, setup]] of Object.entries(STATES).entries()) {
  test(`axe finds no violation: ${state}, in every language and color scheme`, async (test) => {
    const { page, form } = await openState(test, setup);
    for (const [turn, language] of LANGUAGES.entries()) {
      await switchLanguage(page, form, language);
      for (const [half, colorScheme] of SCHEMES.entries()) {
        const width = WIDTHS[(index + turn + half) % WIDTHS.length];
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await violations(page), [], `${state}, ${language}, ${colorScheme}, ${width}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${state}, ${language}, ${width}: ${overflow} pixels too wide`);
        combinations += 1;
      }
    }
  });
}

test("the axe tests cover at least 60 combinations", () => assert.ok(combinations >= 60, String(combinations)));

test("control: axe finds violations inside the form's shadow root", async (test) => {
  const { page, form } = await openState(test, {});
  const breaks = [
    (root) => root.querySelector("[part=country]").removeAttribute("aria-label"),
    (root) => root.querySelector("[part=label]").removeAttribute("for"),
    (root) => root.querySelector("[part=legend]").style.setProperty("color", "#bbb"),
    (root) => root.querySelector("#email").setAttribute("aria-describedby", "nothing-here"),
  ];
  for (const damage of breaks) {
    await form.part("root").evaluate(damage);
    assert.notDeepEqual(await violations(page), [], String(damage));
    await page.reload();
    await form.shown();
  }
});

for (const lang of LANGUAGES) {
  test(`the whole form can be completed by keyboard, with the expected accessibility tree (${lang})`, async (test) => {
    const { page, form, site } = await openForm(test, {
      lang,
      attributes: 'country="EG"',
      inner: '<p slot="note">A note.</p>',
      next: nextByKeyboard,
      page: { expected: networkErrors },
    });
    await goByKeyboard(tabOf(page), site.url, async (state) => compareTree(`lead-form-${lang}-${state}`, form));
  });
}

test("a live region announces each status once", async (test) => {
  const { page, form } = await openForm(test, {
    next: (count) => (count === 1 ? { status: 500 } : "accept"),
    page: { expected: networkErrors },
  });
  await form.status.evaluate((status) => {
    globalThis.announced = [];
    const listen = () =>
      globalThis.announced.at(-1) !== status.textContent && globalThis.announced.push(status.textContent);
    new MutationObserver(listen).observe(status, { childList: true, characterData: true, subtree: true });
  });
  assert.equal(await form.status.getAttribute("role"), "status");
  await form.fill(visitor);
  await form.send();
  await form.reaches("accepted");
  const [first, second, ...more] = await page.evaluate(() => [...new Set(globalThis.announced)]);
  assert.equal(first, "Sending your request…");
  assert.match(second, /is saved/);
  assert.match(more.at(-1), /^Thank you/);
});
