// A tab with a form, in any browser driver.

import { waitUntil } from "../../../tools/wait.mjs";

/** What the form is doing; nothing while it is not there. */
export const stateOf = (evaluate) =>
  evaluate(() => {
    const root = document.querySelector("icloud-ready-lead-form")?.shadowRoot?.querySelector("[part=root]");
    return root?.checkVisibility() ? root.dataset.state : null;
  });

/** Waits until it is there to be used. */
export async function waitForForm(evaluate) {
  await waitUntil("the form to be there", async () => (await stateOf(evaluate)) === "editing", {
    describe: () =>
      evaluate(() => `${location} ${document.readyState} ${document.documentElement.outerHTML.slice(0, 500)}`),
  });
}
