// Killed at random while the CRM fails and the outbox's file vanishes: no acknowledged lead is lost, none is there
// twice.
import assert from "node:assert/strict";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";

/**
 * The file is gone in one way or another, until pages were answered again: what a kill in that moment takes is gone
 * with it.
 */
const vanishing = async ({ folder, turn, answered }) => {
  const file = join(folder, "outbox.sqlite");
  const gone = [() => rm(file), () => rename(file, `${file}.old`), () => rm(`${file}-wal`)];
  await gone[turn % gone.length]();
  await answered(202, 3);
};

test("node: 300 leads, 6 kills, a file that vanishes before each: none is lost or doubled", async (test) => {
  const log = (line) => test.diagnostic(line);
  const { acknowledged, kills, lost, doubled } = await trial({ kind: "node", seed: 7, mischief: vanishing, log });
  assert.deepEqual({ acknowledged, kills, lost, doubled }, { acknowledged: 300, kills: 6, lost: 0, doubled: 0 });
});

test("control: a forwarder that does not see that its file is gone loses leads", async () => {
  const { lost } = await trial({ kind: "unguarded", seed: 7, leads: 120, patience: 12, mischief: vanishing });
  assert.ok(lost > 0, "the harness is blind to a file that vanishes");
});
