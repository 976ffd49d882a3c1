// The lead form's sources against the types that the package ships, and its custom elements manifest against the
// element.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { useChromium } from "./support/browser.mjs";
import { openForm } from "./support/form-page.mjs";
import { leadForm, packageFolder, tool } from "../../tools/paths.mjs";

useChromium();

test("the lead form passes type checking", () => {
  const { status, stdout } = spawnSync(process.execPath, [tool("typescript/bin/tsc"), "--project", leadForm], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

const manifest = JSON.parse(await readFile(join(leadForm, "custom-elements.json"), "utf8"));
const described = manifest.modules[0].declarations[0];

test("custom-elements.json describes the element", async (test) => {
  const { page } = await openForm(test);
  const seen = await page.evaluate(() => {
    const form = document.querySelector("icloud-ready-lead-form");
    const names = new Set();
    for (
      let proto = Object.getPrototypeOf(form);
      proto !== HTMLElement.prototype;
      proto = Object.getPrototypeOf(proto)
    ) {
      for (const name of Object.getOwnPropertyNames(proto)) names.add(name);
    }
    return { names: [...names], observed: form.constructor.observedAttributes };
  });
  const source = await readFile(join(leadForm, "src/element.ts"), "utf8");
  const internal = [
    "constructor",
    ...[...source.matchAll(/@internal \*\/\s+(?:async |get )?(\w+)/g)].map(([, name]) => name),
  ];
  const members = described.members.map(({ name }) => name);
  assert.deepEqual(members.sort(), seen.names.filter((name) => !internal.includes(name)).sort());
  const attributes = described.attributes.map(({ name }) => name);
  assert.deepEqual(
    seen.observed.filter((name) => !attributes.includes(name)),
    [],
  );
});

test("every part, custom property, slot and event is documented", async () => {
  const names = (await readdir(join(leadForm, "src"), { recursive: true })).filter(
    (name) => /\.(ts|css)$/.test(name) && !name.endsWith(".d.ts"),
  );
  const sources = (await Promise.all(names.map((name) => readFile(join(leadForm, "src", name), "utf8")))).join("\n");
  const found = (pattern) => [...new Set([...sources.matchAll(pattern)].map(([, name]) => name))].sort();
  const namesIn = (list) => list.map(({ name }) => name).sort();
  const parts = found(/\[part~?="([\w-]+)"\]|part: "([\w-]+)"/g).filter((name) => name && name !== "trap");
  for (const part of parts) assert.ok(namesIn(described.cssParts).includes(part), part);
  assert.deepEqual(namesIn(described.cssProperties), found(/var\((--icloud-ready-[\w-]+)/g));
  assert.deepEqual(namesIn(described.events), found(/^ {2}"(lead-\w+)": /gm));
  const readme = await readFile(join(leadForm, "README.md"), "utf8");
  for (const { name } of [
    ...described.cssParts,
    ...described.cssProperties,
    ...described.events,
    ...described.attributes,
    ...described.members,
  ]) {
    assert.ok(readme.includes(`\`${name}`), `${name} in README.md`);
  }
});

test("the published types are in the package", async () => {
  const published = await readdir(join(packageFolder, "lead-form"), { recursive: true });
  for (const name of [
    "index.js",
    "element.js",
    "background.js",
    "draft.js",
    "deferred.js",
    "extra-fields.js",
    "languages/ar.js",
    "types/index.d.ts",
    "types/element.d.ts",
    "custom-elements.json",
    "jsx.d.ts",
    "react.d.ts",
    "checks.js",
    "integrity.json",
    "snippet.html",
  ]) {
    assert.ok(published.includes(name), name);
  }
});
