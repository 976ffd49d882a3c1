// Numbers as visitors write them: sent as they are dialled from anywhere; a doubt is asked about, never refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm } from "./support/form-page.mjs";

useChromium();

test("a number is sent as it is dialled from anywhere, with what was typed beside it", async (test) => {
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
    await form.fill({ firstName: "Mona", phone: typed });
    await form.part("country").selectOption(country);
    assert.equal(await form.send(), "lead-accepted", typed);
    const { lead, context } = forwarder.requests.at(-1);
    assert.equal(lead.leadInformation.phone, sent);
    assert.equal(context.phone.raw, typed.trim());
    assert.equal(context.phone.check, "strict");
    await form.part("again").click();
  }
});

test("a doubt is asked about once, then sent as it is", async (test) => {
  const { form, forwarder } = await openForm(test, { attributes: 'country="EG"' });
  await form.fill({ firstName: "Mona", phone: "0100 12" });
  const submit = () => form.element.evaluate((form) => form.submit());
  assert.equal(await submit(), "doubtful");
  assert.equal(await form.focused(), "phone");
  assert.match(await form.part("error").filter({ visible: true }).innerText(), /send it as it is/);
  assert.equal(await form.submit.innerText(), "Send anyway");
  assert.equal(forwarder.requests.length, 0);
  await form.fill({ phone: "0100 123" });
  assert.equal(await form.submit.innerText(), "Send request", "an edit is asked about anew");
  assert.equal(await submit(), "doubtful");
  assert.equal(await form.send(), "lead-accepted");
  const { lead, context } = forwarder.requests.at(-1);
  assert.equal(context.phone.raw, "0100 123");
  assert.notEqual(context.phone.check, "strict");
  assert.ok(lead.leadInformation.phone);
});

test("a doubtful address is asked about too", async (test) => {
  const { form } = await openForm(test, { attributes: 'country="EG"' });
  await form.fill({ firstName: "Mona", phone: "0100 123 4567", email: "mona@" });
  assert.equal(await form.element.evaluate((form) => form.submit()), "doubtful");
  assert.match(await form.part("error").filter({ visible: true }).innerText(), /email address/);
  assert.equal(await form.send(), "lead-accepted");
});

test("the number and its country stand as everywhere, in Arabic too: native, named by the browser, no flags", async (test) => {
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
      misnamed: options.filter(({ value, text }) => !text.startsWith(`${names.of(value)} \u200e+`)).map(({ text }) => text),
      count: options.length,
      none: [code.value, code.text],
      flags: /\p{Regional_Indicator}/u.test(country.textContent),
      isSorted: options.every(({ text }, index) => !index || new Intl.Collator("ar").compare(options[index - 1].text.split("\u200e")[0], text.split("\u200e")[0]) <= 0),
    };
  });
  assert.ok(seen.count > 200, String(seen.count));
  assert.deepEqual(seen, { tag: "select", chosen: "SA", directions: ["ltr", "ltr"], misnamed: [], count: seen.count, none: ["", "+"], flags: false, isSorted: true });
});

test("elsewhere what may be a number is taken for one, without a question", async (test) => {
  const { form, forwarder } = await openForm(test, { attributes: 'country="DE"' });
  await form.fill({ firstName: "Mona", phone: "030 123456" });
  assert.equal(await form.send(), "lead-accepted");
  const { lead, context } = forwarder.requests[0];
  assert.equal(lead.leadInformation.phone, "+4930123456");
  assert.deepEqual(context.phone, { raw: "030 123456", country: "DE", check: "possible" });
});
