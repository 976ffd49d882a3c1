import { now } from "../../base/environment.js";
import type { Alert } from "./contract.js";
import { logWarning } from "./log.js";

/** How long an alert is not repeated while its condition lasts: after the first alert, after the second, and so on. */
const REPEAT_DELAYS_MS = [3_600_000, 21_600_000, 86_400_000];

/** A condition of this process. The outbox has the same for its own: `src/outbox/alerts.rs`. */
export class Condition {
  #count = 0;
  #nextAt = 0;

  /** Records that the condition holds; returns whether to send an alert. */
  raise(): boolean {
    const time = now();
    if (this.#count && time < this.#nextAt) return false;
    this.#nextAt = time + REPEAT_DELAYS_MS[Math.min(this.#count, REPEAT_DELAYS_MS.length - 1)]!;
    this.#count++;
    return true;
  }

  /** Records that the condition no longer holds; returns whether to report that. */
  clear(): boolean {
    const wasAlerted = this.#count > 0;
    this.#count = 0;
    return wasAlerted;
  }
}

/** Passes alerts to the option `onAlert`, or logs them without it. */
export function alertHandler(onAlert: ((alert: Alert) => unknown) | undefined): (alert: Alert) => void {
  return (alert) => {
    if (!onAlert) return logWarning(`alert: ${JSON.stringify(alert)}`);
    const logFailure = () => logWarning(`alert: ${alert.kind}; onAlert failed`);
    try {
      Promise.resolve(onAlert(alert)).catch(logFailure);
    } catch {
      logFailure();
    }
  };
}
