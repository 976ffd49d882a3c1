// The demonstration's site: it fits every screen and does not jump.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, useChromium } from "./support/browser.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { openSite, pages, startSite } from "./support/site.mjs";

useChromium();

for (const language of Object.keys(pages)) {
  test(`nothing moves when the form's script arrives (${language})`, async (test) => {
    const { site } = await startSite(test);
    for (const width of [1280, 390]) {
      const page = await openPage(test, { viewport: { width, height: 800 } });
      const place = () => page.locator(".facts").evaluate((facts) => facts.getBoundingClientRect().top);
      let arrive;
      const arrived = new Promise((resolve) => (arrive = resolve));
      await page.route("**/lead-form.js", async (route) => {
        await arrived;
        await route.continue();
      });
      await page.goto(site.url + pages[language], { waitUntil: "commit" });
      await page.locator("footer").waitFor();
      const before = await place();
      arrive();
      await new LeadForm(page).shown();
      const moved = Math.abs((await place()) - before);
      assert.ok(moved <= 12, `${moved} pixels at a width of ${width}`);
    }
  });

  test(`it needs no scrolling sideways, on a small screen or with large text (${language})`, async (test) => {
    const { page } = await openSite(test, language, { viewport: { width: 320, height: 640 } });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.equal(await overflow(), 0);
    await page.setViewportSize({ width: 640, height: 640 });
    await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
    assert.equal(await overflow(), 0);
  });
}
