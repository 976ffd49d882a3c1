// Killed at random while the CRM fails: no acknowledged lead is lost or duplicated.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial, UNSEARCHABLE } from "./support/crash.mjs";

test("node: 300 leads, 6 kills, a fifth of all calls fail; then only the timer works", async (test) => {
  const { acknowledged, kills, lost, duplicated, calls } = await trial({
    kind: "node",
    seed: 7,
    log: (line) => test.diagnostic(line),
  });
  assert.ok(calls > 300);
  assert.deepEqual({ acknowledged, kills, lost, duplicated }, { acknowledged: 300, kills: 6, lost: 0, duplicated: 0 });
});

// A lead that failed often waits long for its next lookup; `cargo xtask crash` has more leads.
test("node: 120 leads, 4 kills, a search that finds nothing, short pages, unconfirmed creates", async (test) => {
  const log = (line) => test.diagnostic(line);
  const { acknowledged, kills, lost, duplicated } = await trial({
    kind: "node",
    seed: 8,
    leads: 120,
    kills: 4,
    ...UNSEARCHABLE,
    log,
  });
  assert.deepEqual({ acknowledged, kills, lost, duplicated }, { acknowledged: 120, kills: 4, lost: 0, duplicated: 0 });
});
