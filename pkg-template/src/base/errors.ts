import type { Attempt } from "./attempt.js";
import { runtime } from "./environment.js";
import { FAILURES, ISSUES } from "./generated/codes.js";

/** One thing that is wrong with what was to be sent. */
export interface Issue {
  /** Where: wire names and indexes joined by dots, as in `leadInformation.phone`; `""` for the whole. */
  path: string;
  /** What is wrong. The list is closed. */
  code: (typeof ISSUES)[number];
  /** An error stops the call; a warning does so only in a strict client. */
  severity: "error" | "warning";
  /** What is wrong, in English, without the value. */
  message: string;
}

/** What is said of an error when it is made. @internal */
export interface ErrorDetails {
  code: string;
  message: string;
  operation?: string | undefined;
  attempts?: number;
  ambiguous?: boolean;
  retryAfterMs?: number | undefined;
  issues?: Issue[];
}

const BRAND = Symbol.for("icloud-ready.error");

/** Any error of this package. Its message never holds what was sent or received. */
export class ICloudReadyError extends Error {
  /** A word to switch on, as in `rate_limit` or `total_timeout`. */
  readonly code: string;
  /** The operation, as in `leads.create`. */
  readonly operation: string | undefined;
  /** How often the request was sent. */
  readonly attempts: number;
  /** Whether the CRM may have acted though no answer came. */
  readonly ambiguous: boolean;
  /** The CRM's id of the request: `x-request-id`, else `cf-ray`. */
  readonly requestId: string | undefined;
  // Private, not merely non-enumerable: runtimes print an error's own `cause` either way.
  readonly #trace: Partial<Attempt>;
  readonly #cause: unknown;

  /** @internal */
  constructor(told: ErrorDetails, trace: Partial<Attempt> = {}, cause: unknown = trace.cause) {
    super(told.message);
    this.code = told.code;
    this.operation = told.operation;
    this.attempts = told.attempts ?? 0;
    this.ambiguous = told.ambiguous ?? false;
    this.requestId = trace.requestId ?? undefined;
    this.#trace = trace;
    this.#cause = cause;
  }

  /** The error behind this one; for an `AbortError` the signal's reason. It may hold anything. */
  override get cause(): unknown {
    return this.#cause;
  }

  /** @internal */
  protected get trace(): Partial<Attempt> {
    return this.#trace;
  }

  /** Keeps what `cause` and `body` may hold out of `console.log`. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect?: (value: unknown, options: object) => string,
  ): string {
    return `${this.stack} ${inspect ? inspect({ ...this }, options) : JSON.stringify(this)}`;
  }

  /** Also true for an error of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const name = CLASS_NAMES.get(this);
    if (!name) return Function.prototype[Symbol.hasInstance].call(this, value);
    return isICloudReadyError(value) && (value as unknown as Branded)[BRAND].includes(name);
  }
}

/** The options, credentials or headers are wrong; nothing was sent. */
export class ConfigurationError extends ICloudReadyError {}

/** What was to be sent is refused; nothing was sent. */
export class ValidationError extends ICloudReadyError {
  /** Everything that is wrong, warnings too. */
  readonly issues: Issue[];

  /** @internal */
  constructor(told: ErrorDetails, trace?: Partial<Attempt>, cause?: unknown) {
    super(told, trace, cause);
    this.issues = told.issues ?? [];
  }
}

/** The caller's signal aborted the call; `cause` is the signal's reason. */
export class AbortError extends ICloudReadyError {}

/** An internal error of this package. The call failed; the next one works on a fresh instance. */
export class InternalError extends ICloudReadyError {}

/**
 * No answer came, or none that could be read to its end. On servers the message has the system's code where there is
 * one, such as `ENOTFOUND`.
 */
export class ConnectionError extends ICloudReadyError {}

/** One of the three clocks ran out: `code` is `timeout`, `total_timeout` or `queue_timeout`. */
export class TimeoutError extends ConnectionError {}

/** The CRM answered, but not with what was asked for. */
abstract class ResponseErrorBase extends ICloudReadyError {
  /** The status of the answer; 0 for a redirect a browser hides; absent where none came. */
  readonly status: number | undefined;
  /** How long the CRM asks to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  /** @internal */
  constructor(told: ErrorDetails, trace?: Partial<Attempt>, cause?: unknown) {
    super(told, trace, cause);
    this.status = trace?.headers && trace.status;
    this.retryAfterMs = told.retryAfterMs;
  }

  /** The headers of the answer. */
  get headers(): Headers | undefined {
    return this.trace.headers;
  }

  /** The body of the answer: parsed if it is JSON, else text. It may hold personal data. */
  get body(): unknown {
    return this.trace.body;
  }

