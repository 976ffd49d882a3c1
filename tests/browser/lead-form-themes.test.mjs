// The themes: contrast of texts, borders, focus rings and states, and that nothing is cut off.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { leadForm } from "../../tools/paths.mjs";
import { useChromium } from "./support/browser.mjs";
import { defineContrast } from "./support/contrast.mjs";
import { openForm, switchLanguage } from "./support/form-page.mjs";

useChromium();

const themes = await readFile(join(leadForm, "themes.css"), "utf8");
const NAMES = [...new Set([...themes.matchAll(/theme="([\w-]+)"/g)].map(([, name]) => name))];

const schema = {
  fields: [
    "firstName",
    "phone",
    { name: "country", hint: "Where you live." },
    { name: "interests", options: ["Villa", "Office"] },
    { name: "purpose", type: "radio", layout: "cards", label: "Purpose", options: ["Live", "Invest"], required: true },
    { name: "terms", type: "consent", label: "You may call me.", required: true },
  ],
};

/** Opens a form with all themes' styles, in a page that supports both color schemes. */
async function open(test, attributes = "") {
  const opened = await openForm(test, {
    attributes: `schema='${JSON.stringify(schema)}' ${attributes}`,
    head: `<style>:root { color-scheme: light dark; background: light-dark(#fff, #111) } ${themes}</style>`,
    page: { reducedMotion: "reduce" },
  });
  await opened.page.evaluate(defineContrast);
  await opened.form.input("firstName").hover();
  await opened.page.waitForFunction(
    () => document.querySelector("icloud-ready-lead-form").shadowRoot.adoptedStyleSheets[0].cssRules.length > 60,
  );
  return opened;
}

/** What has too little contrast: texts 4.5 : 1, borders and focus rings 3 : 1. */
const faint = (form) =>
  form.element.evaluate(({ shadowRoot }) => {
    const page = getComputedStyle(document.documentElement).backgroundColor;
    const backgrounds = (node) => {
      const colors = [];
      for (let parent = node; parent; parent = parent.parentElement)
        colors.unshift(getComputedStyle(parent).backgroundColor);
      return [page, ...colors];
    };
    const found = [];
    const expect = (name, node, color, least, below = backgrounds(node)) => {
      const ratio = globalThis.contrast([...below, color], below);
      if (ratio < least) found.push(`${name}: ${ratio.toFixed(2)}`);
    };
    const parts = "legend label mark hint error summary-title input country option submit".split(" ");
    const isShown = (node) => node?.checkVisibility();
    for (const part of parts) {
      const node = [...shadowRoot.querySelectorAll(`[part~="${part}"]`)].find(isShown);
      if (node) expect(`text of ${part}`, node, getComputedStyle(node).color, 4.5);
    }
    for (const part of ["input", "phone", "option"]) {
      for (const node of [...shadowRoot.querySelectorAll(`[part="${part}"]`)].filter(isShown)) {
        const { borderBottomColor, borderBottomWidth } = getComputedStyle(node);
        if (parseFloat(borderBottomWidth))
          expect(`border of ${part}`, node, borderBottomColor, 3, backgrounds(node.parentElement));
      }
    }
    for (const node of [...shadowRoot.querySelectorAll("input, select, button")].filter(isShown)) {
      if (node.closest("[aria-hidden]")) continue;
      node.focus({ focusVisible: true });
      const ring = node.closest("[part=phone], [part~=options] > [part=option]") ?? node;
      const { outlineColor, outlineStyle, outlineWidth } = getComputedStyle(ring);
      if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) found.push(`no focus ring: ${node.id}`);
      else expect(`ring of ${node.id}`, ring, outlineColor, 3, backgrounds(ring.parentElement));
    }
    return found;
  });

test("texts, borders and focus rings have enough contrast in every theme, light and dark, idle and invalid", async (test) => {
  assert.equal(NAMES.length, 6);
  const { page, form } = await open(test);
  for (const theme of ["", ...NAMES]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await form.element.evaluate((form, theme) => form.setAttribute("theme", theme), theme);
      assert.deepEqual(await faint(form), [], `${theme}, ${colorScheme}`);
      await form.submit.click();
      await form.element.locator("[data-error]").first().waitFor();
      assert.deepEqual(await faint(form), [], `${theme}, ${colorScheme}, invalid`);
      await form.element.evaluate((form) => form.reset());
      for (const width of [320, 640]) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await form.element.evaluate(({ shadowRoot }) =>
          [...shadowRoot.querySelectorAll("[part=root] *")]
            .filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1 && node.checkVisibility())
            .map((node) => node.outerHTML.slice(0, 80)),
        );
        assert.deepEqual(
          wide.filter((html) => !html.includes('part="summary') && !/^<(label|a|select)/.test(html)),
          [],
          `${theme}, ${width}`,
        );
      }
    }
  }
});

test("control: a pale theme is found", async (test) => {
  const { form } = await open(
    test,
    'style="--icloud-ready-border: #ddd; --icloud-ready-text-muted: #bbb; --icloud-ready-ring: #eee"',
  );
  const found = await faint(form);
  for (const what of [/^text of legend/, /^border of input/, /^ring of firstName/])
    assert.ok(
      found.some((one) => what.test(one)),
      `${what} in ${found}`,
    );
});

