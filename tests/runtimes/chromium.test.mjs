// The package in Chromium, in all places that a browser runs scripts in.

import { networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { browserCells } from "./support/browser-cells.mjs";

useChromium();

browserCells("Chromium", async (test, url) => {
  const page = await openPage(test, { expected: networkErrors });
  await page.goto(url);
  await page.waitForFunction(() => globalThis.cell);
  return (name, settings) => page.evaluate(([name, settings]) => cell[name](settings), [name, settings]);
});
