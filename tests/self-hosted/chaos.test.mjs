// Two of the worlds of `cargo xtask chaos`, for a short time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runWorld } from "./support/chaos/run.mjs";
import { WORLDS } from "./support/chaos/worlds.mjs";

test("no lead is lost or duplicated, and the alerts are those of the reference", { concurrency: 2 }, async (test) => {
  const worlds = ["file locked", "SIGKILL"].map((name) =>
    test.test(name, async (test) => {
      const log = (line) => test.diagnostic(line);
      const { acknowledged, problems } = await runWorld(WORLDS[name], { seconds: 12, log });
      assert.deepEqual(problems, []);
      assert.ok(acknowledged > 20, `${acknowledged} acknowledged`);
    }),
  );
  await Promise.all(worlds);
});
