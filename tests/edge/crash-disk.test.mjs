// Killed at random while the CRM fails and the disk is full at times: no acknowledged lead is lost, none is there
// twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";
import { smallDisk } from "./support/disk.mjs";

/** No room, until pages were refused; then there is some again. */
const filling =
  (disk) =>
  async ({ answered }) => {
    const refused = answered(503, 10);
    await disk.fill();
    await refused;
    await disk.free();
  };

test("node: 300 leads, 6 kills, a disk that fills up before each: none is lost or doubled", async (test) => {
  const disk = await smallDisk(test, 4_096);
  const log = (line) => test.diagnostic(line);
  const { acknowledged, kills, lost, doubled } = await trial({
    kind: "node",
    seed: 7,
    ...disk,
    mischief: filling(disk),
    log,
  });
  assert.deepEqual({ acknowledged, kills, lost, doubled }, { acknowledged: 300, kills: 6, lost: 0, doubled: 0 });
});

test("control: a forwarder that does not look whether a lead was committed loses leads", async (test) => {
  const disk = await smallDisk(test, 4_096);
  const careless = async ({ answered }) => {
    const answers = answered(202, 10);
    await disk.fill();
    await answers;
    await disk.free();
  };
  const { lost } = await trial({ kind: "careless", seed: 7, leads: 120, patience: 12, ...disk, mischief: careless });
  assert.ok(lost > 0, "the harness is blind to a full disk");
});
