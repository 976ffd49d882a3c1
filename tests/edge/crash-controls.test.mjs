// What the crash tests must not be blind to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";

test("control: sending again without a look doubles leads", async () => {
  const { lost, doubled } = await trial({ kind: "node", seed: 7, leads: 120, config: { ambiguous: "resend" } });
  assert.equal(lost, 0);
  assert.ok(doubled > 0, "the harness is blind to doubled leads");
});

test("control: sending out of memory loses leads", async () => {
  const { lost } = await trial({ kind: "no-storage", seed: 7, leads: 120, patience: 12 });
  assert.ok(lost > 0, "the harness is blind to lost leads");
});
