// One cell of the matrix: the scenario run in one place, against a sandbox of its own, and judged.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCESS_TOKEN, startSandbox } from "../../../tools/sandbox.mjs";

/**
 * A cell. `run` is given the scenario's settings and the test, and gives the scenario's report.
 * `without`: the parts of the report that this place leaves out.
 */
export function cell(name, run, { without = [] } = {}) {
  // Generous: a guard against hanging, never a measurement.
  test(name, { timeout: 300_000 }, async (test) => {
    const { settings, judge } = await prepare(test);
    await judge(await run(settings, test), without);
  });
}

/** A sandbox that is ready for the scenario, the scenario's settings, and what judges its report. */
export async function prepare(test) {
  const sandbox = await startSandbox(test, { cors: "*" });
  const hang = { kind: "hang", when: "before" };
  await sandbox.faults([
    { path: "/customers/:id", action: hang },
    { path: "/batches/:id", action: hang },
  ]);
  return {
    sandbox,
    settings: { baseURL: sandbox.url, accessToken: ACCESS_TOKEN },
    judge: (report, without) => judge(report, sandbox, without),
  };
}

async function judge(report, sandbox, without = []) {
  const there = (await sandbox.leads()).map(({ _id, leadInformation }) => [_id, leadInformation.firstName]);
  const all = there.map(([id]) => id);
  const created = all.slice(0, 3);
  const newestFirst = created.toReversed();

  const { missing, aborted, late, ...rest } = report;
  const expected = {
    created,
    pages: [newestFirst.slice(0, 2), newestFirst.slice(2)],
    listed: newestFirst,
    issues: ["leadInformation.firstName required", "leadInformation.phone required"],
    slim: all[3],
  };
  for (const name of without) delete expected[name];
  assert.deepEqual(rest, expected);
  const sara = without.includes("slim") ? [] : ["Sara"];
  const names = there.map(([, name]) => name);
  assert.deepEqual(names, ["Ahmed", "Mona", "Youssef", ...sara]);

  // `attempts` tells that the calls that hung had left: they were ended, not refused.
  const base = "ICloudReadyError";
  failed(missing, "leads.retrieve", ["APIError", base, "NotFoundError"], { code: "not_found", status: 404 });
  failed(aborted, "customers.retrieve", ["AbortError", base], { code: "abort", cause: "the visitor left" });
  failed(late, "batches.retrieve", ["ConnectionError", base, "TimeoutError"], { code: "timeout" });
}

function failed(told, operation, classes, facts) {
  const expected = { operation, classes, attempts: 1, ambiguous: false, ...facts };
  const names = Object.keys(expected);
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, told[name]])), expected, JSON.stringify(told));
  assert.ok(classes.includes(told.name) && told.name !== "ICloudReadyError", told.name);
}
