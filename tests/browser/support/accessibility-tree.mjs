// The form's accessibility tree, compared with the stored one.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The accessibility tree, without countries that are not selected. */
async function read(form) {
  const snapshot = await form.element.ariaSnapshot();
  return `${snapshot
    .split("\n")
    .filter((line) => !/^\s*- option /.test(line) || line.includes("[selected]"))
    .join("\n")}\n`;
}

/** Compares the tree with the stored one; `BLESS=1` stores it. */
export async function compareTree(name, form) {
  const text = await read(form);
  const folder = new URL("../golden/", import.meta.url);
  const file = fileURLToPath(new URL(`${name}.yml`, folder));
  if (process.env.BLESS) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, text);
  }
  assert.equal(text, await readFile(file, "utf8"), `${name}; BLESS=1 takes it over`);
}
