// The lead form for everyone, in both languages and both colour schemes, under the strictest CSP.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openSite } from "./support/site.mjs";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { leadForm, tool } from "./support/places.mjs";

useChromium();

const visitor = { firstName: "Mona", phone: "+201001234567" };

/** What axe finds wrong with the page, shadow roots included, and what it cannot tell of the form. */
async function violations(page) {
  const { violations, incomplete } = await page.evaluate(() =>
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  // Words on a picture are measured by nobody; the form's stand on plain ground.
  const untold = incomplete.map(({ id, nodes }) => ({ id, nodes: nodes.filter(({ target }) => Array.isArray(target[0])) }));
  return [...violations, ...untold.filter(({ nodes }) => nodes.length)].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
  );
}

for (const language of ["en", "ar"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in any state (${language}, ${colorScheme})`, async (test) => {
      const { page, form, sandbox } = await openSite(test, language, {
        colorScheme,
        // axe measures colours, which must not be on their way to others.
        reducedMotion: "reduce",
        expected: networkErrors,
      });
      // As an init script it is not the page's own, which would need a policy to allow it.
      await page.addInitScript({ path: tool("axe-core/axe.min.js") });
      await page.reload();
      await form.ready();
      await form.hurry();
      assert.deepEqual(await violations(page), [], "at first");

      await form.submit.click();
      assert.equal(await form.focused(), "firstName");
      assert.deepEqual(await violations(page), [], "with faults");

      await sandbox.setFaults({ method: "POST", path: "/leads", times: 1, action: { kind: "status", status: 429 } });
      await form.fill(visitor);
      assert.equal(await form.send(), "lead-error");
      assert.deepEqual(await violations(page), [], "failed");

      assert.equal(await form.send(), "lead-accepted");
      assert.deepEqual(await violations(page), [], "accepted");
    });
  }
}

test("the keyboard alone suffices, and the focus is never lost", async (test) => {
  const { page, form, sandbox } = await openSite(test, "en");
  await form.input("firstName").focus();
  for (const text of ["Mona", "Fathy", "+201001234567", "mona@example.com"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await form.reaches("accepted");
  assert.equal(await form.status.evaluate((status) => status.getRootNode().activeElement === status), true);
  assert.deepEqual((await sandbox.leads())[0].leadInformation, {
    firstName: "Mona",
    lastName: "Fathy",
    phone: "+201001234567",
    email: "mona@example.com",
  });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await form.focused(), "firstName");
});

test("a live region says what happens", async (test) => {
  const { page, form, sandbox } = await openSite(test, "en", { expected: networkErrors });
  await form.hurry();
  await form.status.evaluate((status) => {
    globalThis.said = [];
    const listen = () => said.at(-1) !== status.textContent && said.push(status.textContent);
    new MutationObserver(listen).observe(status, { childList: true, characterData: true, subtree: true });
  });
  assert.equal(await form.status.getAttribute("role"), "status");
  await sandbox.setFaults({ method: "POST", path: "/leads", times: 1, action: { kind: "status", status: 429 } });
  await form.fill(visitor);
  await form.send();
  await form.send();
  const [first, second, , last] = (await page.evaluate(() => said)).filter(Boolean);
  assert.equal(first, "Sending your request…");
  assert.match(second, /has not gone through yet/);
  assert.match(last, /^Thank you/);
});

test("browsers know what to fill in, and what must be", async (test) => {
  const { form } = await openSite(test, "en");
  const inputs = await form.part("input").evaluateAll((inputs) =>
    inputs.map(({ name, type, autocomplete, required, labels }) => [name, type, autocomplete, required, labels[0].innerText]),
  );
  assert.deepEqual(inputs, [
    ["firstName", "text", "given-name", true, "First name*"],
    ["lastName", "text", "family-name", false, "Last name"],
    ["phone", "tel", "tel", true, "Phone number*"],
    ["email", "email", "email", false, "Email"],
  ]);
});

test("its colours follow the page's scheme, not the visitor's system alone", async (test) => {
  const { page, form } = await openSite(test, "en", { colorScheme: "dark" });
  const lightness = () =>
    form.input("firstName").evaluate((input) => {
      const { backgroundColor } = getComputedStyle(input);
      return Number(backgroundColor.match(/\d+/)[0]);
    });
  assert.ok((await lightness()) < 64, "dark on a page that takes both");
  await page.evaluate(() => document.documentElement.style.setProperty("color-scheme", "normal"));
  assert.ok((await lightness()) > 192, "light on a page that says nothing, and is white");
  await page.evaluate(() => document.documentElement.style.setProperty("color-scheme", "dark"));
  assert.ok((await lightness()) < 64, "dark on a dark page");
});

test("no markup is parsed, and no style is written into it", async (test) => {
  const { form } = await openSite(test, "en");
  const styled = await form.element.evaluate(({ shadowRoot }) => shadowRoot.querySelectorAll("[style], style, link").length);
  assert.equal(styled, 0);
  const sources = await readdir(join(leadForm, "src"), { recursive: true });
  const scripts = sources.filter((name) => name.endsWith(".ts"));
  assert.ok(scripts.length > 5);
  for (const name of scripts) {
    const text = await readFile(join(leadForm, "src", name), "utf8");
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\b/, name);
  }
});

test("it is laid out by the line's direction alone", async () => {
  const styles = await readFile(join(leadForm, "src", "styles.css"), "utf8");
  const sided = /^\s*(?:[\w-]+-)?(?:left|right|top|bottom)(?:-[\w-]+)?\s*:|^\s*(?:min-|max-)?(?:width|height)\s*:|:\s*(?:left|right)\s*;/gm;
  assert.deepEqual(styles.match(sided) ?? [], []);
});
