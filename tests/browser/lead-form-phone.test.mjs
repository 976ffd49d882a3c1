// Phone numbers as visitors type them: sent in E.164; a questionable one causes a warning and is never rejected.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm } from "./support/form-page.mjs";
import { DOUBT_MS } from "./support/lead-form.mjs";

useChromium();

test("a phone number is sent in E.164, together with the typed text", async (test) => {
  const { form, forwarder } = await openForm(test, { attributes: 'country="EG"' });
  for (const [country, typed, sent] of [
    ["EG", "0100 123-4567", "+201001234567"],
    ["EG", "٠١٠٠ ١٢٣ ٤٥٦٧", "+201001234567"],
    ["EG", "00971 50 123 4567", "+971501234567"],
    ["AE", "050-123-4567", "+971501234567"],
    ["QA", "۳۳۱۲۳۴۵۶", "+97433123456"],
    ["EG", "\u202a+20\u00a0100\u2011123\u20114567\u202c", "+201001234567"],
    ["FR", "+33 (0)6 12 34 56 78", "+33612345678"],
  ]) {
    // The same number and name would be the same lead.
    await form.fill({ firstName: `Mona ${typed}`, phone: typed });
    await form.part("country").selectOption(country);
    assert.equal(await form.send(), "lead-accepted", typed);
    const { lead, context } = forwarder.requests.at(-1);
    assert.equal(lead.leadInformation.phone, sent);
    assert.equal(context.phone.raw, typed.trim());
    assert.equal(context.phone.check, "strict");
    await form.part("again").click();
  }
});

test("a questionable number causes one warning and is then sent unchanged", async (test) => {
  const { form, forwarder } = await openForm(test, { attributes: 'country="EG"' });
  await form.fill({ firstName: "Mona", phone: "0100 12" });
  const submit = () => form.element.evaluate((form) => form.submit());
  assert.equal(await submit(), "warning");
  await form.focuses("phone");
  assert.match(await form.part("error").filter({ visible: true }).innerText(), /send it as it is/);
  assert.equal(await form.submit.innerText(), "Send anyway");
  assert.equal(forwarder.requests.length, 0);
  await form.fill({ phone: "0100 123" });
  assert.equal(await form.submit.innerText(), "Send request", "an edit is checked again");
  assert.equal(await submit(), "warning");
  assert.equal(await form.confirm(), "lead-accepted");
  const { lead, context } = forwarder.requests.at(-1);
  assert.equal(context.phone.raw, "0100 123");
  assert.notEqual(context.phone.check, "strict");
  assert.ok(lead.leadInformation.phone);
});

test("a warning can be confirmed only 600 ms after it appeared, by click or submit(), and earlier attempts do not restart the delay", async (test) => {
  const { page, form, forwarder } = await openForm(test, { attributes: 'country="EG"' });
  await form.fill({ firstName: "Mona", phone: "0100 12" });
  await page.waitForLoadState("networkidle");
  // The page's clock is paused and advanced by the test.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 3_600_000);
  const submit = () => form.element.evaluate((form) => form.submit());
  const press = async () => {
    await form.input("phone").press("Enter");
    // The call resolves with the outcome of what the key press started.
    return submit();
  };
  assert.equal(await press(), "warning");
  assert.equal(await press(), "warning", "pressed twice");
  await page.clock.runFor(DOUBT_MS - 1);
  assert.equal(await press(), "warning", "shown for a millisecond less");
  assert.equal(await submit(), "warning");
  assert.equal(await form.submit.innerText(), "Send anyway");
  assert.equal(forwarder.requests.length, 0);
  await page.clock.runFor(1);
  await form.fill({ phone: "0100 1" });
  await form.fill({ phone: "0100 12" });
  assert.equal(await submit(), "warning", "an edit ended what was shown");
  await page.clock.runFor(DOUBT_MS);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.requests.length, 1);
});

test("a questionable email address causes a warning too", async (test) => {
  const { form } = await openForm(test, { attributes: 'country="EG"' });
  await form.fill({ firstName: "Mona", phone: "0100 123 4567", email: "mona@" });
  assert.equal(await form.element.evaluate((form) => form.submit()), "warning");
  assert.match(await form.part("error").filter({ visible: true }).innerText(), /email address/);
  assert.equal(await form.confirm(), "lead-accepted");
});

