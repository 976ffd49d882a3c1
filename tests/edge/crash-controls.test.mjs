// Failures that the crash tests must detect.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";

test("control: resending without a lookup duplicates leads", async () => {
  const { lost, duplicated } = await trial({ kind: "node", seed: 7, leads: 120, config: { ambiguous: "resend" } });
  assert.equal(lost, 0);
  assert.ok(duplicated > 0, "the harness is blind to duplicated leads");
});

test("control: sending from memory loses leads", async () => {
  const { lost } = await trial({ kind: "no-storage", seed: 7, leads: 120, idleTurns: 12 });
  assert.ok(lost > 0, "the harness is blind to lost leads");
});
