// What the form costs a page: requests, bytes, layout shifts and restyled elements.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { readmeExample } from "./support/readme.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

/** The maximum bytes (brotli) that load before the form is usable, with one language. */
const BUDGET = 10_000;

const LANGUAGES = ["en", "ar", "fr"];
const WIDTHS = [320, 390, 640, 768, 1280];

test("only background.js is requested before the first interaction, once the form is usable, and the scripts until then are within their budget", async (test) => {
  const { page, form, site } = await openForm(test);
  await page.waitForLoadState("networkidle");
  const before = site.requests.filter((path) => path.startsWith("/icloud-ready/"));
  assert.deepEqual(
    before,
    ["lead-form.js", "lead-form/languages/en.js", "lead-form/background.js"].map((path) => `/icloud-ready/${path}`),
  );
  await form.input("firstName").focus();
  await waitUntil("what is loaded at the first focus", async () =>
    site.requests.includes("/icloud-ready/lead-form/deferred.js"),
  );

  const weigh = async (path) => brotliCompressSync(await readFile(join(packageFolder, path))).length;
  const core = await weigh("lead-form.js");
  for (const language of LANGUAGES) {
    const total = core + (await weigh(`lead-form/languages/${language}.js`));
    assert.ok(total <= BUDGET, `${total} bytes with ${language}`);
  }
});

/** Waits until the current state is painted. */
const drawn = (page) =>
  page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
  );

/** A rule that reserves the height until the element is defined. */
const ENDING = "icloud-ready-lead-form:not(:defined) { display: block; min-block-size: 41rem }";

/** Records layout shifts, and whether they followed user input. */
function observe() {
  globalThis.shifts = [];
  const describe = ({ node, previousRect, currentRect }) =>
    `${node?.nodeName} ${node?.className ?? ""}: ${previousRect.y} → ${currentRect.y}`;
  const note = ({ value, hadRecentInput, sources }) =>
    hadRecentInput || globalThis.shifts.push([value, ...sources.map(describe)]);
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
}

/**
 * The layout shifts while the form loads late, as on a slow connection: the element is defined and its language loaded
 * after the first paint. `isRendered`: a script inserts the element after the definition, as frameworks do.
 */
async function shiftsOf(test, { lang, width, room, inner, isRendered = false }) {
  const forwarder = await startForwarder(test);
  const head = `<style>${room}</style><script>(${observe})()</script>`;
  const options = { endpoint: forwarder.url, lang, head, inner, body: "<p>What follows stays where it is.</p>" };
  const late = `<script type="module">
    import "/icloud-ready/lead-form.js";
    document.body.append(document.querySelector("template").content);
  </script>`;
  const written = markup({ ...options, scripts: isRendered ? [] : undefined });
  const rendered = written.replace("<main>", "<template><main>").replace("</main>", `</main></template>${late}`);
  const site = await startPages(test, { "/": isRendered ? rendered : written });
  const opened = await openPage(test, { viewport: { width, height: 900 } });
  for (const part of isRendered ? ["**/languages/*"] : ["**/lead-form.js", "**/languages/*"]) {
    await opened.route(part, async (route) => {
      await opened.locator("h1").waitFor();
      await drawn(opened);
      await route.continue();
    });
  }
  await opened.goto(site.url);
  await new LeadForm(opened).shown();
  await opened.waitForLoadState("networkidle");
  await drawn(opened);
  const shifts = await opened.evaluate(() => globalThis.shifts);
  await opened.close();
  return shifts;
}

test("no layout shift while the form loads, at any width and in any language", async (test) => {
  const { inner, rules } = await readmeExample();
  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      assert.deepEqual(await shiftsOf(test, { lang, width, room: rules, inner }), [], `${lang} ${width}`);
    }
    assert.deepEqual(await shiftsOf(test, { lang, width: 360, room: ENDING, inner }), [], `${lang} ${ENDING}`);
    assert.deepEqual(
      await shiftsOf(test, { lang, width: 360, room: rules, inner, isRendered: true }),
      [],
      `${lang} rendered`,
    );
  }
});

test("no layout shift when a slow endpoint responds, nor on a return visit", async (test) => {
  const { inner, rules } = await readmeExample();
  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      let isReached = false;
      const next = async () => {
        // A shift right after user input does not count; half a second later it does.
        await new Promise((resolve) => setTimeout(resolve, 800));
        return isReached ? "accept" : { status: 503, retryAfter: 1 };
      };
      const { page, form } = await openForm(test, {
        lang,
        inner,
        head: `<style>${rules}</style><script>(${observe})()</script>`,
        body: "<p>What follows stays where it is.</p>",
        next,
        page: { viewport: { width, height: 900 }, expected: networkErrors },
      });
      await form.submit.click();
      await form.element.locator("[data-error]").first().waitFor();
      await drawn(page);
      // Typed, as shifts by the visitor's input do not count: the errors disappear.
      for (const [name, value] of Object.entries(visitor)) await form.input(name).pressSequentially(value);
      await drawn(page);
      // On a slow machine they are drawn so late that they would count.
      await page.evaluate(() => globalThis.shifts.splice(0));
      assert.equal(await form.send(), "lead-queued");
      await drawn(page);
      isReached = true;
      await form.reaches("accepted");
      await drawn(page);
      await form.part("again").click();
      await form.fill({ ...visitor, firstName: "Hoda" });
      isReached = false;
      assert.equal(await form.send(), "lead-queued");
      const shifts = await page.evaluate(() => globalThis.shifts);
      await page.reload();
      await form.shown();
      const top = () => form.submit.evaluate((button) => button.getBoundingClientRect().top);
      const before = await top();
      // Not before: the page that was left would send it.
      isReached = true;
      await form
        .part("notice")
        .filter({ hasText: /now been sent|vient d’être envoyée|تم الآن إرسال/ })
        .waitFor();
      await drawn(page);
      assert.equal(await top(), before, `${lang} ${width}: a click meets the button`);
      shifts.push(...(await page.evaluate(() => globalThis.shifts)));
      const sum = shifts.reduce((sum, [value]) => sum + value, 0);
      assert.ok(sum <= 0.01, `${lang} ${width}: ${sum} ${JSON.stringify(shifts)}`);
      await page.close();
    }
  }
});

test("sending does not restyle the list of countries", async (test) => {
  const { page, form } = await openForm(test);
  await form.fill(visitor);
  const options = () => form.part("country").evaluate((list) => list.options.length);
  await waitUntil("all countries in the list", async () => (await options()) > 200);
  await drawn(page);
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["devtools.timeline"] });
  await form.send();
  await form.reaches("accepted");
  await drawn(page);
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const restyled = traceEvents.flatMap(({ args }) => args?.elementCount ?? []);
  assert.ok(restyled.length, "styles were computed");
  assert.ok(Math.max(...restyled) < (await options()), `${restyled} elements`);
});

test("the status message has the height of the form", async (test) => {
  const { form } = await openForm(test);
  const height = () => form.element.evaluate((form) => form.offsetHeight);
  await form.input("firstName").focus();
  const before = await height();
  await form.fill(visitor);
  await form.send();
  await form.reaches("accepted");
  assert.equal(await height(), before);
  await form.part("again").click();
  assert.equal(await height(), before);
});

test("control: without reserved height the layout shifts", async (test) => {
  assert.ok((await shiftsOf(test, { lang: "en", width: 1280, room: "", inner: "<form><p><input></p></form>" })).length);
});
