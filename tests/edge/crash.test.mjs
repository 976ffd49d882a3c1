// Killed at random while the CRM fails: no acknowledged lead is lost, none is there twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";

for (const kind of ["workerd", "node"]) {
  test(`${kind}: 300 leads, 6 kills, a fifth of all calls fail; then only the alarm works`, async (test) => {
    const { acknowledged, kills, lost, doubled, calls } = await trial({ kind, seed: 7, log: (line) => test.diagnostic(line) });
    assert.ok(calls > 300);
    assert.deepEqual({ acknowledged, kills, lost, doubled }, { acknowledged: 300, kills: 6, lost: 0, doubled: 0 });
  });
}

test("control: sending again without a look doubles leads", async () => {
  const { lost, doubled } = await trial({ kind: "node", seed: 7, leads: 120, config: { ambiguous: "resend" } });
  assert.equal(lost, 0);
  assert.ok(doubled > 0, "the harness is blind to doubled leads");
});

test("control: sending out of memory loses leads", async () => {
  const { lost } = await trial({ kind: "no-storage", seed: 7, leads: 120, patience: 12 });
  assert.ok(lost > 0, "the harness is blind to lost leads");
});
