/** The windows of a rate limit. @internal */
export interface Windows {
  perMinute?: number | undefined;
  perHour?: number | undefined;
}

/** Two sliding windows for each credential. @internal */
export class RateLimiter {
  readonly #windows: [limit: number, ms: number][];
  /** The times of accepted requests, oldest first. */
  readonly #passed = new Map<string, number[]>();

  constructor({ perMinute, perHour }: Windows) {
    const windows: [number | undefined, number][] = [
      [perMinute, 60_000],
      [perHour, 3_600_000],
    ];
    this.#windows = windows.filter((window): window is [number, number] => window[0] !== undefined);
  }

  /** Accepts a request, or returns the milliseconds until the next one is accepted. Rejected requests do not count. */
  pass(credential: string, now: number): number | undefined {
    const passed = (this.#passed.get(credential) ?? []).filter((at) => at + 3_600_000 > now);
    this.#passed.set(credential, passed);
    const waits = this.#windows.map(([limit, ms]) => {
      if (limit === 0) return ms;
      // The request that must leave the window before another is accepted.
      const first = passed[passed.length - limit];
      return first === undefined ? 0 : first + ms - now;
    });
    const wait = Math.max(0, ...waits);
    if (wait > 0) return wait;
    passed.push(now);
    return undefined;
  }
}
