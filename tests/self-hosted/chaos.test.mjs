// Two of the scenarios of `cargo xtask chaos`, for a short time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runScenario } from "./support/chaos/run.mjs";
import { SCENARIOS } from "./support/chaos/scenarios.mjs";

test("no lead is lost or duplicated, and the alerts are those of the reference", { concurrency: 2 }, async (test) => {
  const scenarios = ["file locked", "SIGKILL"].map((name) =>
    test.test(name, async (test) => {
      const log = (line) => test.diagnostic(line);
      const { acknowledged, problems } = await runScenario(SCENARIOS[name], { seconds: 12, log });
      assert.deepEqual(problems, []);
      assert.ok(acknowledged > 20, `${acknowledged} acknowledged`);
    }),
  );
  await Promise.all(scenarios);
});
