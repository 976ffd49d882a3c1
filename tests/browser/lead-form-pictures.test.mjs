// Pictures of every state, in each language, color scheme, width and theme, in pairs. BLESS=1 stores them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { leadForm } from "../../tools/paths.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";
import { pairwise } from "./support/pairwise.mjs";
import {
  difference,
  environmentOf,
  fontStyles,
  isComparable,
  loadFonts,
  store,
  stored,
  writeSheet,
} from "./support/pictures.mjs";

useChromium();

/** The share of pixels that may differ. */
const TOLERANCE = 0.005;

const themes = await readFile(join(leadForm, "themes.css"), "utf8");
const fonts = await fontStyles();

const steps = {
  steps: [
    {
      title: "Home",
      fields: [{ name: "interests", layout: "cards", options: ["Villa", "Apartment", "Office"] }, { name: "budget" }],
    },
    { title: "You", fields: ["firstName", "phone"] },
  ],
};

const show = async (form) => {
  await form.element.evaluate((form) => form.show());
  await form.shown();
};

const send = async (form) => {
  await form.fill(visitor);
  await form.send();
};

const refused = { status: 403, body: { error: { code: "origin", message: "", issues: [] } } };
const warnings = [{ path: "leadInformation.phone", code: "phone", severity: "warning" }];

/** The styles that come with the first interaction are there. */
const ready = async (form) => {
  await form.input("firstName").focus();
  await form.page.waitForFunction(
    () => document.querySelector("icloud-ready-lead-form").shadowRoot.adoptedStyleSheets[0].cssRules.length > 60,
  );
  await form.input("firstName").blur();
};

/** How a form gets into each state. */
const STATES = {
  idle: {},
  focus: { reach: (form) => form.input("phone").focus() },
  hover: {
    reach: async (form) => {
      await ready(form);
      await form.submit.hover();
    },
  },
  pressed: {
    reach: async (form) => {
      await ready(form);
      await form.submit.hover();
      await form.page.mouse.down();
    },
  },
  invalid: {
    reach: async (form) => {
      await ready(form);
      await form.submit.click();
    },
  },
  warning: {
    next: () => ({ status: 400, body: { error: { code: "validation", issues: warnings } } }),
    reach: send,
  },
  sending: {
    next: () => "hang",
    reach: async (form) => {
      await ready(form);
      await form.fill(visitor);
      await form.submit.click();
      await form.reaches("sending");
    },
  },
  queued: { next: () => ({ status: 503, retryAfter: 600 }), reach: send },
  accepted: { reach: send },
  refused: { next: () => refused, reach: send },
  steps: { attributes: `schema='${JSON.stringify(steps)}'`, shown: (form) => form.part("next").waitFor() },
  "last-step": {
    attributes: `schema='${JSON.stringify(steps)}'`,
    shown: (form) => form.part("next").waitFor(),
    reach: async (form) => {
      await form.part("next").click();
      await form.submit.waitFor();
    },
  },
  popup: { attributes: 'mode="popup" heading="Ask us"', shown: show, isWholePage: true },
  "slide-in": { attributes: 'mode="slide-in" heading="Ask us"', shown: show, isWholePage: true },
};

const FACTORS = {
  state: Object.keys(STATES),
  lang: ["en", "ar", "fr"],
  scheme: ["light", "dark"],
  width: [390, 1280],
  theme: ["default", "floating", "quiet-luxury"],
};

async function take(test, { state, lang, scheme, width, theme }) {
  const { attributes = "", next, reach, shown, isWholePage } = STATES[state];
  const { page, form } = await openForm(test, {
    lang,
    attributes: `country="EG" theme="${theme}" ${attributes}`,
    next,
    ...(shown && { shown }),
    head: `<style>:root { color-scheme: ${scheme} } body { margin: 16px; caret-color: transparent } ${fonts} ${themes}</style>`,
    page: { viewport: { width, height: 800 }, reducedMotion: "reduce", expected: networkErrors },
  });
  await loadFonts(page);
  await reach?.(form);
  if (state !== "hover" && state !== "pressed") await page.mouse.move(0, 0);
  const picture = await (isWholePage ? page : form.element).screenshot({ animations: "disabled", caret: "hide" });
  await page.close();
  return picture;
}

test("the form looks as in the stored pictures, in each state", async (test) => {
  const blank = await openPage(test);
  const environment = await environmentOf(blank);
  const isCompared = await isComparable(environment);
  const pictures = new Map();
  const changed = [];
  for (const row of pairwise(FACTORS)) {
    const name = Object.values(row).join("-");
    const picture = await take(test, row);
    pictures.set(name, picture);
    if (!isCompared || process.env.BLESS) continue;
    const before = await stored(name);
    const share = before ? await difference(blank, before, picture) : 1;
    if (share > TOLERANCE) changed.push(`${name}: ${(share * 100).toFixed(1)} %`);
  }
  if (process.env.BLESS) await store(pictures, environment);
  const sheet = await writeSheet(blank, pictures);
  // Another browser or other fonts draw other pictures: they are only listed.
  test.diagnostic(
    `${pictures.size} pictures${isCompared ? "" : ", not compared: another browser or other fonts"}: ${sheet}`,
  );
  assert.deepEqual(changed, [], `look at ${sheet}; BLESS=1 stores the pictures`);
});

test("control: a picture with another color differs", async (test) => {
  const blank = await openPage(test);
  const row = { state: "idle", lang: "en", scheme: "light", width: 390, theme: "default" };
  const picture = await take(test, row);
  assert.equal(await difference(blank, picture, await take(test, row)), 0);
  assert.ok((await difference(blank, picture, await take(test, { ...row, scheme: "dark" }))) > TOLERANCE);
  assert.ok((await difference(blank, picture, await take(test, { ...row, state: "focus" }))) > 0);
});
