import { Condition } from "../outbox/alerts.js";
import type { Alert } from "../outbox/contract.js";

/** The share of the limit below which the alert ends. */
const RESOLVED_SHARE = 0.8;

/** Limits open connections: a request on an excess connection gets a 503, and the connection is closed. */
export class ConnectionLimit {
  readonly #most: number;
  readonly #alert: (alert: Alert) => void;
  readonly #onRefused: () => void;
  readonly #condition = new Condition();
  open = 0;

  constructor(most: number, alert: (alert: Alert) => void, onRefused: () => void) {
    this.#most = most;
    this.#alert = alert;
    this.#onRefused = onRefused;
  }

  /**
   * The maximum number of open connections, including excess ones that wait for their 503; further ones are dropped.
   */
  get hardLimit(): number {
    return this.#most * 2;
  }

  /** Counts an opened connection. Returns whether it exceeds the limit. */
  add(): boolean {
    this.open++;
    if (this.open <= this.#most) return false;
    this.#onRefused();
    if (this.#condition.raise()) this.#alert({ kind: "connections_full", connections: this.open });
    return true;
  }

  /** Counts a closed connection. */
  remove(): void {
    this.open--;
    if (this.open <= this.#most * RESOLVED_SHARE && this.#condition.clear())
      this.#alert({ kind: "resolved", condition: "connections_full" });
  }
}
