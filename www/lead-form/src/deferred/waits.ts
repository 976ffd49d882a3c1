import { MAX_WAIT_MS } from "./backoff.js";

/** A stored wait: its end by the visitor's clock, and its length. */
interface Wait {
  readonly id: string;
  readonly retryAt: number;
  readonly waitMs?: number;
}

/** Measures waits. If the visitor's clock changes, no wait becomes longer. */
export class Waits {
  /** When they end, on the monotonic clock. */
  readonly #ends = new Map<string, { retryAt: number; end: number }>();

  /** The remaining time of a wait, in milliseconds. */
  remainingMs({ id, retryAt, waitMs = MAX_WAIT_MS }: Wait): number {
    const byClock = retryAt - Date.now();
    // If more remains than its length, the clock was set back.
    const isCredible = byClock <= waitMs;
    let known = this.#ends.get(id);
    if (known?.retryAt !== retryAt) {
      known = { retryAt, end: performance.now() + (isCredible ? byClock : 0) };
      this.#ends.set(id, known);
    }
    const byPage = known.end - performance.now();
    return Math.max(0, isCredible ? Math.min(byClock, byPage) : byPage);
  }

  /** The time since a wait began, in milliseconds. */
  elapsedMs(wait: Wait): number {
    return (wait.waitMs ?? MAX_WAIT_MS) - this.remainingMs(wait);
  }
}
