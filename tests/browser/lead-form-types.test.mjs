// The lead form's sources against the types that the package ships.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { leadForm, tool } from "./support/places.mjs";

test("the lead form is well typed", () => {
  const { status, stdout } = spawnSync(process.execPath, [tool("typescript/bin/tsc"), "--project", leadForm], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
