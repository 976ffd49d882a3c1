// Killed at random while the CRM fails and the disk is full at times: no acknowledged lead is lost or duplicated.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";
import { smallDisk } from "./support/disk.mjs";

/** SQLite itself reports that the disk is full. */
const UNGUARDED = { capacity: { freeDisk: 0 } };

/** Fills the disk until requests are rejected, then frees it. */
const filling =
  (disk) =>
  async ({ answered }) => {
    const refused = answered(503, 10);
    await disk.fill();
    await refused;
    await disk.free();
  };

test("node: 300 leads, 6 kills, a full disk before each: no lead is lost or duplicated", async (test) => {
  const disk = await smallDisk(test, 4_096);
  const log = (line) => test.diagnostic(line);
  const { acknowledged, kills, lost, duplicated } = await trial({
    kind: "node",
    seed: 7,
    ...disk,
    sabotage: filling(disk),
    config: UNGUARDED,
    log,
  });
  assert.deepEqual({ acknowledged, kills, lost, duplicated }, { acknowledged: 300, kills: 6, lost: 0, duplicated: 0 });
});

test("control: a forwarder that does not check whether a lead was committed loses leads", async (test) => {
  const disk = await smallDisk(test, 4_096);
  const careless = async ({ answered }) => {
    const responses = answered(202, 10);
    await disk.fill();
    await responses;
    await disk.free();
  };
  const { lost } = await trial({
    kind: "careless",
    seed: 7,
    leads: 120,
    idleTurns: 12,
    ...disk,
    sabotage: careless,
    config: UNGUARDED,
  });
  assert.ok(lost > 0, "the harness is blind to a full disk");
});
