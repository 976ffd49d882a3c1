// The demo's pages for a visitor without JavaScript: a lead is submitted, corrected and acknowledged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { serve } from "../../www/server.mjs";
import { leave, openPage, useChromium } from "../browser/support/browser.mjs";
import { pages } from "../browser/support/site.mjs";
import { counted, crm } from "./support/crm.mjs";
import { workerd } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";

useChromium();

const WORDS = {
  en: { direction: "ltr", wrong: "Your details were not sent yet", thanks: "Thank you", back: "Back to" },
  ar: { direction: "rtl", wrong: "لم تُرسل بياناتك بعد", thanks: "شكرًا لك", back: "العودة إلى" },
};

/** The site with a forwarder and a sandbox. */
async function demonstration(test) {
  const sandbox = await crm(test);
  let forwarder;
  const startForwarder = async (origin) => {
    forwarder = await workerd(test, { ...sandbox.config, origins: [origin] });
    return forwarder.leads;
  };
  const site = await serve({ forwarder: startForwarder, folder: packageFolder });
  test.after(() => leave(test).then(site.close));
  return { sandbox, site, forwarder };
}

for (const [language, { direction, wrong, thanks, back }] of Object.entries(WORDS)) {
  test(`${language}: submit, correct, submit again; a double click is one lead`, async (test) => {
    const { sandbox, site, forwarder } = await demonstration(test);
    const visitor = await openPage(test, { javaScriptEnabled: false, expected: /Failed to load resource.*400/ });
    await visitor.goto(site.url + pages[language]);
    const name = visitor.locator('[name="leadInformation.firstName"]');
    const phone = visitor.locator('[name="leadInformation.phone"]');
    const hostile = `Mona "<b>" ${language}`;
    await name.fill(hostile);
    // An empty field would not be sent: the browser knows that it is required.
    await phone.fill("   ");
    await visitor.locator("form button").click();
    await visitor.waitForURL(forwarder.leads);
    assert.equal(await visitor.locator("h1").textContent(), wrong);
    const { host, origin } = new URL(site.url);
    const way = visitor.getByRole("link", { name: `${back} ${host}` });
    assert.equal(await visitor.locator("header").textContent(), host);
    assert.equal(await way.getAttribute("href"), `${origin}/`);
    const order = visitor.locator("form input:not([type=hidden])");
    assert.deepEqual(
      await order.evaluateAll((inputs) => inputs.map(({ name }) => name.replace("leadInformation.", ""))),
      ["firstName", "lastName", "phone", "email"],
      "the order of the page's form",
    );
    assert.equal(await visitor.locator("html").getAttribute("dir"), direction);
    assert.equal(await name.inputValue(), hostile);
    assert.equal(await phone.getAttribute("aria-invalid"), "true");
    assert.deepEqual(await counted(sandbox), {});

    await phone.fill("+201001234567");
    await visitor.locator("form button").dblclick();
    // The second click aborts the navigation of the first, which `waitForURL` may report as an error.
    await waitUntil("the thank-you page", async () => /\/thanks\?/.test(visitor.url()));
    assert.equal(await visitor.locator("h1").textContent(), thanks);
    assert.equal(await visitor.locator("html").getAttribute("lang"), language);
    assert.equal(await way.getAttribute("href"), `${origin}/`);
    // The thank-you page follows the second post, so both are in the outbox.
    const stored = await forwarder.list();
    assert.equal(stored.length, 1);
    await waitUntil("the lead", async () => (await forwarder.list())[0].state === "delivered");
    const leads = await sandbox.leads();
    assert.equal(leads.length, 1);
    assert.equal(leads[0].leadInformation.firstName, hostile);
    assert.equal(leads[0].campaignName, "Ras Anbar, second phase");
    assert.equal(JSON.parse(leads[0].customField).locale, language);
  });
}
