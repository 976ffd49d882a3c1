/** Why a store is unavailable, where it is not SQLite that says so. */
export type StoreFailure = "file_missing" | "file_replaced" | "binding_missing" | "timeout" | "newer" | "foreign";

const FAILURES: readonly string[] = [
  "file_missing",
  "file_replaced",
  "binding_missing",
  "timeout",
  "newer",
  "foreign",
] satisfies StoreFailure[];

/** A store that is unavailable. Its message is the cause, and survives a Durable Object's RPC. */
export class StoreError extends Error {
  constructor(cause: StoreFailure) {
    super(cause);
    this.name = "StoreError";
  }
}

/** The codes of SQLite by their numbers, as Node.js and Deno give them. */
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

/** Names SQLite's code in an error of a driver. */
export function withCode(error: unknown): unknown {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  const code = typeof errcode === "number" ? CODES[errcode & 0xff] : /\bSQLITE_([A-Z]+)/.exec(textOf(error))?.[1];
  return code === undefined ? error : Object.assign(new Error(`SQLITE_${code}`), { code: `SQLITE_${code}` });
}

/** How long another process's lock is waited for, and how often it is looked whether it is gone, in milliseconds. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_RETRY_MS = 25;

/**
 * Takes a step, again and again while a transaction cannot begin because another process has the file locked. The
 * result is a promise only where that is so: requests that do not need the file are answered meanwhile.
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
 * What failed, as a code: SQLite's, as in `SQLITE_FULL`, the system's, as in `ENOENT`, or a `StoreFailure`; `unknown`
 * for anything else. Nothing else of an error is passed on: it may quote what was stored.
 */
export function causeOf(error: unknown): string {
  const text = textOf(error);
  const known =
    /\bSQLITE_[A-Z]+/.exec(text)?.[0] ??
    /^E[A-Z]{2,}\b/.exec(text)?.[0] ??
    FAILURES.find((failure) => text.split(/\W+/).includes(failure));
  return known ?? "unknown";
}

function textOf(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  return `${code} ${message} ${cause === undefined ? "" : textOf(cause)}`;
}
