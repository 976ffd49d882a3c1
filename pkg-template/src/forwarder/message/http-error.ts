import type { Issue } from "../../base/errors.js";

/** The code of an error response. It is public; the messages for visitors are in `http/messages.ts`. */
export type HttpErrorCode =
  | "origin"
  | "challenge_failed"
  | "challenge_unavailable"
  | "method"
  | "not_found"
  | "unauthorized"
  | "forbidden"
  | "query"
  | "full"
  | "media_type"
  | "too_large"
  | "too_slow"
  | "malformed"
  | "validation"
  | "rate_limited"
  | "unavailable"
  | "configuration";

const STATUS: Record<HttpErrorCode, [number, string]> = {
  origin: [403, "The page's origin is missing, or not in the forwarder's option origins."],
  challenge_failed: [403, "The challenge was not passed."],
  challenge_unavailable: [503, "The challenge cannot be verified now."],
  method: [405, "The method is not allowed here."],
  not_found: [404, "The forwarder has nothing at this path."],
  unauthorized: [401, "The token is missing or wrong."],
  forbidden: [403, "The token may only read."],
  query: [400, "A parameter is wrong."],
  full: [503, "Too many leads wait to be sent."],
  media_type: [415, "Send application/json or application/x-www-form-urlencoded, not compressed."],
  too_large: [413, "The body is larger than 64 KiB."],
  too_slow: [503, "The body took too long to arrive."],
  malformed: [400, "The body cannot be read."],
  validation: [400, "The lead is refused."],
  rate_limited: [429, "Too many requests from this address."],
  unavailable: [503, "The lead cannot be stored now."],
  configuration: [500, "The forwarder is not set up."],
};

/** A rejected request. It contains none of the data that was sent. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  readonly status: number;
  readonly issues: readonly Issue[];
  /** Seconds until a retry is allowed. */
  readonly retryAfter: number | undefined;
  /** The allowed methods. */
  readonly allow: string;

  /** The reason as a code; only for the administrator. */
  readonly reason: string | undefined;

  constructor(
    code: HttpErrorCode,
    more: { issues?: readonly Issue[]; retryAfterMs?: number; allow?: string; reason?: string } = {},
  ) {
    const [status, message] = STATUS[code];
    super(message);
    this.code = code;
    this.status = status;
    this.issues = more.issues ?? [];
    this.reason = more.reason;
    this.allow = more.allow ?? "POST, OPTIONS";
    const wait = more.retryAfterMs ?? (status === 503 ? 5_000 : undefined);
    this.retryAfter = wait === undefined ? undefined : Math.max(1, Math.ceil(wait / 1_000));
  }
}

/** Creates an issue of severity `error`. */
export function problem(path: string, code: Issue["code"], message: string): Issue {
  return { path, code, severity: "error", message };
}
