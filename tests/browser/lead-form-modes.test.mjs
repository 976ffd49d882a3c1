// Popup and slide-in: what loads when, the dialog by keyboard and pointer, and what opens it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { packageFolder } from "../../tools/paths.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

/** The maximum bytes (brotli) that a mode, and what only some forms have, may add. */
const BUDGET = 3_000;

/** A long page with a trigger in the middle, a link, and a form that waits for it. */
async function openMode(test, { attributes, lang = "en", body = "", page: options, next } = {}) {
  const forwarder = await startForwarder(test, { next });
  const head = `<style>
    @media (scripting: enabled) { icloud-ready-lead-form:not(:defined) { display: none } }
    p { margin: 0; block-size: 60rem }
  </style><script>
    globalThis.shifts = 0;
    const add = (list) => list.getEntries().forEach(({ value }) => (globalThis.shifts += value));
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  </script>`;
  const around = `<p>Above</p><a href="/contact" data-lead-form="enquire">Ask</a> <a href="#other" id="other">Other</a><p>Below</p>${body}`;
  const pages = {
    "/": markup({ endpoint: forwarder.url, lang, head, attributes: `id="enquire" ${attributes}`, body: around }),
  };
  const site = await startPages(test, pages);
  const page = await openPage(test, options);
  await page.goto(site.url);
  await page.waitForFunction(() => customElements.get("icloud-ready-lead-form"));
  const form = new LeadForm(page);
  return { page, form, forwarder, site, pages, trigger: page.getByText("Ask"), dialog: form.part("dialog") };
}

const loaded = (site) =>
  site.requests.filter((path) => path.startsWith("/icloud-ready/")).map((path) => path.replace("/icloud-ready/", ""));

/** Whether the dialog is open. */
const isOpen = (page, id = "enquire") =>
  page.evaluate((id) => document.getElementById(id).shadowRoot.querySelector("dialog")?.open ?? false, id);

const closes = (page) => waitUntil("the dialog is closed", async () => !(await isOpen(page)));

const focused = (page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement.shadowRoot?.activeElement?.getAttribute("name") ?? activeElement.textContent;
  });

test("nothing of a mode is loaded or laid out before its trigger is near, and each script is within its budget", async (test) => {
  for (const mode of ["popup", "slide-in"]) {
    const { page, form, site, trigger } = await openMode(test, { attributes: `mode="${mode}"` });
    await page.waitForLoadState("networkidle");
    assert.deepEqual(loaded(site), ["lead-form.js", "lead-form/background.js"], mode);
    assert.equal(await form.element.evaluate((form) => form.offsetHeight + form.shadowRoot.childElementCount), 0);
    await trigger.hover();
    await waitUntil("the script of the mode", async () => loaded(site).includes("lead-form/modes.js"));
    assert.equal(await isOpen(page), false);
    await trigger.click();
    await form.shown();
    assert.ok(loaded(site).includes("lead-form/languages/en.js"));
    await form.part("close").click();
    await closes(page);
    assert.equal(await page.evaluate(() => globalThis.shifts), 0, "nothing on the page moves");
    await page.close();
  }
  for (const name of ["modes", "teaser", "steps", "content"]) {
    const size = brotliCompressSync(await readFile(join(packageFolder, `lead-form/${name}.js`))).length;
    assert.ok(size <= BUDGET, `${name}: ${size} bytes`);
  }
});

test("before its trigger a mode causes no request, no element and no layout of its own", async (test) => {
  const triggers = 'open-after="3600" open-at-scroll="100" open-on-exit';
  for (const attributes of [`mode="popup" ${triggers}`, `mode="slide-in" ${triggers}`]) {
    for (const content of ["", 'heading="Ask us" whatsapp="+20 100 123 4567"', 'fields="firstName phone visit"']) {
      const { page, form, site } = await openMode(test, { attributes: `${attributes} ${content}` });
      await page.waitForLoadState("networkidle");
      await page.mouse.move(5, 5);
      await page.mouse.wheel(0, 200);
      await page.waitForFunction(() => scrollY > 0);
      await page.keyboard.press("Shift");
      const what = `${attributes} ${content}`;
      assert.deepEqual(loaded(site), ["lead-form.js", "lead-form/background.js"], what);
      const before = await form.element.evaluate((form) => ({
        boxes: form.getClientRects().length && form.offsetHeight,
        elements: form.shadowRoot.childElementCount,
        shifts: globalThis.shifts,
      }));
      assert.deepEqual(before, { boxes: 0, elements: 0, shifts: 0 }, what);
      await page.close();
    }
  }
});

