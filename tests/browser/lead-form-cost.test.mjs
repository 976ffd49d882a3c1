// What the form costs a page: requests, bytes, and nothing that moves.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { packageFolder } from "./support/places.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

/** Bytes of brotli that may arrive before the form can be used, with one language. */
const BUDGET = 10_000;

test("nothing is asked for before the visitor comes, and what is needed until then is small", async (test) => {
  const { page, form, site } = await openForm(test);
  await page.waitForLoadState("networkidle");
  const before = site.requests.filter((path) => path.startsWith("/icloud-ready/"));
  assert.deepEqual(before, ["/icloud-ready/lead-form.js", "/icloud-ready/lead-form/languages/en.js"]);
  await form.input("firstName").focus();
  while (!site.requests.includes("/icloud-ready/lead-form/later.js")) await page.waitForTimeout(20);

  const weigh = async (path) => brotliCompressSync(await readFile(join(packageFolder, path))).length;
  const core = await weigh("lead-form.js");
  for (const language of ["ar", "en", "fr"]) {
    const total = core + (await weigh(`lead-form/languages/${language}.js`));
    assert.ok(total <= BUDGET, `${total} bytes with ${language}`);
  }
});

/** Waits until what there is has been drawn. */
const drawn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))));

/** What moves while the form comes into a page that it is late for, as on a slow line. */
async function shiftsOf(test, { lang, width, room }) {
  const head = `<style>${room}</style>
    <script>
      globalThis.shifts = [];
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value))).observe({ type: "layout-shift", buffered: true });
    </script>`;
  const forwarder = await startForwarder(test);
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url, lang, head, inner: "<form><p><input></p></form>", body: "<p>What follows stays where it is.</p>" }) });
  const page = await openPage(test, { viewport: { width, height: 900 } });
  await page.route("**/languages/*", async (route) => {
    await page.locator("h1").waitFor();
    await drawn(page);
    await route.continue();
  });
  await page.goto(site.url);
  await new LeadForm(page).shown();
  await page.waitForLoadState("networkidle");
  await drawn(page);
  return page.evaluate(() => shifts);
}

test("nothing shifts, on any width and in any language", async (test) => {
  for (const [lang, width] of [["en", 1280], ["ar", 360], ["fr", 360], ["en", 700]]) {
    const room = `icloud-ready-lead-form:not(:defined) { display: block; min-block-size: ${width < 500 ? 40 : 30}rem }`;
    assert.deepEqual(await shiftsOf(test, { lang, width, room }), [], `${lang} ${width}`);
  }
});

test("a control: without room reserved something shifts", async (test) => {
  assert.ok((await shiftsOf(test, { lang: "en", width: 1280, room: "" })).length);
});
