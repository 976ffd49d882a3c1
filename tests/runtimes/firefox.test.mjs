// The package in Firefox ESR, driven over WebDriver BiDi.

import { after, before } from "node:test";
import puppeteer from "puppeteer-core";
import { browserCells } from "./support/browser-cells.mjs";

/** A guard against hanging, never a measurement. */
const timeout = 200_000;

let browser;
before(async () => {
  const program = { browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true };
  browser = await puppeteer.launch({ ...program, timeout, protocolTimeout: timeout });
});
after(() => browser?.close());

browserCells("Firefox", async (test, url) => {
  const page = await browser.newPage();
  test.after(() => page.close());
  page.setDefaultTimeout(timeout);
  await page.goto(url);
  await page.waitForFunction(() => globalThis.cell);
  return (place, ...given) => page.evaluate((place, given) => cell[place](...given), place, given);
});
