// Every option of the forwarder, nested ones too, misspelled by one letter: refused, with the name that is meant.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { misspellings, nested, optionsOf, siblingsOf } from "../support/options.mjs";
import { CONFIG, inMemory } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { postJson } from "./support/requests.mjs";

const { createForwarder } = await import(`${packageFolder}/runtime/forwarder-node.js`);
const { serve } = await import(`${packageFolder}/runtime/forwarder/node.js`);

const declared = (file, name) => optionsOf(join(packageFolder, "dist/forwarder", file), name);
const paths = declared("rules/config.d.ts", "ForwarderConfig");

/** A configuration with an option of a wrong name, in an object as it is or from a function. */
function configuration(path, wrong, wrap = (value) => value) {
  const [name, ...deeper] = [...path.slice(0, -1), wrong];
  if (!deeper.length) return { ...CONFIG, [name]: 1 };
  return { ...CONFIG, [name]: wrap({ ...(name === "crm" ? CONFIG.crm : {}), ...nested(deeper, 1) }) };
}

/** The error names the wrong option and one of those that it is one letter from: "pate" may be path, or rate. */
const names = (wrong, siblings) => (error) => {
  assert.equal(error.name, "ConfigurationError", error.stack);
  const [, named, meant = ""] = /unknown option "(.*)"; did you mean "(.*)"\?$/.exec(error.message) ?? [];
  assert.equal(named, wrong, error.message);
  const isNear = misspellings(meant).has(wrong) || misspellings(meant.toLowerCase()).has(wrong.toLowerCase());
  assert.ok(siblings.includes(meant) && isNear, error.message);
  return true;
};

for (const path of paths) {
  test(`${path.join(".")} with one letter wrong is refused, and named`, () => {
    const siblings = siblingsOf(path, paths);
    for (const wrong of misspellings(path.at(-1))) {
      if (!siblings.includes(wrong))
        assert.throws(() => createForwarder(configuration(path, wrong)), names(wrong, siblings), wrong);
    }
  });
}

test("what a function of env returns is held to the same names, with the first request", async (test) => {
  for (const path of paths.filter(({ length }) => length > 1)) {
    const meant = path.at(-1);
    const wrong = `${meant}${meant.at(-1)}`;
    const lines = [];
    test.mock.method(console, "warn", (line) => lines.push(line));
    const { leads } = await inMemory(
      test,
      configuration(path, wrong, (value) => () => value),
    );
    assert.equal((await postJson(leads)).status, 500, path.join("."));
    assert.ok(
      lines.at(-1)?.includes(`unknown option "${wrong}"; did you mean "${meant}"?`),
      `${path.join(".")}: ${lines.at(-1)}`,
    );
  }
});

test("serve: its own options are held to their names too", async () => {
  const own = declared("node.d.ts", "ServeConfig").filter(
    (path) => !paths.some((other) => String(other) === String(path)),
  );
  assert.ok(own.length > 0);
  const siblings = siblingsOf(own[0], [...own, ...paths]);
  for (const wrong of own.flatMap(([name]) => [...misspellings(name)])) {
    if (!siblings.includes(wrong)) {
      await assert.rejects(serve({ ...CONFIG, file: "x.sqlite", port: 0, [wrong]: 1 }), names(wrong, siblings), wrong);
    }
  }
});