test("the text on the button can be read on an accent of any color, also when it is hovered and pressed", async (test) => {
  const { page, form } = await open(test);
  const poor = [];
  for (const accent of "#000 #fff #0b5d56 #f5c518 #ff5a1f #e11d48 #7c3aed #2563eb #16a34a #777 #7f7f7f #ff0000 #00f #0f0".split(
    " ",
  )) {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await form.element.evaluate((form, accent) => form.style.setProperty("--icloud-ready-accent", accent), accent);
      const ratio = () =>
        form.submit.evaluate((button) => {
          const { color, backgroundColor } = getComputedStyle(button);
          return globalThis.contrast([color], [backgroundColor]);
        });
      const states = [await ratio()];
      await form.submit.hover();
      states.push(await ratio());
      await page.mouse.down();
      states.push(await ratio());
      await page.mouse.move(0, 0);
      await page.mouse.up();
      if (states.some((state) => state < 4.5))
        poor.push(`${accent}, ${colorScheme}: ${states.map((state) => state.toFixed(2))}`);
    }
  }
  assert.deepEqual(poor, []);
  await form.element.evaluate((form) => form.style.removeProperty("--icloud-ready-accent"));
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const background = () => form.submit.evaluate((button) => getComputedStyle(button).backgroundColor);
    await page.mouse.move(0, 0);
    const states = [await background()];
    await form.submit.hover();
    states.push(await background());
    await page.mouse.down();
    states.push(await background());
    await page.mouse.move(0, 0);
    await page.mouse.up();
    const [idle, hovered, pressed] = states;
    const steps = await page.evaluate(
      ([idle, hovered, pressed]) => [globalThis.contrast([idle], [hovered]), globalThis.contrast([hovered], [pressed])],
      [idle, hovered, pressed],
    );
    assert.ok(
      steps.every((step) => step >= 1.1),
      `${colorScheme}: ${steps}`,
    );
  }
});

test("a field alone in its row fills it, at any width and in any order", async (test) => {
  const { page, form } = await openForm(test, { page: { viewport: { width: 800, height: 900 } } });
  for (const fields of [
    ["firstName", "phone", "email"],
    ["phone", "firstName", "lastName", "company", "email"],
    ["firstName", "lastName", "phone", { name: "title", span: 2 }, "company"],
  ]) {
    await form.element.evaluate((form, fields) => (form.schema = { fields }), fields);
    const last = fields.map((field) => field.name ?? field).at(-1);
    await form.input(last).waitFor();
    const holes = await form.element.evaluate(({ shadowRoot }) => {
      const list = shadowRoot.querySelector("[part=fields]").getBoundingClientRect();
      const rows = Map.groupBy(
        [...shadowRoot.querySelectorAll("[part~=field]")],
        (node) => node.getBoundingClientRect().top,
      );
      return [...rows.values()].filter((row) => Math.abs(row.at(-1).getBoundingClientRect().right - list.right) > 1)
        .length;
    });
    assert.equal(holes, 0, JSON.stringify(fields));
  }
  await page.close();
});

/** Labels that cross the border of their field, and chevrons that are not at the height of the value. */
const misplaced = (form) =>
  form.element.evaluate(({ shadowRoot }) => {
    const found = [];
    for (const label of shadowRoot.querySelectorAll("label[part=label]")) {
      const { top, bottom } = label.getBoundingClientRect();
      const field = label.parentElement.querySelector("[part=input], [part=phone]");
      const control = field.closest("[part=phone]") ?? field;
      const value = control.getBoundingClientRect();
      const isAbove = bottom <= value.top + 1;
      const isInside = top >= value.top && bottom <= value.bottom;
      if (!isAbove && !isInside) found.push(`label of ${label.htmlFor}: ${top}, ${bottom} at ${value.top}`);
    }
    for (const list of shadowRoot.querySelectorAll("select")) {
      const style = getComputedStyle(list);
      const [, percent, offset = 0] = /(?:^|\()([\d.]+)%(?: \+ ([\d.]+)px\))?$/.exec(style.backgroundPositionY);
      const [top, bottom, size] = [style.paddingTop, style.paddingBottom, style.fontSize].map(parseFloat);
      const chevron = 0.3 * size;
      const middle = ((list.clientHeight - chevron) * percent) / 100 + Number(offset) + chevron / 2;
      const text = top + (list.clientHeight - top - bottom) / 2;
      if (Math.abs(middle - text) > 1) found.push(`chevron of ${list.name}: ${middle}, text ${text}`);
    }
    return found;
  });

test("no label crosses the border of its field, and chevrons are next to their values, in every theme and text size", async (test) => {
  const { page, form } = await open(test);
  const rows = ["", ...NAMES].flatMap((theme) => [100, 200].map((text) => ({ theme, text })));
  for (const lang of ["en", "ar", "fr"]) {
    await switchLanguage(page, form, lang);
    for (const width of [320, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const { theme, text } of rows) {
        await form.element.evaluate((form, theme) => form.setAttribute("theme", theme), theme);
        await page.evaluate((text) => (document.documentElement.style.fontSize = `${text}%`), text);
        assert.deepEqual(await misplaced(form), [], `${theme}, ${lang}, ${width}, ${text} %`);
      }
    }
  }
});

test("control: a label on a border and a chevron above its value are found", async (test) => {
  const { page, form } = await open(test, 'theme="floating"');
  assert.deepEqual(await misplaced(form), []);
  await page.addStyleTag({
    content: `icloud-ready-lead-form { --icloud-ready-label-margin: 0 0 -1.5em }
      icloud-ready-lead-form::part(country) { background-position-y: 50% }`,
  });
  const found = await misplaced(form);
  assert.match(found[0], /^label/);
  assert.match(found.at(-1), /^chevron of callingCode/);
});