test("a popup keeps the focus, closes by Escape with what was typed, and gives the focus back", async (test) => {
  const { page, form, forwarder, trigger, dialog } = await openMode(test, { attributes: 'mode="popup"' });
  await trigger.focus();
  const scrolled = await page.evaluate(() => scrollY);
  assert.ok(scrolled > 0);
  await page.keyboard.press("Enter");
  await form.focuses("firstName");
  assert.equal(await dialog.getAttribute("aria-label"), "Send request");
  assert.equal(await form.part("close").getAttribute("aria-label"), "Close");
  await page.keyboard.type("Mona");
  // More often than the dialog has controls.
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Tab");
    assert.notEqual(await focused(page), "Other");
  }
  await form.input("firstName").focus();
  await page.keyboard.press("Escape");
  await closes(page);
  assert.equal(await focused(page), "Ask");
  assert.equal(await page.evaluate(() => scrollY), scrolled, "the page does not scroll");
  await page.keyboard.press("Enter");
  await form.focuses("firstName");
  assert.equal(await form.input("firstName").inputValue(), "Mona");
  await form.input("phone").fill(visitor.phone);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.leads.size, 1);
  await closes(page);
  await trigger.click();
  await form.reaches("editing");
  assert.equal(await form.input("firstName").inputValue(), "", "a new request");
  await form.part("close").click();
  await closes(page);
  // The backdrop.
  await trigger.click();
  await form.shown();
  await page.mouse.click(5, 5);
  await closes(page);
});

test("the thanks of a popup stay if the visitor reads on", async (test) => {
  const { page, form, trigger } = await openMode(test, { attributes: 'mode="popup"' });
  await page.clock.install();
  await trigger.click();
  await form.fill(visitor);
  const sending = form.send();
  await page.clock.runFor(1_000);
  assert.equal(await sending, "lead-accepted");
  await page.keyboard.press("Shift");
  await page.clock.runFor(20_000);
  assert.equal(await isOpen(page), true);
});

