// The package in Firefox ESR, driven over WebDriver BiDi.

import { after, before } from "node:test";
import puppeteer from "puppeteer-core";
import { browserCells } from "./support/browser-cells.mjs";

let browser;
before(async () => {
  browser = await puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true });
});
after(() => browser?.close());

browserCells("Firefox", async (test, url) => {
  const page = await browser.newPage();
  test.after(() => page.close());
  await page.goto(url);
  await page.waitForFunction(() => globalThis.cell);
  return (place, ...given) => page.evaluate((place, given) => cell[place](...given), place, given);
});
