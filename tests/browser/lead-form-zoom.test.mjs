// The form at 400 % zoom and with text at 200 %, in every mode: nothing is cut off, and the page scrolls in one
// direction only.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, switchLanguage, visitor } from "./support/form-page.mjs";

useChromium();

const LANGUAGES = ["en", "ar", "fr"];

const steps = {
  unit: { id: "A-12", title: "Courtyard villa with a garden", price: "EGP 9,800,000" },
  steps: [
    {
      title: "What are you looking for?",
      fields: [
        { name: "interests", layout: "cards", options: ["Villa", "Apartment"] },
        { name: "budget", currency: "EGP" },
      ],
    },
    { title: "How can we reach you?", fields: ["firstName", "phone", { name: "visit", type: "visit" }] },
  ],
};

const show = async (form) => {
  await form.element.evaluate((form) => form.show());
  await form.shown();
};

const MODES = {
  inline: {},
  invalid: {
    reach: async (form) => {
      await form.submit.click();
      await form.element.locator("[data-error]").first().waitFor();
    },
  },
  queued: {
    next: () => ({ status: 503, retryAfter: 600 }),
    reach: async (form) => {
      await form.fill(visitor);
      await form.send();
    },
  },
  "the first step": { attributes: `schema='${JSON.stringify(steps)}'`, shown: (form) => form.part("next").waitFor() },
  "the last step": {
    attributes: `schema='${JSON.stringify(steps)}'`,
    shown: (form) => form.part("next").waitFor(),
    reach: async (form) => {
      await form.part("next").click();
      await form.submit.waitFor();
    },
  },
  popup: { attributes: 'mode="popup" heading="Ask about this villa" whatsapp="+20 100 123 4567"', shown: show },
  "slide-in": { attributes: 'mode="slide-in" teaser="Ask us" heading="Ask about this villa"', shown: show },
};

/** Windows of 1280 × 1024 pixels at 400 %, and text at 200 % on a phone, a tablet and a desktop. */
const ZOOMS = [
  { name: "400 % zoom", size: [320, 256], text: 100 },
  ...[390, 768, 1280].map((width) => ({ name: "200 % text", size: [width, 900], text: 200 })),
];

/** What is cut off, hidden behind something else, or wider than the page. */
async function findCut(form) {
  return form.element.evaluate(({ shadowRoot }) => {
    const cut = [];
    const { clientWidth } = document.documentElement;
    const tooWide = document.documentElement.scrollWidth - clientWidth;
    if (tooWide > 0) cut.push(`the page is ${tooWide} pixels too wide`);
    const isShown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const nameOf = (node) => node.getAttribute("part") ?? node.localName;
    for (const node of shadowRoot.querySelectorAll("*")) {
      if (!isShown(node) || node.closest("[part=trap]")) continue;
      const { overflowX, textOverflow } = getComputedStyle(node);
      // The summary shortens the name of a field by design.
      if (overflowX !== "visible" && textOverflow !== "ellipsis" && node.scrollWidth > node.clientWidth + 1)
        cut.push(`${nameOf(node)}: ${node.scrollWidth} in ${node.clientWidth}`);
      for (const text of node.childNodes) {
        if (text.nodeType !== Node.TEXT_NODE || node.localName === "option") continue;
        const range = document.createRange();
        range.selectNode(text);
        for (const { left, right, width } of range.getClientRects())
          if (width > 1 && (left < -1 || right > clientWidth + 1)) cut.push(`${nameOf(node)}: ${text.data}`);
      }
    }
    const controls = [...shadowRoot.querySelectorAll("input, select, textarea, button, a")];
    for (const node of controls.filter((node) => isShown(node) && !node.closest("[part=trap]"))) {
      node.focus();
      node.scrollIntoView({ block: "nearest" });
      const { left, right, top, bottom } = node.getBoundingClientRect();
      if (left < 0 || right > clientWidth || top < -1 || bottom > innerHeight + 1)
        cut.push(`${nameOf(node)} ${node.id}: from ${left}, ${top} to ${right}, ${bottom}`);
      const found = shadowRoot.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (!found || !(node.contains(found) || found.closest("label")?.contains(node)))
        cut.push(`${nameOf(node)} ${node.id} is behind ${found && nameOf(found)}`);
    }
    return cut;
  });
}

for (const [mode, { attributes = "", next, reach, ...options }] of Object.entries(MODES)) {
  test(`nothing is cut off at 400 % zoom and with text at 200 %: ${mode}`, async (test) => {
    const { page, form } = await openForm(test, {
      attributes: `country="AE" ${attributes}`,
      inner: '<p slot="note">We use your details to answer this request, and for nothing else.</p>',
      next,
      page: { reducedMotion: "reduce", expected: networkErrors, deviceScaleFactor: 4 },
      ...options,
    });
    await reach?.(form);
    for (const language of LANGUAGES) {
      await switchLanguage(page, form, language);
      for (const { name, size, text } of ZOOMS) {
        const [width, height] = size;
        await page.setViewportSize({ width, height });
        await page.evaluate((text) => (document.documentElement.style.fontSize = `${text}%`), text);
        assert.deepEqual(await findCut(form), [], `${language}, ${name}, ${width} pixels`);
      }
    }
  });
}

