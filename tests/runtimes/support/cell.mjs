// One cell of the matrix: the scenario run in one place, with its own sandbox, and judged.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCESS_TOKEN, startSandbox } from "../../../tools/sandbox.mjs";

/**
 * A cell. `run` gets the scenario's settings and the test, and returns the scenario's report. `without`: the parts of
 * the report that are missing here.
 */
export function cell(name, run, { without = [] } = {}) {
  // Generous: a guard against hanging, never a measurement.
  test(name, { timeout: 300_000 }, async (test) => {
    const { settings, judge } = await prepare(test);
    await judge(await run(settings, test), without);
  });
}

/** A sandbox prepared for the scenario, the scenario's settings, and the function that judges its report. */
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

  // `attempts` shows that the hanging calls were sent: they were ended, not rejected.
  const base = "ICloudReadyError";
  failed(missing, "leads.retrieve", ["APIError", base, "NotFoundError"], { code: "not_found", status: 404 });
  failed(aborted, "customers.retrieve", ["AbortError", base], { code: "abort", cause: "the visitor left" });
  failed(late, "batches.retrieve", ["ConnectionError", base, "TimeoutError"], { code: "timeout" });
}

function failed(errorMembers, operation, classes, facts) {
  const expected = { operation, classes, attempts: 1, ambiguous: false, ...facts };
  const names = Object.keys(expected);
  assert.deepEqual(
    Object.fromEntries(names.map((name) => [name, errorMembers[name]])),
    expected,
    JSON.stringify(errorMembers),
  );
  assert.ok(classes.includes(errorMembers.name) && errorMembers.name !== "ICloudReadyError", errorMembers.name);
}
