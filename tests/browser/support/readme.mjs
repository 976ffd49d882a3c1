// The README's example of a form, as a page would copy it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { leadForm } from "../../../tools/paths.mjs";

/** The content of the element, and the rules that reserve its height. */
export async function readmeExample(endpoint = "/leads") {
  const text = await readFile(join(leadForm, "README.md"), "utf8");
  const blocks = (language) =>
    [...text.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))].map(([, block]) => block);
  const [, inner] = blocks("html")[0].match(/<icloud-ready-lead-form[^>]*>([^]*)<\/icloud-ready-lead-form>/);
  return {
    inner: inner.replaceAll("https://leads.example/leads", endpoint),
    rules: blocks("css").find((rules) => rules.includes("min-block-size")),
  };
}
