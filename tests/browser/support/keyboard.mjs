// A visitor without a mouse, in any browser.

import { waitUntil } from "../../../tools/wait.mjs";

/** The endpoint's responses on this journey. */
export const nextByKeyboard = (count) => (count === 1 ? { status: 503, retryAfter: 600 } : "accept");

/**
 * Completes the form by keyboard alone, on a page with nothing else to focus, in a new tab. `look` is called with
 * `idle`, `invalid`, `queued` and `accepted` in turn.
 */
export async function goByKeyboard(tab, url, onState) {
  const { keyboard } = tab;
  /** The focused element: a field's name or a part's. */
  const focused = () =>
    tab.evaluate(() => {
      const { activeElement } = document.querySelector("icloud-ready-lead-form").shadowRoot;
      return activeElement?.getAttribute("name") ?? activeElement?.getAttribute("part");
    });
  const focuses = (name) =>
    waitUntil(`the focus on ${name}`, async () => (await focused()) === name, { describe: focused });
  const reaches = (state) =>
    waitUntil(`the state "${state}"`, async () => (await tab.state()) === state, { describe: () => tab.state() });
  await onState("idle");
  await keyboard.press("Tab");
  await focuses("firstName");
  await keyboard.press("Enter");
  await focuses("firstName");
  await onState("invalid");
  for (const text of ["Mona", "Fathy", null, "+201001234567", "mona@example.com"]) {
    if (text) await keyboard.type(text);
    await keyboard.press("Tab");
  }
  await focuses("submit");
  await keyboard.press("Enter");
  await reaches("queued");
  await focuses("status");
  await onState("queued");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await focuses("firstName");
  await tab.evaluate(() => indexedDB.deleteDatabase("icloud-ready-lead-form") && undefined);
  await tab.open(url);
  await keyboard.press("Tab");
  await keyboard.type("Mona");
  for (let stop = 0; stop < 3; stop += 1) await keyboard.press("Tab");
  await keyboard.type("+201001234567");
  await keyboard.press("Enter");
  await reaches("accepted");
  await onState("accepted");
}
