// The form on narrow pages, with large text, in old browsers, and on pages that hide it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";
import { readmeExample } from "./support/readme.mjs";

useChromium();

const LANGUAGES = ["en", "ar", "fr"];

/** Ways in which pages hide an element, and how to undo each. */
const WAYS_TO_HIDE = {
  "style, as v-show": [(form) => (form.style.display = "none"), (form) => (form.style.display = "")],
  "a class of Bootstrap": [(form) => form.classList.add("d-none"), (form) => form.classList.remove("d-none")],
  "a class of Tailwind": [(form) => form.classList.add("hidden"), (form) => form.classList.remove("hidden")],
  "the attribute": [(form) => (form.hidden = true), (form) => (form.hidden = false)],
  "what is around it": [(form) => (form.parentNode.hidden = true), (form) => (form.parentNode.hidden = false)],
  visibility: [(form) => (form.style.visibility = "hidden"), (form) => (form.style.visibility = "")],
};

test("CSS of the page can hide the form like any element, before and after the form's script runs", async (test) => {
  const { rules } = await readmeExample();
  const head = `<style>.hidden { display: none } .d-none { display: none !important } ${rules}</style>`;
  const { page, form } = await openForm(test, { head, inner: "<form><input></form>" });
  const plain = page.locator("icloud-ready-lead-form form input");
  for (const [what, [hide, show]] of Object.entries(WAYS_TO_HIDE)) {
    await form.element.evaluate(hide);
    assert.equal(await form.submit.isVisible(), false, what);
    await form.element.evaluate(show);
    assert.equal(await form.submit.isVisible(), true, `${what}, undone`);
  }
  await page.route("**/lead-form.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.reload();
  for (const [what, [hide, show]] of Object.entries(WAYS_TO_HIDE)) {
    await form.element.evaluate(hide);
    assert.equal(await plain.isVisible(), false, `${what}, without the script`);
    await form.element.evaluate(show);
    assert.equal(await plain.isVisible(), true, `${what}, undone without the script`);
  }
});

/** As long as the numbers that people type. */
const NUMBERS = ["+971 50 123 4567", "+20 100 123 4567", "00971 50 123 4567", "+33 6 12 34 56 78", "٠١٠٠ ١٢٣ ٤٥٦٧"];

test("a typed phone number is fully visible on narrow pages and with large text", async (test) => {
  const { page, form } = await openForm(test, { attributes: 'country="AE"' });
  await form.input("phone").focus();
  await page.waitForFunction(
    () => document.querySelector("icloud-ready-lead-form").shadowRoot.querySelectorAll("option").length > 100,
  );
  const cut = [];
  for (const language of LANGUAGES) {
    await form.element.evaluate((form, language) => (form.locale = language), language);
    await form.element.locator(`[part=root][lang=${language}]`).waitFor();
    for (const [width, size] of [
      [320, 100],
      [320, 200],
      [340, 100],
      [360, 100],
      [390, 100],
      [390, 200],
      [640, 200],
      [1280, 200],
    ]) {
      await page.setViewportSize({ width, height: 900 });
      for (const [margin, font] of [
        [8, "serif"],
        [16, "sans-serif"],
        [24, "DejaVu Sans, sans-serif"],
      ]) {
        await page.evaluate(
          ([size, margin, font]) => {
            document.documentElement.style.fontSize = `${size}%`;
            document.body.style.margin = `${margin}px`;
            document.body.style.fontFamily = font;
          },
          [size, margin, font],
        );
        for (const number of NUMBERS) {
          await form.input("phone").fill(number);
          const [room, needed] = await form.input("phone").evaluate((input) => {
            const style = getComputedStyle(input);
            const canvas = document.createElement("canvas").getContext("2d");
            canvas.font = `${style.fontSize} ${style.fontFamily}`;
            return [
              input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
              canvas.measureText(input.value).width,
            ];
          });
          if (room < needed)
            cut.push(
              `${language}, ${width} pixels, ${size} %, ${margin} around, ${number}: ${Math.round(room)} of ${Math.round(needed)}`,
            );
        }
        const [country, overflow] = await form
          .part("country")
          .evaluate((list) => [list.clientWidth, document.documentElement.scrollWidth - innerWidth]);
        if (country < 80 || overflow > 0)
          cut.push(
            `${language}, ${width} pixels, ${size} %, ${margin} around: a list of ${country}, ${overflow} too wide`,
          );
      }
    }
  }
  assert.deepEqual(cut, []);
});

/** The styles of a complete form, by part. */
const drawnStyles = (form) =>
  form.element.evaluate(({ shadowRoot }) => {
    const parts = [
      "root",
      "legend",
      "label",
      "mark",
      "input",
      "phone",
      "country",
      "submit",
      "summary",
      "error",
      "status-icon",
      "status-title",
      "status-text",
      "retry",
      "again",
    ];
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    // As it is drawn: browsers write a color as its function, such as `color()`.
    const drawn = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].join();
    };
    const styles = parts.map((part) => {
      const node = shadowRoot.querySelector(`[part="${part}"]`);
      if (!node) return [part];
      const { color, backgroundColor, borderTopColor, borderTopWidth, borderTopStyle, boxShadow } =
        getComputedStyle(node);
      const colors = [color, backgroundColor, borderTopColor].map(drawn);
      return [part, { colors, borderTopWidth, borderTopStyle, boxShadow }];
    });
    return Object.fromEntries(styles);
  });

