// The warnings that a page's forms write to the console.

import { waitUntil } from "../../../tools/wait.mjs";

let marks = 0;

/** Collects a page's warnings from now on, without the element's name. */
export function collectWarnings(page) {
  let warnings = [];
  page.on(
    "console",
    (message) => message.type() === "warning" && warnings.push(message.text().replace(/^<[\w-]+>: /, "")),
  );
  return {
    /** Returns all warnings once there are `count`: a form logs some of them after it is shown. */
    async read(count = 0) {
      await waitUntil(`${count} warnings`, async () => warnings.length >= count, { describe: async () => warnings });
      // Messages arrive late; the last one shows that all have arrived.
      const mark = `mark ${++marks}`;
      const arrival = page.waitForEvent("console", (message) => message.text() === mark);
      await page.evaluate((mark) => console.debug(mark), mark);
      await arrival;
      return [...warnings];
    },
    clear() {
      warnings = [];
    },
  };
}
