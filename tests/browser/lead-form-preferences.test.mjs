// The form for visitors who prefer dark pages, large text, reduced motion, or their own colors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";
import { openSite } from "./support/site.mjs";

useChromium();

const fields = [
  "firstName",
  "phone",
  "address",
  "country",
  { name: "interests", options: ["Villa", "Office"] },
  { name: "terms", type: "consent", label: "You may call me." },
];

test("colors follow the page's color scheme, not only the visitor's system", async (test) => {
  const { page, form } = await openSite(test, "en", { colorScheme: "dark" });
  const lightness = () =>
    form.input("firstName").evaluate((input) => {
      const { backgroundColor } = getComputedStyle(input);
      return Number(backgroundColor.match(/\d+/)[0]);
    });
  assert.ok((await lightness()) < 64, "dark on a page that supports both");
  await page.evaluate(() => document.documentElement.style.setProperty("color-scheme", "normal"));
  assert.ok((await lightness()) > 192, "light on a page that sets no color scheme");
  await page.evaluate(() => document.documentElement.style.setProperty("color-scheme", "dark"));
  assert.ok((await lightness()) < 64, "dark on a dark page");
});

test("text at 200% fits, and touch targets are large enough", async (test) => {
  const { page, form } = await openForm(test, {
    attributes: `schema='${JSON.stringify({ fields })}'`,
    page: { viewport: { width: 640, height: 800 } },
  });
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  assert.equal(await form.input("firstName").evaluate((input) => getComputedStyle(input).fontSize), "32px");
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  const small = await form.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("button, [part=input], [part=option], [part=country]")]
      .filter((node) => node.checkVisibility())
      .map((node) => node.getBoundingClientRect())
      .filter(({ width, height }) => width < 24 || height < 24),
  );
  assert.deepEqual(small, []);
});

test("animations stop with prefers-reduced-motion", async (test) => {
  for (const [reducedMotion, isMoving] of [
    ["reduce", false],
    ["no-preference", true],
  ]) {
    const { page, form } = await openForm(test, { next: () => "hang", page: { reducedMotion } });
    await form.fill(visitor);
    await form.submit.click();
    await form.reaches("sending");
    // Its styles are loaded with the submitter.
    await page.waitForFunction(
      () => document.querySelector("icloud-ready-lead-form").shadowRoot.adoptedStyleSheets[0].cssRules.length > 40,
    );
    const moving = await form.element.evaluate(({ shadowRoot }) => shadowRoot.getAnimations().length);
    assert.equal(moving > 0, isMoving, reducedMotion);
  }
});

test("with forced colors every state can be distinguished", async (test) => {
  const { page, form } = await openForm(test, { page: { forcedColors: "active" } });
  await page.keyboard.press("Tab");
  const seen = await form.element.evaluate(({ shadowRoot }) => {
    const probe = shadowRoot.appendChild(document.createElement("p"));
    probe.style.color = "Canvas";
    const style = (selector) => getComputedStyle(shadowRoot.querySelector(selector));
    const canvas = getComputedStyle(probe).color;
    const bordered = ["[part=submit]", "#email", "[part=phone]"].map(style);
    const lines = [style("#firstName").outlineColor, ...bordered.map(({ borderColor }) => borderColor)];
    return {
      canvas,
      lines,
      outline: style("#firstName").outlineStyle,
      widths: bordered.map(({ borderWidth }) => borderWidth),
    };
  });
  assert.equal(seen.outline, "solid");
  assert.deepEqual(seen.widths, ["1px", "1px", "1px"]);
  const invisible = /^rgba\(.*, 0(\.[0-4]\d*)?\)$/;
  assert.deepEqual(
    seen.lines.filter((line) => line === seen.canvas || invisible.test(line)),
    [],
    JSON.stringify(seen),
  );
  await form.submit.click();
  await form.element.locator("[data-error]").first().waitFor();
  const widths = await form.element.evaluate(({ shadowRoot }) =>
    ["#firstName", "[part=phone]", "#email"].map(
      (selector) => getComputedStyle(shadowRoot.querySelector(selector)).borderWidth,
    ),
  );
  assert.deepEqual(widths, ["3px", "3px", "1px"], "invalid, invalid, valid");
});
