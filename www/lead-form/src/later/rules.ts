import type { Outcome } from "../submission.js";

export const ACCEPTED = { kind: "accepted" } as const satisfies Outcome;

/** After this long a lead that never got through is deleted and the visitor told. */
export const LIFETIME = 30 * 86_400_000;

/** No body over this many bytes may outlive its page. */
export const KEEPALIVE_LIMIT = 60_000;

const HOUR = 3_600_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;

/** How long to wait after an attempt, in milliseconds; `random` is in [0, 1). */
export function waitAfter(outcome: Outcome, attempts: number, random: number): number {
  if (outcome.kind !== "later") return HOUR;
  // A server that asks for more than a day has not thought of a visitor.
  if (outcome.retryAfterMs !== undefined) return Math.min(outcome.retryAfterMs, 24 * HOUR);
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempts, 12));
  return wait / 2 + (wait / 2) * random;
}

/** What the server asks for in `Retry-After`, in milliseconds: seconds or a date. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