test("number and country keep left-to-right order in Arabic too: native controls, names from the browser, no flags", async (test) => {
  const { form } = await openForm(test, { lang: "ar", attributes: 'country="SA"' });
  await form.input("phone").focus();
  await form.part("country").locator('option[value="ZW"]').waitFor({ state: "attached" });
  const seen = await form.element.evaluate(({ shadowRoot }) => {
    const country = shadowRoot.querySelector("[part=country]");
    const names = new Intl.DisplayNames("ar", { type: "region" });
    const [code, ...options] = [...country.options];
    return {
      tag: country.localName,
      chosen: country.value,
      directions: [country, shadowRoot.querySelector("#phone")].map((node) => getComputedStyle(node).direction),
      misnamed: options
        .filter(({ value, text }) => !text.startsWith(`${names.of(value)} \u200e+`))
        .map(({ text }) => text),
      count: options.length,
      none: [code.value, code.text],
      flags: /\p{Regional_Indicator}/u.test(country.textContent),
      isSorted: options.every(
        ({ text }, index) =>
          !index ||
          new Intl.Collator("ar").compare(options[index - 1].text.split("\u200e")[0], text.split("\u200e")[0]) <= 0,
      ),
    };
  });
  assert.ok(seen.count > 200, String(seen.count));
  assert.deepEqual(seen, {
    tag: "select",
    chosen: "SA",
    directions: ["ltr", "ltr"],
    misnamed: [],
    count: seen.count,
    none: ["", "+"],
    flags: false,
    isSorted: true,
  });
});

test("for other countries a plausible number is accepted without a warning", async (test) => {
  const { form, forwarder } = await openForm(test, { attributes: 'country="DE"' });
  await form.fill({ firstName: "Mona", phone: "030 123456" });
  assert.equal(await form.send(), "lead-accepted");
  const { lead, context } = forwarder.requests[0];
  assert.equal(lead.leadInformation.phone, "+4930123456");
  assert.deepEqual(context.phone, { raw: "030 123456", country: "DE", check: "possible" });
});

test("the country next to a number follows the calling code that is typed or pasted", async (test) => {
  const { page, form, forwarder } = await openForm(test, { attributes: 'country="EG"' });
  await form.input("firstName").fill("Mona");
  await form.part("country").locator('option[value="US"]').waitFor({ state: "attached" });
  const country = () => form.part("country").inputValue();
  for (const [number, expected] of [
    ["+33 6 12 34 56 78", "FR"],
    ["0033612345678", "FR"],
    ["+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "SA"],
    ["\u200e+1 (202) 555-0123", "US"],
    ["+2", "US"],
    ["+212", "MA"],
    ["+44", "GB"],
    ["+999", "GB"],
  ]) {
    await form.fill({ phone: number });
    assert.equal(await country(), expected, number);
  }
  await form.part("country").selectOption("CA");
  await form.fill({ phone: "+1 416 555 0123" });
  assert.equal(await country(), "CA", "it has the same calling code");
  await form.fill({ phone: "", firstName: "+33 6" });
  assert.equal(await country(), "CA", "another field does not set it");
  await form.input("phone").pressSequentially("+33612345678");
  await page.evaluate(() => (document.querySelector("icloud-ready-lead-form").country = "AE"));
  assert.equal(await country(), "FR");
  assert.equal(await form.input("phone").inputValue(), "+33612345678");
  await form.fill({ firstName: "Mona" });
  assert.equal(await form.send(), "lead-accepted");
  const [{ lead, context }] = forwarder.leads.values();
  assert.deepEqual([lead.leadInformation.phone, context.phone.country], ["+33612345678", "FR"]);
});

test("a calling code that is pasted before the list has all countries selects its country", async (test) => {
  // Holds the timer after which the list is filled.
  const head = `<script>{
    const start = setTimeout;
    globalThis.setTimeout = (step, ms, ...more) =>
      ms === 100 ? ((globalThis.fillList = step), 0) : start(step, ms, ...more);
  }</script>`;
  const { page, form } = await openForm(test, { attributes: 'country="EG"', head });
  await form.input("firstName").focus();
  await page.waitForFunction(() => globalThis.fillList);
  await form.fill({ phone: "+49 30 123456" });
  await page.evaluate(() => globalThis.fillList());
  assert.equal(await form.part("country").inputValue(), "DE");
});

test("Arabic digits keep their typing order", async (test) => {
  const { page, form } = await openForm(test, { attributes: 'locale="ar" country="EG"' });
  await form.input("phone").focus();
  await page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector("icloud-ready-lead-form");
    return getComputedStyle(shadowRoot.querySelector("#phone")).unicodeBidi === "bidi-override";
  });
});
