// Killed at random while two platforms deliver and the CRM fails: no lead is lost or duplicated.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./support/crash.mjs";

for (const kind of ["node", "workerd"]) {
  test(`${kind}: 60 leads of pages, 120 of Meta and Google, 4 kills, lost webhooks, an invalid token`, async (test) => {
    const log = (line) => test.diagnostic(line);
    const { acknowledged, kills, lost, duplicated } = await trial({
      kind,
      seed: 11,
      leads: 60,
      kills: 4,
      platforms: 60,
      log,
    });
    assert.deepEqual(
      { acknowledged, kills, lost, duplicated },
      { acknowledged: 180, kills: 4, lost: 0, duplicated: 0 },
    );
  });
}
