import { now } from "../../base/environment.js";
import { ignoreErrors } from "../../base/options.js";
import type { Alert } from "./contract.js";
import type { Log } from "./log.js";

/**
 * The delays before an alert is repeated while its condition lasts: after the first alert, after the second, and so on.
 */
const REPEAT_DELAYS_MS = [3_600_000, 21_600_000, 86_400_000];

/** A condition of this process. The outbox has an equivalent: `src/outbox/alerts.rs`. */
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
export function alertHandler(onAlert: ((alert: Alert) => unknown) | undefined, log: Log): (alert: Alert) => void {
  return (alert) => {
    if (!onAlert) return log("alert", `alert: ${alert.kind}`, { ...alert });
    ignoreErrors(
      () => onAlert(alert),
      () => log("handler_failed", "the option onAlert failed", { handler: "onAlert", alert: alert.kind }),
    );
  };
}
