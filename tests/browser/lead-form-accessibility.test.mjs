// The lead form for everyone: in every state, language, color scheme and width.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { axeScript, violations } from "./support/axe.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";
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
const doubt = [{ path: "leadInformation.phone", code: "phone", severity: "warning" }];

/** How a form comes to be in each state. */
const STATES = {
  idle: {},
  "every kind of field": { attributes: `schema='${JSON.stringify(schema)}'` },
  "every kind of field, wrong": {
    attributes: `schema='${JSON.stringify(schema)}'`,
    reach: (form) => form.submit.click(),
  },
  invalid: { reach: (form) => form.submit.click() },
  doubtful: {
    next: () => ({ status: 400, body: { error: { code: "validation", issues: doubt } } }),
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

/** Opens a form in a state, with axe on the page; what it paints is not on its way to something else. */
async function openState(test, { attributes = "", next, reach }, options) {
  const opened = await openForm(test, {
    attributes,
    next,
    head: "<style>:root { color-scheme: light dark } body { font-family: system-ui, sans-serif }</style>",
    page: { reducedMotion: "reduce", expected: networkErrors },
    ...options,
  });
  await opened.page.addInitScript({ path: axeScript });
  await opened.page.reload();
  await opened.form.shown();
  await reach?.(opened.form);
  return opened;
}

let combinations = 0;
for (const [index, [state, setup]] of Object.entries(STATES).entries()) {
  test(`axe finds nothing: ${state}, in every language and scheme`, async (test) => {
    const { page, form } = await openState(test, setup);
    for (const [turn, language] of LANGUAGES.entries()) {
      await page.evaluate((language) => {
        document.documentElement.lang = language;
        document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
        document.querySelector("icloud-ready-lead-form").locale = language;
      }, language);
      await form.element.locator(`[part=root][lang=${language}]`).waitFor();
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

test("that were more than 40 combinations", () => assert.ok(combinations >= 40, String(combinations)));

test("controls: axe sees into the form", async (test) => {
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

/** What a screen reader is told, without the countries that are not chosen. */
async function read(form) {
  const snapshot = await form.element.ariaSnapshot();
  return `${snapshot
    .split("\n")
    .filter((line) => !/^\s*- option /.test(line) || line.includes("[selected]"))
    .join("\n")}\n`;
}

async function golden(name, text) {
  const folder = new URL("golden/", import.meta.url);
  const file = fileURLToPath(new URL(`${name}.yml`, folder));
  if (process.env.BLESS) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, text);
  }
  assert.equal(text, await readFile(file, "utf8"), `${name}; BLESS=1 takes it over`);
}

for (const lang of LANGUAGES) {
  test(`the whole journey by keyboard, as a screen reader tells it (${lang})`, async (test) => {
    const { page, form, site } = await openForm(test, {
      lang,
      attributes: 'country="EG"',
      inner: '<p slot="note">A note.</p>',
      next: nextByKeyboard,
      page: { expected: networkErrors },
    });
    await goByKeyboard(tabOf(page), site.url, async (state) => golden(`lead-form-${lang}-${state}`, await read(form)));
  });
}

test("a live region says what happens, once", async (test) => {
  const { page, form } = await openForm(test, {
    next: (count) => (count === 1 ? { status: 500 } : "accept"),
    page: { expected: networkErrors },
  });
  await form.status.evaluate((status) => {
    globalThis.said = [];
    const listen = () => globalThis.said.at(-1) !== status.textContent && globalThis.said.push(status.textContent);
    new MutationObserver(listen).observe(status, { childList: true, characterData: true, subtree: true });
  });
  assert.equal(await form.status.getAttribute("role"), "status");
  await form.fill(visitor);
  await form.send();
  await form.reaches("accepted");
  const [first, second, ...more] = await page.evaluate(() => [...new Set(globalThis.said)]);
  assert.equal(first, "Sending your request…");
  assert.match(second, /is saved/);
  assert.match(more.at(-1), /^Thank you/);
});
