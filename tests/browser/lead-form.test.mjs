// The lead form on the demonstration's site: what a visitor types arrives in the CRM.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openSite } from "./support/site.mjs";

useChromium();

for (const { language, typed, arrives, thanks } of [
  {
    language: "en",
    typed: { firstName: " Mona ", lastName: "Fathy", phone: "0100 123-4567", email: "mona@example.com" },
    arrives: { firstName: "Mona", lastName: "Fathy", phone: "+201001234567", email: "mona@example.com" },
    thanks: "Thank you. We have your request.",
  },
  {
    language: "ar",
    typed: { firstName: "منى", lastName: "فتحي", phone: "٠١٠٠ ١٢٣ ٤٥٦٧" },
    arrives: { firstName: "منى", lastName: "فتحي", phone: "+201001234567" },
    thanks: "شكرًا لك، لقد وصلنا طلبك.",
  },
]) {
  test(`a visitor's lead arrives (${language})`, async (test) => {
    const { page, form, sandbox } = await openSite(test, language);
    await page.locator('[data-villa="terrace villa"]').click();
    await form.fill(typed);
    assert.equal(await form.send(), "lead-accepted");

    const [lead, ...others] = await sandbox.leads();
    assert.deepEqual(others, []);
    assert.deepEqual(lead.leadInformation, arrives);
    assert.equal(lead.campaignName, "Ras Anbar, second phase");
    assert.equal(lead.leadSource, "website");
    assert.deepEqual(lead.interests, ["terrace villa"]);
    assert.match(JSON.parse(lead.customField).submissionId, /^[0-9a-f]{32}$/);
    assert.match(await form.status.innerText(), new RegExp(thanks));
    assert.equal(page.asked("/inline.js").length, 0);
  });
}

test("what is missing is told at its field, in the page's language", async (test) => {
  for (const [language, firstName, phone] of [
    ["en", "Enter your first name.", "Enter your phone number."],
    ["ar", "أدخل اسمك الأول.", "أدخل رقم هاتفك."],
  ]) {
    const { form, sandbox } = await openSite(test, language);
    await form.fill({ firstName: "   ", lastName: "Fathy" });
    await form.submit.click();
    assert.equal(await form.error("firstName"), firstName);
    assert.equal(await form.error("phone"), phone);
    assert.equal(await form.error("lastName"), undefined);
    assert.equal(await form.focused(), "firstName");

    await form.fill({ firstName: "Mona" });
    assert.equal(await form.error("firstName"), undefined, "an edited field is not wrong any more");
    await form.submit.click();
    assert.equal(await form.focused(), "phone");
    assert.deepEqual(await sandbox.requests(), []);
  }
});

test("what the package finds wrong is told at its field", async (test) => {
  const { form, sandbox } = await openSite(test, "en");
  await form.fill({ firstName: "Mona", phone: "12", email: "mona@" });
  assert.equal(await form.send(), "lead-error");
  assert.equal(await form.error("phone"), "Check the phone number: it does not look complete.");
  assert.equal(await form.error("email"), "Check the email address, for example name@example.com.");
  assert.equal(await form.error("firstName"), undefined);
  assert.equal(await form.focused(), "phone");
  assert.deepEqual(await sandbox.requests(), []);

  await form.fill({ phone: "+20 (0)100 123 4567", email: "mona@example.com" });
  assert.equal(await form.send(), "lead-accepted");
  assert.equal((await sandbox.leads())[0].leadInformation.phone, "+201001234567");
});

test("a number is sent as it is dialled from anywhere, else as typed", async (test) => {
  const { form, sandbox } = await openSite(test, "en");
  // Doubtful numbers are this page's to send: the form decides nothing.
  await form.element.evaluate((form) => (form.client = form.client.withOptions({ strict: false })));
  for (const [country, typed, sent] of [
    ["EG", "00971 50 123 4567", "+971501234567"],
    ["EG", "201001234567", "+201001234567"],
    ["ae", "050-123-4567", "+971501234567"],
    ["QA", "۳۳۱۲۳۴۵۶", "+97433123456"],
    ["EG", "\u202a+20\u00a0100\u2011123\u20114567\u202c", "+201001234567"],
    ["EG", " 0100 123 4567 ext. 3 ", "0100 123 4567 ext. 3"],
    ["XX", " 0100 123 4567 ", "0100 123 4567"],
  ]) {
    await form.element.evaluate((form, country) => (form.country = country), country);
    await form.fill({ firstName: "Mona", phone: typed });
    assert.equal(await form.send(), "lead-accepted");
    assert.equal((await sandbox.leads()).at(-1).leadInformation.phone, sent, typed);
    await form.part("again").click();
    await form.reaches("editing");
    assert.equal(await form.input("phone").inputValue(), "");
    assert.equal(await form.focused(), "firstName");
  }
});
