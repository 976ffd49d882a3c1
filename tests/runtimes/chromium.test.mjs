// The package in Chromium, in every context in which a browser runs scripts.

import { networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { browserCells } from "./support/browser-cells.mjs";

useChromium();

/** What Chromium logs if the wasm, its inline copy or the CRM is blocked, as in some tests. */
const expected = new RegExp(`${networkErrors.source}|^console: .*Content Security Policy|^console: CSP: `);

browserCells("Chromium", async (test, url) => {
  const page = await openPage(test, { expected });
  await page.goto(url);
  await page.waitForFunction(() => globalThis.cell);
  return (place, ...args) => page.evaluate(([place, args]) => globalThis.cell[place](...args), [place, args]);
});
