/** Why a store is unavailable, if the reason is not a SQLite error. */
export type StoreFailure =
  "file_missing" | "file_replaced" | "binding_missing" | "timeout" | "disk_low" | "newer" | "foreign";

const FAILURES: readonly string[] = [
  "file_missing",
  "file_replaced",
  "binding_missing",
  "timeout",
  "disk_low",
  "newer",
  "foreign",
] satisfies StoreFailure[];

/** A store that is unavailable. Its message is the cause, which a Durable Object's RPC preserves. */
export class StoreError extends Error {
  constructor(cause: StoreFailure) {
    super(cause);
    this.name = "StoreError";
  }
}

/** SQLite's codes by number; Node.js and Deno report the numbers. */
const CODES = [
  ...[
    "OK",
    "ERROR",
    "INTERNAL",
    "PERM",
    "ABORT",
    "BUSY",
    "LOCKED",
    "NOMEM",
    "READONLY",
    "INTERRUPT",
    "IOERR",
    "CORRUPT",
    "NOTFOUND",
    "FULL",
  ],
  ...[
    "CANTOPEN",
    "PROTOCOL",
    "EMPTY",
    "SCHEMA",
    "TOOBIG",
    "CONSTRAINT",
    "MISMATCH",
    "MISUSE",
    "NOLFS",
    "AUTH",
    "FORMAT",
    "RANGE",
    "NOTADB",
  ],
];

/** Adds SQLite's code to an error of a driver. */
export function withCode(error: unknown): unknown {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  const code = typeof errcode === "number" ? CODES[errcode & 0xff] : /\bSQLITE_([A-Z]+)/.exec(errorText(error))?.[1];
  return code === undefined ? error : Object.assign(new Error(`SQLITE_${code}`), { code: `SQLITE_${code}` });
}

/** How long to wait for another process's lock, and the interval between checks, in milliseconds. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_RETRY_MS = 25;

/**
 * Runs a step, and retries it while a transaction cannot begin because another process holds the lock. Only then is the
 * result a promise: meanwhile requests that do not need the file are answered.
 */
export function retryWhileLocked<T>(step: () => T, end = performance.now() + LOCK_TIMEOUT_MS): T | Promise<T> {
  try {
    return step();
  } catch (error) {
    if ((error as { code?: unknown } | undefined)?.code !== "SQLITE_BUSY" || performance.now() >= end) throw error;
  }
  return new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS)).then(() => retryWhileLocked(step, end));
}

/**
 * The cause of an error as a code: SQLite's, such as `SQLITE_FULL`, the system's, such as `ENOENT`, or a
 * `StoreFailure`; otherwise `unknown`. The message is not passed on: it may quote stored data.
 */
export function causeOf(error: unknown): string {
  const text = errorText(error);
  const known =
    /\bSQLITE_[A-Z]+/.exec(text)?.[0] ??
    /^E[A-Z]{2,}\b/.exec(text)?.[0] ??
    FAILURES.find((failure) => text.split(/\W+/).includes(failure));
  return known ?? "unknown";
}

function errorText(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  return `${code} ${message} ${cause === undefined ? "" : errorText(cause)}`;
}
