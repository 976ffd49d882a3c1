// axe, which finds what keeps people out.

import { tool } from "../../../tools/paths.mjs";

/** Its script, for a page to run. */
export const axeScript = tool("axe-core/axe.min.js");

/** What axe finds wrong with the page, shadow roots included, and what it cannot tell of the form. */
export async function violations(page) {
  const { violations, incomplete } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  // The contrast of words on a picture is not measured; the form's stand on plain ground.
  const untold = incomplete.map(({ id, nodes }) => ({
    id,
    nodes: nodes.filter(({ target }) => Array.isArray(target[0])),
  }));
  return [...violations, ...untold.filter(({ nodes }) => nodes.length)].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ""}`).join(" ")}`,
  );
}
