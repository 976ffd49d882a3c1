// A tab with a form, in any browser driver.

import { waitUntil } from "../../../tools/wait.mjs";

/** The form's state; undefined while it is not rendered. */
export const stateOf = (evaluate) =>
  evaluate(() => {
    const root = document.querySelector("icloud-ready-lead-form")?.shadowRoot?.querySelector("[part=root]");
    return root?.checkVisibility() ? root.dataset.state : null;
  });

/** Waits until the form is usable. */
export async function waitForForm(evaluate) {
  await waitUntil("the form to be rendered", async () => (await stateOf(evaluate)) === "editing", {
    describe: () =>
      evaluate(() => {
        const loaded = performance
          .getEntriesByType("resource")
          .map(({ name, responseStatus }) => [name, responseStatus]);
        const isDefined = customElements.get("icloud-ready-lead-form") !== undefined;
        return `${location} ${document.readyState} ${JSON.stringify({ isDefined, loaded })}`;
      }),
  });
}