test("a slide-in is at the inline end, leaves the page usable, and closes by Escape", async (test) => {
  for (const lang of ["en", "ar"]) {
    const { page, form, trigger } = await openMode(test, { lang, attributes: 'mode="slide-in"' });
    await trigger.click();
    await form.focuses("firstName");
    const { left, right } = await form.part("dialog").evaluate((dialog) => dialog.getBoundingClientRect());
    const width = await page.evaluate(() => document.documentElement.clientWidth);
    assert.ok(lang === "ar" ? left < 20 && right < width / 2 : right > width - 20 && left > width / 2, `${left}`);
    await page.locator("#other").click();
    assert.match(page.url(), /#other$/);
    await form.input("firstName").focus();
    await page.keyboard.press("Escape");
    await closes(page);
    await page.close();
  }
});

test("a pill opens and closes a slide-in, and has the focus afterwards", async (test) => {
  const { page, form, site } = await openMode(test, {
    attributes: 'mode="slide-in" teaser="Ask about this villa" whatsapp="+20 100 123 4567"',
  });
  const pill = page.getByRole("button", { name: "Ask about this villa" });
  await pill.waitFor();
  await page.waitForLoadState("networkidle");
  assert.deepEqual(loaded(site), ["lead-form.js", "lead-form/background.js", "lead-form/teaser.js"]);
  const link = page.getByRole("link", { name: "WhatsApp" });
  assert.match(await link.getAttribute("href"), /^https:\/\/wa\.me\/201001234567\?text=Ask/);
  await pill.focus();
  await page.keyboard.press("Enter");
  await form.focuses("firstName");
  assert.equal(await pill.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  await closes(page);
  assert.equal(await pill.getAttribute("aria-expanded"), "false");
  assert.equal(await pill.evaluate((pill) => pill.getRootNode().activeElement === pill), true);
  await pill.click();
  await form.shown();
  await pill.click();
  await closes(page);
});

test("on a narrow page the dialog is a sheet at the bottom that fits", async (test) => {
  for (const mode of ["popup", "slide-in"]) {
    const { page, form, trigger } = await openMode(test, {
      attributes: `mode="${mode}"`,
      page: { viewport: { width: 320, height: 480 }, reducedMotion: "reduce" },
    });
    await trigger.click();
    await form.shown();
    const { left, bottom, width, top } = await form
      .part("dialog")
      .evaluate((dialog) => dialog.getBoundingClientRect().toJSON());
    assert.deepEqual([left, bottom, width], [0, 480, 320], mode);
    assert.ok(top >= 16, String(top));
    assert.equal(await form.element.evaluate(({ shadowRoot }) => shadowRoot.getAnimations().length), 0);
    const overflow = await form.part("root").evaluate((root) => getComputedStyle(root).overflowY);
    assert.equal(overflow, "auto");
    // All of it can be reached, and the button to close it stays.
    await form.submit.scrollIntoViewIfNeeded();
    await form.part("close").click();
    await closes(page);
    await page.close();
  }
});

test("a swipe down closes a sheet at the start of its content", async (test) => {
  for (const reducedMotion of ["no-preference", "reduce"]) {
    const { page, form, trigger } = await openMode(test, {
      attributes: 'mode="popup"',
      page: { viewport: { width: 390, height: 480 }, hasTouch: true, reducedMotion },
    });
    const client = await page.context().newCDPSession(page);
    const touch = (type, ...points) =>
      client.send("Input.dispatchTouchEvent", { type, touchPoints: points.map((y) => ({ x: 195, y })) });
    const offset = () => form.part("dialog").evaluate((dialog) => dialog.style.translate);
    /** Moves a finger down by a distance, and returns how far the sheet followed. */
    const swipe = async (distance) => {
      await touch("touchStart", 200);
      for (const share of [0.5, 1]) await touch("touchMove", 200 + distance * share);
      // Moves reach the page with the next frame.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const followed = await offset();
      await touch("touchEnd");
      return followed;
    };
    await trigger.click();
    await form.shown();
    const follows = (distance) => (reducedMotion === "reduce" ? "" : `0px ${distance}px`);
    assert.equal(await swipe(60), follows(60));
    assert.equal(await isOpen(page), true, "not far enough");
    assert.equal(await offset(), "");
    await form.part("root").evaluate((root) => (root.scrollTop = 50));
    await swipe(200);
    assert.equal(await isOpen(page), true, "the content scrolls");
    await form.part("root").evaluate((root) => (root.scrollTop = 0));
    assert.equal(await swipe(200), follows(200));
    await closes(page);
    await page.setViewportSize({ width: 800, height: 480 });
    await trigger.click();
    await form.shown();
    await swipe(200);
    assert.equal(await isOpen(page), true, "no sheet");
    await page.close();
  }
});

test("triggers in attributes open the dialog once in a number of days, never over another dialog", async (test) => {
  const form = (id, attributes) =>
    `<icloud-ready-lead-form id="${id}" mode="popup" endpoint="/leads" ${attributes}></icloud-ready-lead-form>`;
  const { page } = await openMode(test, {
    attributes: 'mode="popup" open-at-scroll="50"',
    body: `${form("timed", 'open-after="0"')}<dialog id="page">A dialog of the page</dialog>`,
  });
  const opens = (id) => waitUntil(`${id} is open`, () => isOpen(page, id));
  const close = (id) => page.evaluate((id) => document.getElementById(id).hide(), id);
  const scroll = () => page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await opens("timed");
  await close("timed");
  await scroll();
  await opens("enquire");
  await close("enquire");
  // A form without a limit is the control: it opens by the same scrolling.
  await page.reload();
  await page.evaluate(
    (form) => document.body.insertAdjacentHTML("beforeend", form),
    form("control", 'open-at-scroll="50" open-every="0"'),
  );
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.getElementById("page").showModal());
  await page.evaluate(() => scrollTo(0, 0));
  await scroll();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.deepEqual(await Promise.all(["timed", "enquire", "control"].map((id) => isOpen(page, id))), [
    false,
    false,
    false,
  ]);
  await page.evaluate(() => document.getElementById("page").close());
  await page.evaluate(() => scrollTo(0, 0));
  await scroll();
  await opens("control");
  assert.deepEqual(await Promise.all(["timed", "enquire"].map((id) => isOpen(page, id))), [false, false]);
});

test("leaving the page at the top opens the dialog", async (test) => {
  const { page } = await openMode(test, { attributes: 'mode="popup" open-on-exit' });
  await page.waitForLoadState("networkidle");
  const leave = (clientY) =>
    page.evaluate(
      (clientY) => document.documentElement.dispatchEvent(new MouseEvent("mouseleave", { clientY })),
      clientY,
    );
  await leave(300);
  assert.equal(await isOpen(page), false);
  // Until the script that listens is loaded.
  await waitUntil("the dialog is open", async () => {
    await leave(-1);
    return isOpen(page);
  });
});

test("without the script of its mode the form is shown where its element is", async (test) => {
  const { page, form, forwarder, trigger } = await openMode(test, {
    attributes: 'mode="popup"',
    page: { expected: networkErrors },
  });
  await page.route("**/modes.js*", (route) => route.abort());
  await trigger.click();
  await form.shown();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.leads.size, 1);
});

test("leads of an earlier visit are sent, and the attribution is read, before a popup is opened", async (test) => {
  const { page, form, forwarder, site, trigger } = await openMode(test, {
    attributes: 'mode="popup"',
    next: (count) => (count === 1 ? { status: 503, retryAfter: 1 } : "accept"),
    page: { expected: networkErrors },
  });
  await trigger.click();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await page.goto(`${site.url}/?utm_source=news`);
  await waitUntil("the lead of the earlier visit", async () => forwarder.leads.size === 1);
  assert.equal(await isOpen(page), false);
  await waitUntil("the attribution", () =>
    page.evaluate(() => sessionStorage.getItem("icloud-ready-attribution")?.includes("news")),
  );
});
