import { now } from "../../base/environment.js";
import type { OutboxApi } from "../outbox/contract.js";

/** The interval between flushes to the outbox: a flush for each request would cost as much as storing a lead. */
const HAND_OVER_INTERVAL_MS = 10_000;

/** The upper ends of the histogram's buckets, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const DURATION = "request_duration_seconds";
const bucket = (bound: number | string) => `${DURATION}_bucket{le="${bound}"}`;

/**
 * The counters before the first request: a time series that starts with its first event hides that event from `rate()`.
 */
export const NO_COUNTS: Record<string, number> = Object.fromEntries(
  ['responses_total{route="leads",status="202"}', ...[...BOUNDS, "+Inf"].map(bucket), `${DURATION}_sum`].map((name) => [
    name,
    0,
  ]),
);

/** Counters of this process, buffered until they are flushed to the outbox, which persists them. */
export class Counts {
  #counts = new Map<string, number>();
  #handedOverAt = now();

  add(name: string, value = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + value);
  }

  /** Counts a response; `durationMs` is the duration of a lead's request. */
  addResponse(route: string, status: number, durationMs?: number): void {
    this.add(`responses_total{route="${route}",status="${status}"}`);
    if (durationMs === undefined) return;
    const seconds = durationMs / 1_000;
    this.add(bucket(BOUNDS.find((bound) => seconds <= bound) ?? "+Inf"));
    this.add(`${DURATION}_sum`, seconds);
  }

  get isDue(): boolean {
    return this.#counts.size > 0 && now() - this.#handedOverAt >= HAND_OVER_INTERVAL_MS;
  }

  /** Flushes the counters to the outbox; if that fails, they are kept for the next flush. Never rejects. */
  async handOver(outbox: OutboxApi): Promise<void> {
    const counts = this.#counts;
    this.#handedOverAt = now();
    if (!counts.size) return;
    this.#counts = new Map();
    try {
      await outbox.recordCounts([...counts]);
    } catch {
      for (const [name, value] of counts) this.add(name, value);
    }
  }
}
