// Killed at random while the CRM fails: no acknowledged lead is lost or duplicated.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";

test("workerd: 300 leads, 6 kills, a fifth of all calls fail; then only the alarm works", async (test) => {
  const { acknowledged, kills, lost, duplicated, calls } = await trial({
    kind: "workerd",
    seed: 7,
    log: (line) => test.diagnostic(line),
  });
  assert.ok(calls > 300);
  assert.deepEqual({ acknowledged, kills, lost, duplicated }, { acknowledged: 300, kills: 6, lost: 0, duplicated: 0 });
});
