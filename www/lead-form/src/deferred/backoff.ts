import type { SendOutcome, Submission } from "../submission/submission.js";

export const ACCEPTED = { kind: "accepted" } as const satisfies SendOutcome;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** After this time, and attempts on this many days, a lead is deleted and the visitor is informed. */
const LIFETIME_MS = 30 * DAY_MS;
const MIN_DAYS = 3;

/** Browsers reject larger bodies with `keepalive`, in bytes. */
export const KEEPALIVE_LIMIT = 60_000;

export const MIN_WAIT_MS = 1_000;
export const MAX_WAIT_MS = HOUR_MS;
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 300_000;

/** The wait after an attempt, in milliseconds; `random` is in [0, 1). `Retry-After` never shortens the back-off. */
export function waitAfter(outcome: SendOutcome, attempts: number, random: number): number {
  if (outcome.kind !== "later") return HOUR_MS;
  const longest = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts, 12));
  const backoff = longest / 2 + (longest / 2) * random;
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, backoff, outcome.retryAfterMs ?? 0));
}

/** The three formats of an HTTP date (RFC 9110, 5.6.7). */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
];

/**
 * The wait of `Retry-After`, in milliseconds: whole seconds, or a date compared with the same response's `Date`, never
 * with the visitor's clock. Anything else is ignored, as is a date if CORS hides `Date`.
 */
export function parseRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, MAX_WAIT_MS);
  const wait = parseDate(value) - parseDate(headers.get("date") ?? "");
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), MAX_WAIT_MS) : undefined;
}

function parseDate(value: string): number {
  if (!HTTP_DATES.some((form) => form.test(value))) return NaN;
  return Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
}

/** The clock's offset to the page's monotonic clock when this script was loaded. */
const CLOCK_OFFSET_MS = Date.now() - performance.now();

/** Whether the clock has not been changed since then: otherwise days and ages are unreliable. */
function isClockSteady(now: number): boolean {
  return Math.abs(now - performance.now() - CLOCK_OFFSET_MS) < HOUR_MS;
}

/** Records an attempt today. */
export function noteDay(submission: Submission, now: number): void {
  if (!isClockSteady(now)) return;
  const today = Math.floor(now / DAY_MS);
  const days = (submission.triedDays ??= []);
  if (days.length < MIN_DAYS && !days.includes(today)) days.push(today);
}

/**
 * Whether a lead has expired: it is old by the clock, and was tried on enough different days for the clock to be
 * plausible.
 */
export function isExpired({ at, triedDays = [] }: Submission, now: number): boolean {
  return now - at > LIFETIME_MS && triedDays.length >= MIN_DAYS && isClockSteady(now);
}
