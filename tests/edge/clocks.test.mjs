// The machine's clock changes, while the server runs and between two processes.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { arrived, crm, submit } from "./support/crm.mjs";
import { CONFIG, adminClient } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { reach } from "./support/requests.mjs";

const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const real = Date.now;

/** Sets this process's clock ahead by this many milliseconds. */
function setClock(ahead) {
  Date.now = () => real() + ahead;
}

/** A server that can be stopped and started again with its file. */
async function machine(test, config) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-clocks-"));
  const alerts = [];
  const options = {
    ...CONFIG,
    ...config,
    onAlert: (alert) => alerts.push(alert),
    file: join(folder, "outbox.sqlite"),
    port: 0,
  };
  let serving = await serve(options);
  test.after(async () => {
    setClock(0);
    await serving.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  });
  const restart = async () => {
    await serving.close();
    serving = await serve(options);
  };
  return { restart, alerts, reached: () => adminClient(serving.url, {}) };
}

for (const ahead of [DAY, -DAY, 365 * DAY, -365 * DAY]) {
  for (const restarts of [false, true]) {
    test(`waits are no longer after a clock change of ${ahead / DAY} days, ${restarts ? "with" : "without"} a restart`, async (test) => {
      const sandbox = await crm(test);
      const { restart, alerts, reached } = await machine(test, sandbox.config);
      await sandbox.faults([
        { method: "POST", path: "/leads", times: 1, action: { kind: "status", status: 429 } },
        { method: "POST", path: "/leads", times: 1, action: { kind: "cut", when: "after" } },
      ]);
      setClock(ahead);
      const ids = await submit(reached().leads, 3);
      await waitUntil("the first request", async () => (await sandbox.requests()).length > 0);
      setClock(0);
      if (restarts) await restart();
      await waitUntil("three deliveries", async () => (await reached().list("&state=delivered")).length === 3);
      await arrived(sandbox, ids);
      // Reported times use the current clock.
      for (const { createdAt, updatedAt } of await reached().list()) {
        for (const time of [createdAt, updatedAt])
          assert.ok(Math.abs(real() - time) < HOUR, `${(real() - time) / HOUR} hours`);
      }
      assert.deepEqual(
        alerts.filter(({ kind }) => kind === "backlog_age"),
        [],
      );
    });
  }
}

test("a clock that is two days off is reported, and shown in /health", async (test) => {
  const sandbox = await crm(test);
  const { alerts, reached } = await machine(test, sandbox.config);
  setClock(2 * DAY);
  await arrived(sandbox, await submit(reached().leads, 2));
  await waitUntil("an alert", async () => alerts.some(({ kind }) => kind === "clock_skew"));
  const { offsetMs } = alerts.find(({ kind }) => kind === "clock_skew");
  assert.ok(Math.abs(offsetMs - 2 * DAY) < HOUR, `${offsetMs}`);
  const health = await reach(`${reached().url}/health`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } });
  assert.ok(Math.abs((await health.json()).clockOffsetMs - 2 * DAY) < HOUR);
});