  /** What the CRM's body says is wrong, if it says so in a usual place. It may hold personal data. */
  get detail(): string | undefined {
    return detail(this.trace.body);
  }
}

/** A success that is not what was promised: no JSON, no list, no record. */
export class ResponseError extends ResponseErrorBase {}

/** The CRM answered with a status other than success. */
export class APIError extends ResponseErrorBase {}

/** 400: the CRM refuses what was sent. */
export class BadRequestError extends APIError {}

/** 401: the credential is refused; or the token function gave none (then `status` is absent). */
export class AuthenticationError extends APIError {}

/** 403: the credential lacks the permission. */
export class PermissionDeniedError extends APIError {}

/** 404: there is no such record. */
export class NotFoundError extends APIError {}

/** 409: the record is in another state than the call needs. */
export class ConflictError extends APIError {}

/** 422: the CRM understands what was sent and refuses it. */
export class UnprocessableEntityError extends APIError {}

/** 429: too many requests; or the CRM asked for a pause longer than a minute (then `attempts` is 0). */
export class RateLimitError extends APIError {}

/** 5xx: the CRM failed. */
export class ServerError extends APIError {}

/** Whether a value is an error of this package, of whichever copy of it. */
export function isICloudReadyError(value: unknown): value is ICloudReadyError {
  try {
    return typeof value === "object" && value !== null && BRAND in value;
  } catch {
    // A proxy may throw whatever it is asked.
    return false;
  }
}

interface Branded {
  [BRAND]: string[];
}

// Names are given as strings, since bundlers rename classes, and stand on the prototypes, so that
// they are no property of the errors.
const CLASS_NAMES = new Map<unknown, string>();
const CLASS_BY_CODE: Record<string, typeof APIError> = {};
for (const [name, constructor, codes] of [
  ["ICloudReadyError", ICloudReadyError, ""],
  ["ConfigurationError", ConfigurationError, "configuration"],
  ["ValidationError", ValidationError, "validation"],
  ["AbortError", AbortError, "abort"],
  ["InternalError", InternalError, "internal"],
  ["ConnectionError", ConnectionError, "connection"],
  ["TimeoutError", TimeoutError, "timeout total_timeout queue_timeout"],
  ["Answered", ResponseErrorBase, ""],
  ["ResponseError", ResponseError, "response inconclusive"],
  ["APIError", APIError, "api redirect"],
  ["BadRequestError", BadRequestError, "bad_request"],
  ["AuthenticationError", AuthenticationError, "authentication"],
  ["PermissionDeniedError", PermissionDeniedError, "permission_denied"],
  ["NotFoundError", NotFoundError, "not_found"],
  ["ConflictError", ConflictError, "conflict"],
  ["UnprocessableEntityError", UnprocessableEntityError, "unprocessable_entity"],
  ["RateLimitError", RateLimitError, "rate_limit"],
  ["ServerError", ServerError, "server_error"],
] as [string, typeof APIError, string][]) {
  CLASS_NAMES.set(constructor, name);
  const prototype = constructor.prototype as unknown as Branded & { name: string };
  const above = prototype[BRAND] ?? [];
  for (const [key, value] of [
    [BRAND, [...above, name]],
    ["name", name],
  ] as const) {
    Object.defineProperty(prototype, key, { value, configurable: true, writable: true });
  }
  for (const code of codes.split(" ")) CLASS_BY_CODE[code] = constructor;
}

/** The error that the wasm tells of by a number. @internal */
export function errorFromWasm(
  number: number,
  told: Partial<ErrorDetails>,
  trace?: Attempt,
  cause?: unknown,
): ICloudReadyError {
  const [code, said] = FAILURES[number] ?? ["api", "failed"];
  const detail = trace?.headers ? ` (${trace.status})` : code === "connection" ? runtime.detail(trace?.cause) : "";
  const issues = told.issues?.map(({ path, message }) => `${path || "the body"} ${message}`).join("; ");
  const message = `${told.operation}: ${trace?.route || "the call"} ${said}${detail}${issues ? `: ${issues}` : ""}`;
  return new (CLASS_BY_CODE[code] ?? APIError)({ ...told, code, message }, trace, cause);
}

/** An issue as the wasm tells it. @internal */
export function issueFromWasm(path: string, code: number, severity: number, message: string): Issue {
  return { path, code: ISSUES[code]!, severity: severity ? "warning" : "error", message };
}

/** An error that arose in the facade. @internal */
export function createError(
  code: string,
  message: string,
  cause?: unknown,
  more?: Partial<ErrorDetails>,
): ICloudReadyError {
  return new (CLASS_BY_CODE[code] ?? APIError)({ ...more, code, message }, {}, cause);
}

/** The error of a call that its signal ended. @internal */
export function abortError(operation: string, signal: AbortSignal): ICloudReadyError {
  return createError("abort", `${operation}: the call was aborted`, signal.reason, { operation });
}

/** Gives an error the stack of who awaits it, which V8 knows where an async function throws. @internal */
export function withCallerStack(error: unknown): unknown {
  (Error as { captureStackTrace?(error: unknown, below: unknown): void }).captureStackTrace?.(error, withCallerStack);
  return error;
}

function detail(body: unknown): string | undefined {
  const said = (value: any): unknown =>
    typeof value === "string" ? value : value && (said(value.message) ?? said(value.error) ?? said(value.errors?.[0]));
  return said(body) as string | undefined;
}