test("control: what is cut off is found", async (test) => {
  const { form } = await openForm(test, { page: { viewport: { width: 320, height: 256 } } });
  assert.deepEqual(await findCut(form), []);
  for (const rule of [
    "[part=submit] { white-space: nowrap; min-inline-size: 30rem }",
    "[part=legend] { overflow: hidden; white-space: nowrap; inline-size: 2rem }",
    "[part=root]::after { content: ''; position: fixed; inset: 0 }",
  ]) {
    await form.element.evaluate(({ shadowRoot }, rule) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rule);
      shadowRoot.adoptedStyleSheets = [shadowRoot.adoptedStyleSheets[0], sheet];
    }, rule);
    assert.notDeepEqual(await findCut(form), [], rule);
  }
});

/** What the closed list shows, and whether it fits. */
const shownCountry = (form) =>
  form.part("country").evaluate((list) => {
    const { appearance, fontWeight, fontSize, fontFamily, paddingLeft, paddingRight } = getComputedStyle(list);
    const context = document.createElement("canvas").getContext("2d");
    // The shorthand `font` is empty here.
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const [{ text, label, ariaLabel }] = list.selectedOptions;
    // The browser's own arrow is about as wide as this.
    const arrow = appearance === "none" ? 0 : 16;
    const space = list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - arrow;
    return { text, name: ariaLabel ?? label, overflow: Math.max(0, context.measureText(text).width - space) };
  });

test("the calling code of the selected country is always shown whole, and the open list has the whole name", async (test) => {
  const { page, form } = await openForm(test, { attributes: 'country="EG"' });
  const codes = { EG: "+20", AE: "+971", SA: "+966", VC: "+1" };
  await form.input("phone").focus();
  await form.part("country").locator('[value="VC"]').waitFor({ state: "attached" });
  for (const language of LANGUAGES) {
    await form.element.evaluate((form, language) => (form.locale = language), language);
    await form.element.locator(`[part=root][lang=${language}]`).waitFor();
    for (const [country, code] of Object.entries(codes)) {
      await form.element.evaluate((form, country) => (form.country = country), country);
      for (const width of [320, 360, 390, 640, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        const { text, name, overflow } = await shownCountry(form);
        const names = new Intl.DisplayNames(language, { type: "region" });
        assert.equal(name, `${names.of(country)} \u200e${code}`);
        assert.ok(text.endsWith(code), text);
        assert.equal(overflow, 0, `${language}, ${width} pixels: ${text}`);
      }
    }
  }
  await page.setViewportSize({ width: 390, height: 800 });
  await form.element.evaluate((form) => Object.assign(form, { locale: "fr", country: "AE" }));
  await form.part("country").filter({ hasText: "…" }).waitFor();
  await form.part("country").focus();
  await page.keyboard.press("Shift");
  assert.equal((await shownCountry(form)).text, "Émirats arabes unis \u200e+971");
  await form.input("firstName").focus();
  // It is shortened in the next frame.
  const shows = (expected) =>
    waitUntil(`a name like ${expected}`, async () => expected.test((await shownCountry(form)).text), {
      describe: () => shownCountry(form),
    });
  await shows(/^É.*… \u200e\+971$/);
  // The list follows the number.
  await form.input("phone").fill("+966501234567");
  await shows(/^A.*… \u200e\+966$/);
});

test("with forced colors the calling code is shown whole, next to the browser's own arrow", async (test) => {
  const { page, form } = await openForm(test, {
    attributes: 'country="EG"',
    page: { forcedColors: "active" },
  });
  await form.input("phone").focus();
  await form.part("country").locator('[value="VC"]').waitFor({ state: "attached" });
  for (const [country, code] of [
    ["EG", "+20"],
    ["AE", "+971"],
    ["VC", "+1"],
  ]) {
    await form.element.evaluate((form, country) => (form.country = country), country);
    for (const width of [390, 430, 480, 560, 640]) {
      await page.setViewportSize({ width, height: 800 });
      const fits = async () => {
        const { text, overflow } = await shownCountry(form);
        return text.endsWith(code) && overflow === 0;
      };
      await waitUntil(`${code} in the list`, fits, { describe: () => shownCountry(form), maxMs: 30_000 });
    }
  }
  await page.close();
});

test("only the current country list is observed, not those that were replaced", async (test) => {
  const { page, form } = await openForm(test, {
    attributes: 'country="EG"',
    head: `<script>
      globalThis.observed = new Set();
      globalThis.ResizeObserver = class extends ResizeObserver {
        #own = new Set();
        observe(node) { super.observe(node); this.#own.add(node); observed.add(node); }
        unobserve(node) { super.unobserve(node); this.#own.delete(node); observed.delete(node); }
        disconnect() { super.disconnect(); for (const node of this.#own) observed.delete(node); this.#own.clear(); }
      };
    </script>`,
  });
  const lists = () =>
    form.part("country").evaluate((list) => {
      const all = [...globalThis.observed].filter((node) => node.localName === "select");
      return { isObserved: all.includes(list), count: all.length };
    });
  const isCurrent = () => waitUntil("the current list to be observed", async () => (await lists()).isObserved);
  await isCurrent();
  for (const label of ["Mobile", "Telephone"]) {
    await form.part("country").evaluate((list) => (list.isOld = true));
    await form.element.evaluate(
      (form, label) => (form.schema = { fields: ["firstName", { name: "phone", label }] }),
      label,
    );
    await form.element.getByText(label).waitFor();
    assert.equal(await form.part("country").evaluate((list) => list.isOld), undefined, "the list is replaced");
    await isCurrent();
    assert.deepEqual(await lists(), { isObserved: true, count: 1 });
  }
  await page.close();
});
