// What happens to a machine: each scenario disturbs it for some time and lists the alerts that
// docs/forwarder.md promises.
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { packageFolder } from "../../../../tools/paths.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When the first age is alerted. */
const BACKLOG_AGE = 15 * MINUTE;

/** Repeats steps until the time is over. */
async function repeat(ms, step) {
  const end = performance.now() + ms;
  while (performance.now() < end) await step(Math.max(0, end - performance.now()));
}

/** A scenario in which the forwarder gets this signal every few seconds and is started again. */
const restarts = (signal) => ({
  raises: {},
  resolves: [],
  disturb: ({ end, run }, ms) =>
    repeat(ms, async () => {
      await pause(1_000 + Math.random() * 3_000);
      const code = await end(signal);
      if (signal === "SIGTERM" && code !== 0) throw new Error(`the forwarder exited with ${code} after SIGTERM`);
      await run();
    }),
});

/**
 * The scenarios. `disturb(machine, ms)` takes `ms` milliseconds. `raises`: the alerts by kind, with the age of the
 * condition at which they are due; `resolves`: those that report its end; others must not be raised, except those that
 * `allows` lists. `hasAges`: the clock runs so fast that the ages are reached. `recover`: what the operator does
 * afterwards.
 */
export const SCENARIOS = {
  "CRM down": {
    hasAges: true,
    raises: { paused: 0, backlog_age: BACKLOG_AGE },
    resolves: ["resumed", "backlog_age resolved"],
    async disturb({ relay }, ms) {
      await relay.down();
      await pause(ms);
      await relay.up();
    },
  },
  "CRM slow": {
    hasAges: true,
    raises: { paused: 0, backlog_age: BACKLOG_AGE },
    resolves: ["resumed", "backlog_age resolved"],
    async disturb({ sandbox }, ms) {
      await sandbox.faults([
        { method: "POST", path: "/leads", action: { kind: "hang", when: "after" } },
        { method: "GET", action: { kind: "hang", when: "before" } },
      ]);
      await pause(ms);
      await sandbox.faults([]);
    },
  },
  "CRM lying": {
    // A lead that five responses did not confirm waits for the operator.
    raises: { unconfirmable: 0 },
    resolves: ["unconfirmable resolved"],
    allows: ["lead_held", "held_leads", "held_leads resolved"],
    config: { reconcileDelays: [500, 1_000] },
    async disturb({ sandbox }, ms) {
      const lie = { kind: "status", status: 200, body: { success: true, data: {} } };
      await sandbox.faults([{ method: "POST", path: "/leads", action: lie }]);
      await pause(ms);
      await sandbox.faults([]);
    },
    async recover({ admin }) {
      await admin("/admin/leads/replay?reason=unconfirmed_response", "POST");
    },
  },
  "disk full": {
    kilobytes: 98_304,
    raises: { store_failed: 0 },
    resolves: ["store_restored"],
    disturb: ({ disk }, ms) =>
      repeat(ms, async (left) => {
        await disk.fill();
        await pause(Math.min(left, 10_000));
        await disk.free();
        await pause(Math.min(left, 5_000));
      }),
  },
  "file locked": {
    raises: { store_failed: 0 },
    resolves: ["store_restored"],
    disturb: ({ folder }, ms) =>
      repeat(ms, async (left) => {
        const other = await openFile(join(folder, "outbox.sqlite"));
        await lock(other);
        await pause(Math.min(left, 8_000));
        other.exec("ROLLBACK", []);
        other.close();
        await pause(Math.min(left, 5_000));
      }),
  },
  "clock jumps": {
    raises: { clock_skew: 0 },
    resolves: ["clock_skew resolved"],
    async disturb({ setClock, end, run }, ms) {
      const jumps = [2 * DAY, 0, -2 * DAY, 3_600_000, -3_600_000, 400 * DAY, -400 * DAY, 0];
      for (const [index, jump] of jumps.entries()) {
        setClock(jump);
        await pause(ms / jumps.length);
        // Its successor has the real date.
        if (index === 5) {
          await end("SIGKILL");
          await run();
        }
      }
    },
  },
  SIGTERM: restarts("SIGTERM"),
  SIGKILL: restarts("SIGKILL"),
  "two processes": {
    processes: 2,
    raises: {},
    resolves: [],
    async disturb({ end, run }, ms) {
      await run(1);
      await pause(ms * 0.6);
      await end("SIGKILL", 1);
      await run(1);
      await pause(ms * 0.4);
      await end("SIGTERM", 1);
    },
  },
};

/** Locks a file that another process uses. */
async function lock(file) {
  for (;;) {
    try {
      return file.exec("BEGIN EXCLUSIVE", []);
    } catch (error) {
      if (error.code !== "SQLITE_BUSY") throw error;
      await pause(1);
    }
  }
}
