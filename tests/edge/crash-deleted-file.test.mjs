// Killed at random while the CRM fails and the outbox's file is deleted: no acknowledged lead is lost or duplicated.
import assert from "node:assert/strict";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";

/**
 * The file is deleted in one way or another until requests are accepted again: what a kill in that moment loses was not
 * acknowledged.
 */
const vanishing = async ({ folder, turn, answered }) => {
  const file = join(folder, "outbox.sqlite");
  const damages = [() => rm(file), () => rename(file, `${file}.old`), () => rm(`${file}-wal`)];
  await damages[turn % damages.length]();
  await answered(202, 3);
};

test("node: 300 leads, 6 kills, a deleted file before each: no lead is lost or duplicated", async (test) => {
  const log = (line) => test.diagnostic(line);
  const { acknowledged, kills, lost, duplicated } = await trial({ kind: "node", seed: 7, sabotage: vanishing, log });
  assert.deepEqual({ acknowledged, kills, lost, duplicated }, { acknowledged: 300, kills: 6, lost: 0, duplicated: 0 });
});

test("control: a forwarder that does not detect its deleted file loses leads", async () => {
  const { lost } = await trial({ kind: "unguarded", seed: 7, leads: 120, idleTurns: 12, sabotage: vanishing });
  assert.ok(lost > 0, "the harness is blind to a file that vanishes");
});
