// Runs a scenario and checks the outcome of each lead and which alerts were raised.
import { setTimeout as pause } from "node:timers/promises";
import { waitUntil } from "../../../../tools/wait.mjs";
import { settled } from "../../../edge/support/delivery.mjs";
import { startMachine, startPages } from "./machine.mjs";

/** Within what time an alert is raised once its condition has its age, in milliseconds of the machine's clock. */
const ALERT_DELAY_MS = 60_000;

/** How much of a scenario's time is quiet, disturbed and quiet again. */
const [BEFORE, DISTURBED, AFTER] = [0.15, 0.5, 0.2];

/** An hour in the time of a scenario: 15 minutes are reached in half of its disturbance. */
const ACCELERATED_MS = 3_600_000;

/** After how many half seconds without a call missing leads are lost, and how long their delivery may take. */
const MAX_IDLE_TURNS = 60;
const MAX_DELIVERY_MS = 900_000;

/** How much of it a clean restart is observed, and how long at most. */
const RESTARTED = 0.2;
const MAX_RESTARTED_MS = 10_000;

/**
 * Runs a scenario for about `seconds`, without the time until all leads are delivered. Returns the numbers and, in
 * `problems`, what must not be.
 */
export async function runScenario(scenario, { seconds, seed = 1, log = () => {} }) {
  const scope = scopeOf();
  const speed = scenario.hasAges ? ACCELERATED_MS / (seconds * 1_000) : 1;
  try {
    const machine = await startMachine(scope, { ...scenario, speed });
    const { alerts } = machine;
    const problems = [];
    const pages = startPages(machine.url, seed);
    await pause(seconds * 1_000 * BEFORE);
    const calm = alerts.length;
    if (calm) problems.push(`${alerts[0].kind} was raised before anything happened`);
    log("disturbed");
    const began = performance.now();
    await scenario.disturb(machine, seconds * 1_000 * DISTURBED);
    const ended = performance.now();
    log("quiet again");
    await pages.acknowledges(1);
    await pause(seconds * 1_000 * AFTER);
    await pages.stop();
    await scenario.recover?.(machine);
    const { sandbox, folder } = machine;
    const idleTurns = Math.min(seconds, MAX_IDLE_TURNS);
    const judged = [sandbox, folder, pages.acknowledged, idleTurns, MAX_DELIVERY_MS, log];
    const { lost, duplicated, calls } = await settled(...judged);
    const isResolved = () => scenario.resolves.every((name) => alerts.some((alert) => nameOf(alert) === name));
    await waitUntil("the end of the alerts", isResolved, { maxMs: 120_000 }).catch(({ message }) =>
      problems.push(message),
    );
    const raised = Object.entries(scenario.raises).map(([kind, age]) => {
      const first = alerts.find((alert) => alert.kind === kind);
      const after = first ? (first.at - began) * speed : Infinity;
      if (after > age + ALERT_DELAY_MS) problems.push(`${kind} was raised after ${after} ms`);
      return `${kind} after ${duration(after)}`;
    });
    const resolved = scenario.resolves.map((name) => {
      const last = alerts.findLast((alert) => nameOf(alert) === name);
      return `${name} after ${duration(Math.max(0, ((last?.at ?? Infinity) - ended) * speed))}`;
    });
    const known = [...Object.keys(scenario.raises), ...(scenario.allows ?? [])];
    const isKnown = (alert) => [...known, ...scenario.resolves].includes(nameOf(alert));
    problems.push(...alerts.filter((alert) => !isKnown(alert)).map((alert) => `unexpected: ${JSON.stringify(alert)}`));
    problems.push(...(await restart(machine, Math.min(seconds * 1_000 * RESTARTED, MAX_RESTARTED_MS))));
    if (lost || duplicated) problems.push(`${lost} lost, ${duplicated} duplicated`);
    if (problems.length) log(machine.output.slice(-50).join("\n"));
    const { acknowledged, responses } = pages;
    return { acknowledged: acknowledged.size, responses, calls, lost, duplicated, raised, resolved, problems };
  } finally {
    await scope.dispose();
  }
}

/** A clean restart raises no alert. */
async function restart({ end, run, alerts }, ms) {
  const before = alerts.length;
  const code = await end("SIGTERM");
  await run();
  await pause(ms);
  return [
    ...(code === 0 ? [] : [`SIGTERM ended the forwarder with ${code}`]),
    ...alerts.slice(before).map((alert) => `after a clean restart: ${JSON.stringify(alert)}`),
  ];
}

/** The kind, with the condition whose end it reports. */
function nameOf({ kind, condition }) {
  return kind === "resolved" ? `${condition} resolved` : kind;
}

/** A time of the machine's clock. */
function duration(ms) {
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** What `startMachine` registers to be ended: the last one first. */
function scopeOf() {
  const steps = [];
  return {
    after: (step) => steps.unshift(step),
    async dispose() {
      for (const step of steps) await step();
    },
  };
}
