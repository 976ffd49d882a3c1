// A page whose visitor lets no script run: it submits, corrects what was wrong, and is thanked.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { openPage, useChromium } from "../browser/support/browser.mjs";
import { counted, crm, eventually } from "./support/crm.mjs";
import { workerd } from "./support/doors.mjs";

useChromium();

const WORDS = {
  en: { direction: "ltr", wrong: "Your details were not sent yet", thanks: "Thank you" },
  ar: { direction: "rtl", wrong: "لم تُرسل بياناتك بعد", thanks: "شكرًا لك" },
};

/** A site with a plain form. */
async function site(test) {
  const state = { action: "" };
  const server = createServer((request, response) => {
    const locale = request.url.slice(1);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(`<!doctype html><html lang="${locale}"><link rel="icon" href="data:,">
      <title>Homes</title><form method="post" action="${state.action}"><input name="leadInformation.firstName"><input name="leadInformation.phone">
      <input type="hidden" name="locale" value="${locale}"><input type="hidden" name="campaignName" value="Q3"><button>Send</button></form>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return Object.assign(state, { origin: `http://127.0.0.1:${server.address().port}` });
}

for (const [locale, { direction, wrong, thanks }] of Object.entries(WORDS)) {
  test(`${locale}: submit, correct, submit, be thanked; a double click is one lead`, async (test) => {
    const sandbox = await crm(test);
    const page = await site(test);
    const { leads } = await workerd(test, { ...sandbox.config, origins: [page.origin] });
    page.action = leads;
    const visitor = await openPage(test, { javaScriptEnabled: false, expected: /Failed to load resource.*400/ });
    await visitor.goto(`${page.origin}/${locale}`);
    const name = `Mona "<b>" ${locale}`;
    await visitor.locator('[name="leadInformation.firstName"]').fill(name);
    await visitor.locator("button").click();
    await visitor.locator("h1").waitFor();
    assert.equal(await visitor.locator("h1").textContent(), wrong);
    assert.equal(await visitor.locator("html").getAttribute("dir"), direction);
    assert.equal(await visitor.locator('[name="leadInformation.firstName"]').inputValue(), name);
    const phone = visitor.locator('[name="leadInformation.phone"]');
    assert.equal(await phone.getAttribute("aria-invalid"), "true");
    assert.deepEqual(await counted(sandbox), {});
    await phone.fill("+201001234567");
    await visitor.locator("button").dblclick();
    await visitor.waitForURL(/\/thanks/);
    assert.equal(await visitor.locator("h1").textContent(), thanks);
    await eventually(async () => (await sandbox.leads()).length > 0, "the lead");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const found = await sandbox.leads();
    assert.equal(found.length, 1);
    assert.equal(found[0].leadInformation.firstName, name);
    assert.equal(found[0].campaignName, "Q3");
  });
}
