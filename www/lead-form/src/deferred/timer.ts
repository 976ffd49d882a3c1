/** The limits of a delay: timers fire late after a device sleeps. */
const MIN_TIMER_MS = 250;
const MAX_TIMER_MS = 60_000;

/** A timer for the next task. */
export class Timer {
  readonly #work: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it fires, on the monotonic clock. */
  #at = Infinity;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** Runs after this time, unless it is scheduled earlier. */
  schedule(delayMs: number): void {
    if (!Number.isFinite(delayMs)) return;
    const now = performance.now();
    const at = now + Math.max(MIN_TIMER_MS, Math.min(delayMs, MAX_TIMER_MS));
    if (at >= this.#at && this.#at >= now) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => {
      this.#at = Infinity;
      this.#work();
    }, at - now);
  }
}

/** Resolves with `undefined` after this time. */
export const sleep = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
