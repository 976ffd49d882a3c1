// What a tab with a form has, whoever drives its browser.

import { setTimeout as pause } from "node:timers/promises";

/** What the form is doing; nothing while it is not there. */
export const stateOf = (evaluate) =>
  evaluate(() => {
    const root = document.querySelector("icloud-ready-lead-form")?.shadowRoot?.querySelector("[part=root]");
    return root?.checkVisibility() ? root.dataset.state : null;
  });

/** Waits until it is there to be used. */
export async function waitForForm(evaluate) {
  while ((await stateOf(evaluate)) !== "editing") await pause(20);
}