/** Features that an old browser lacks; each is replaced by a name that no browser supports. */
function forget() {
  const { replaceSync } = CSSStyleSheet.prototype;
  CSSStyleSheet.prototype.replaceSync = function (text) {
    return replaceSync.call(this, text.replaceAll("light-dark(", "no-such-function("));
  };
}

test("browsers without light-dark() render the complete form", async (test) => {
  const seen = [];
  for (const isOld of [false, true]) {
    const { page, form } = await openForm(test, { page: { reducedMotion: "reduce" } });
    if (isOld) {
      await page.addInitScript(forget);
      await page.reload();
      await form.shown();
    }
    const states = { idle: await drawnStyles(form) };
    await form.submit.click();
    await form.element.locator("[data-error]").first().waitFor();
    await page.waitForFunction(
      () => document.querySelector("icloud-ready-lead-form").shadowRoot.adoptedStyleSheets[0].cssRules.length > 40,
    );
    await form.submit.focus();
    states.invalid = await drawnStyles(form);
    await form.fill(visitor);
    await form.send();
    await form.reaches("accepted");
    states.accepted = await drawnStyles(form);
    seen.push(states);
  }
  assert.deepEqual(seen[1], seen[0]);
});

test("control: in a browser without light-dark(), styles that need it disappear", async (test) => {
  const { page, form } = await openForm(test);
  await page.addInitScript(forget);
  await page.reload();
  await form.shown();
  const color = (value) =>
    form.submit.evaluate((button, value) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`button { --x: ${value}; background: var(--x) !important }`);
      button.getRootNode().adoptedStyleSheets = [sheet];
      return getComputedStyle(button).backgroundColor;
    }, value);
  assert.equal(await color("light-dark(red, red)"), "rgba(0, 0, 0, 0)");
  assert.equal(await color("red"), "rgb(255, 0, 0)");
});

/** The focused element, the element with the ring, and the contrast of both to their surroundings. */
const rings = (form) =>
  form.element.evaluate(({ shadowRoot }) => {
    const root = shadowRoot.querySelector("[part=root]");
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const over = (...colors) => {
      canvas.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (color) => {
      const [red, green, blue] = color.map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => {
      const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const surface = getComputedStyle(root).backgroundColor;
    return [...shadowRoot.querySelectorAll("input, select, button, a")]
      .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[aria-hidden]"))
      .map((node) => {
        node.focus({ focusVisible: true });
        const box = node.closest("[part=phone]") ?? node;
        const style = getComputedStyle(box);
        const ground =
          node.localName === "a"
            ? getComputedStyle(shadowRoot.querySelector("[part=summary]")).backgroundColor
            : surface;
        const fill = style.backgroundColor;
        const edge = node.matches("button, a") ? fill : style.borderTopColor;
        return {
          name: node.getAttribute("part") + node.id,
          ring:
            style.outlineStyle === "none"
              ? 0
              : contrast(over(surface, ground, style.outlineColor), over(surface, ground)),
          gap: parseFloat(style.outlineOffset),
          width: parseFloat(style.outlineWidth),
          // A separate ring around one half would cross the control.
          half:
            box !== node && getComputedStyle(node).outlineStyle !== "none"
              ? parseFloat(getComputedStyle(node).outlineWidth)
              : 0,
          edge: node.matches("a, [part=again]") ? 21 : contrast(over(surface, edge), over(surface)),
          inside: node.matches("button, a") ? 21 : contrast(over(surface, edge), over(surface, fill)),
        };
      });
  });

test("focus rings and borders have enough contrast in light and dark, in every state", async (test) => {
  for (const colorScheme of ["light", "dark"]) {
    const head = `<style>:root { color-scheme: ${colorScheme} }</style>`;
    let status = 503;
    const next = () => (status === 503 ? { status, retryAfter: 20 } : "accept");
    const { page, form } = await openForm(test, {
      head,
      next,
      page: { reducedMotion: "reduce", expected: /Failed to load resource/ },
    });
    await page.clock.install();
    const faint = async (state) => {
      const seen = await rings(form);
      assert.ok(seen.length >= 1, state);
      const wrong = seen.filter(
        ({ ring, gap, width, half, edge, inside }) =>
          ring < 3 || gap < 2 || width < 2 || half > 1 || edge < 3 || inside < 3,
      );
      assert.deepEqual(wrong, [], `${colorScheme}, ${state}`);
    };
    await faint("idle");
    await page.waitForFunction(
      () => document.querySelector("icloud-ready-lead-form").shadowRoot.adoptedStyleSheets[0].cssRules.length > 40,
    );
    await form.input("firstName").hover();
    await faint("hovered");
    await form.submit.click();
    await form.element.locator("[data-error]").first().waitFor();
    await faint("invalid");
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    await faint("queued");
    status = 202;
    await page.clock.runFor(21_000);
    await form.reaches("accepted");
    await faint("accepted");
  }
});

test("the focus ring is visible around a button of any color", async (test) => {
  const head =
    "<style>icloud-ready-lead-form { --icloud-ready-accent: #f5c518; --icloud-ready-on-accent: #111 }</style>";
  const { form } = await openForm(test, { head });
  const { ring } = (await rings(form)).find(({ name }) => name === "submit");
  assert.ok(ring >= 3, String(ring));
});
