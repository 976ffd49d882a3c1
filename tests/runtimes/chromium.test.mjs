// The package in Chromium, in all places that a browser runs scripts in.

import { networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { browserCells } from "./support/browser-cells.mjs";

useChromium();

/** What Chromium says where the wasm, its copy or the CRM is kept from the page, as some tests do. */
const expected = new RegExp(`${networkErrors.source}|^console: .*Content Security Policy|^console: CSP: `);

browserCells("Chromium", async (test, url) => {
  const page = await openPage(test, { expected });
  await page.goto(url);
  await page.waitForFunction(() => globalThis.cell);
  return (place, ...given) => page.evaluate(([place, given]) => globalThis.cell[place](...given), [place, given]);
});
