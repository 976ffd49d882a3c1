// The lead form on the demo site: a visitor's input reaches the CRM.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openSite } from "./support/site.mjs";

useChromium();

for (const { language, typed, arrives, thanks } of [
  {
    language: "en",
    typed: { firstName: " Mona ", lastName: "Fathy", phone: "+201001234567", email: "mona@example.com" },
    arrives: { firstName: "Mona", lastName: "Fathy", phone: "+201001234567", email: "mona@example.com" },
    thanks: "Thank you. We have your request.",
  },
  {
    language: "ar",
    typed: { firstName: "منى", lastName: "فتحي", phone: "+٢٠١٠٠١٢٣٤٥٦٧" },
    arrives: { firstName: "منى", lastName: "فتحي", phone: "+201001234567" },
    thanks: "شكرًا لك، لقد وصلنا طلبك.",
  },
]) {
  test(`a visitor's lead is sent to the endpoint (${language})`, async (test) => {
    const { page, form, sandbox } = await openSite(test, language);
    await page.locator('[data-villa="terrace villa"]').click();
    await form.fill(typed);
    assert.equal(await form.send(), "lead-accepted");

    const [lead, ...others] = await sandbox.arrived(1);
    assert.deepEqual(others, []);
    assert.deepEqual(lead.leadInformation, arrives);
    assert.equal(lead.campaignName, "Ras Anbar, second phase");
    assert.equal(lead.leadSource, "website");
    assert.deepEqual(lead.interests, ["terrace villa"]);
    const { submissionId, locale, phone } = JSON.parse(lead.customField);
    assert.match(submissionId, /^[0-9a-f]{32}$/);
    assert.equal(locale, language);
    assert.equal(phone.raw, typed.phone);
    assert.match(await form.status.innerText(), new RegExp(thanks));
  });
}

test("a missing value is reported at its field, in the page's language", async (test) => {
  for (const [language, missing] of [
    ["en", "Please fill this in."],
    ["ar", "هذا الحقل مطلوب."],
  ]) {
    const { form, sandbox } = await openSite(test, language);
    await form.fill({ firstName: "   ", lastName: "Fathy" });
    await form.submit.click();
    assert.equal(await form.error("firstName"), missing);
    assert.equal(await form.error("phone"), missing);
    assert.equal(await form.error("lastName"), undefined);
    await form.focuses("firstName");
    await form.part("summary").getByRole("link").last().click();
    await form.focuses("phone");

    await form.fill({ firstName: "Mona" });
    assert.equal(await form.error("firstName"), undefined, "an edited field is not wrong any more");
    await form.submit.click();
    await form.focuses("phone");
    assert.deepEqual(await sandbox.requests(), []);
  }
});

test("an issue from the server is reported at its field", async (test) => {
  const { form, sandbox, page } = await openSite(test, "en", { expected: /400/ });
  await page.evaluate(() => {
    const once = { once: true };
    document.addEventListener("lead-submit", ({ detail }) => (detail.lead.leadInformation.email = 7), once);
  });
  await form.fill({ firstName: "Mona", phone: "+201001234567", email: "mona@example.com" });
  assert.equal(await form.send(), "lead-error");
  assert.equal(await form.error("email"), "Please check this field.");
  await form.focuses("email");
  assert.deepEqual(await sandbox.requests(), []);
  assert.equal(await form.send(), "lead-accepted");
});
