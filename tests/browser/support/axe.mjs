// axe, which finds accessibility violations.

import { tool } from "../../../tools/paths.mjs";

/** Its script, to run in a page. */
export const axeScript = tool("axe-core/axe.min.js");

/** The violations on the page, including shadow roots, and what axe cannot decide about the form. */
export async function violations(page) {
  const { violations, incomplete } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  // The contrast of text over an image is not measured; the form's text has a plain background.
  // The chevron of a list is a gradient next to its text; the tests of contrast measure that text.
  const undecided = incomplete.map(({ id, nodes }) => ({
    id,
    nodes: nodes.filter(
      ({ target, html }) => Array.isArray(target[0]) && !(id === "color-contrast" && /^<select/.test(html)),
    ),
  }));
  return [...violations, ...undecided.filter(({ nodes }) => nodes.length)].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ""}`).join(" ")}`,
  );
}
