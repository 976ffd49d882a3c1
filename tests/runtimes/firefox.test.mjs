// The package in Firefox ESR.

import { browserCells } from "./support/browser-cells.mjs";
import { openPage, useFirefox } from "./support/firefox.mjs";

useFirefox();

browserCells("Firefox", async (test, url) => {
  const page = await openPage();
  test.after(() => page.close());
  await page.goto(url);
  await page.waitForFunction(() => globalThis.cell);
  return (place, ...args) => page.evaluate((place, args) => globalThis.cell[place](...args), place, args);
});
