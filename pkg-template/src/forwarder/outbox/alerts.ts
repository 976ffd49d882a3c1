import { now } from "../../base/environment.js";
import type { Alert } from "./contract.js";
import { logWarning } from "./log.js";

/**
 * How long an alert is not repeated while what it is about lasts, in milliseconds: after the first, after the second,
 * and so on.
 */
const REPEATS_MS = [3_600_000, 21_600_000, 86_400_000];

/** A condition of this process. Those of the outbox are its own: `src/outbox/conditions.rs`. */
export class Condition {
  #count = 0;
  #nextAt = 0;

  /** Notes that the condition lasts; returns whether it is to be alerted. */
  raise(): boolean {
    const time = now();
    if (this.#count && time < this.#nextAt) return false;
    this.#nextAt = time + REPEATS_MS[Math.min(this.#count, REPEATS_MS.length - 1)]!;
    this.#count++;
    return true;
  }

  /** Notes that it is over; returns whether that is to be alerted. */
  clear(): boolean {
    const wasAlerted = this.#count > 0;
    this.#count = 0;
    return wasAlerted;
  }
}

/** Tells of what a person should look at: the option `onAlert`, else the console. */
export function alertHandler(onAlert: ((alert: Alert) => unknown) | undefined): (alert: Alert) => void {
  return (alert) => {
    if (!onAlert) return logWarning(`alert: ${JSON.stringify(alert)}`);
    const failed = () => logWarning(`alert: ${alert.kind}; onAlert failed`);
    try {
      Promise.resolve(onAlert(alert)).catch(failed);
    } catch {
      failed();
    }
  };
}
