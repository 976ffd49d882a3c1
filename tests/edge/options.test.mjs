// Every option of the forwarder, including nested ones, misspelled by one letter: rejected, with the intended name.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { misspellings, nested, optionsOf, siblingsOf } from "../support/options.mjs";
import { captureLog } from "./support/log.mjs";
import { CONFIG, inMemory } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { postJson } from "./support/requests.mjs";

const { createForwarder } = await import(`${packageFolder}/runtime/forwarder-node.js`);
const { serve } = await import(`${packageFolder}/runtime/forwarder/node.js`);

const declared = (file, name) => optionsOf(join(packageFolder, "dist/forwarder", file), name);
const paths = declared("rules/config.d.ts", "ForwarderConfig");

/** A configuration with a misspelled option, as an object or from a function. */
function configuration(path, misspelled, wrap = (value) => value) {
  const [name, ...deeper] = [...path.slice(0, -1), misspelled];
  if (!deeper.length) return { ...CONFIG, [name]: 1 };
  return { ...CONFIG, [name]: wrap({ ...(name === "crm" ? CONFIG.crm : {}), ...nested(deeper, 1) }) };
}

/** The error names the misspelled option and one of the options one letter away: "pate" may be path, or rate. */
const names = (misspelled, siblings) => (error) => {
  assert.equal(error.name, "ConfigurationError", error.stack);
  const [, named, meant = ""] = /unknown option "(.*)"; did you mean "(.*)"\?$/.exec(error.message) ?? [];
  assert.equal(named, misspelled, error.message);
  const isNear = misspellings(meant).has(misspelled) || misspellings(meant.toLowerCase()).has(misspelled.toLowerCase());
  assert.ok(siblings.includes(meant) && isNear, error.message);
  return true;
};

for (const path of paths) {
  test(`${path.join(".")} with one wrong letter is rejected by name`, () => {
    const siblings = siblingsOf(path, paths);
    for (const misspelled of misspellings(path.at(-1))) {
      if (!siblings.includes(misspelled))
        assert.throws(() => createForwarder(configuration(path, misspelled)), names(misspelled, siblings), misspelled);
    }
  });
}

test("values returned by functions of env are checked for unknown options at the first request", async (test) => {
  for (const path of paths.filter(([name, member]) => member && name !== "notify")) {
    const meant = path.at(-1);
    const misspelled = `${meant}${meant.at(-1)}`;
    const lines = captureLog(test);
    const { leads } = await inMemory(
      test,
      configuration(path, misspelled, (value) => () => value),
    );
    assert.equal((await postJson(leads)).status, 500, path.join("."));
    assert.ok(
      lines.at(-1)?.includes(`unknown option "${misspelled}"; did you mean "${meant}"?`),
      `${path.join(".")}: ${lines.at(-1)}`,
    );
  }
});

test("serve: its own options are checked for misspellings too", async () => {
  const own = declared("node.d.ts", "ServeConfig").filter(
    (path) => !paths.some((other) => String(other) === String(path)),
  );
  assert.ok(own.length > 0);
  const siblings = siblingsOf(own[0], [...own, ...paths]);
  for (const misspelled of own.flatMap(([name]) => [...misspellings(name)])) {
    if (!siblings.includes(misspelled)) {
      await assert.rejects(
        serve({ ...CONFIG, file: "x.sqlite", port: 0, [misspelled]: 1 }),
        names(misspelled, siblings),
        misspelled,
      );
    }
  }
});
