import type { Attempt } from "./attempt.js";
import { runtime } from "./environment.js";
import { type ErrorCode, FAILURES, ISSUES } from "./generated/codes.js";

/** One problem with the input of a call. */
export interface Issue {
  /** Wire names and array indexes joined by dots, as in `leadInformation.phone`; `""` for the whole input. */
  path: string;
  /** The kind of problem. No codes will be added. */
  code: (typeof ISSUES)[number];
  /** An error stops the call; a warning stops it only if the client is `strict`. */
  severity: "error" | "warning";
  /** The problem in English, without the value. */
  message: string;
}

/** What an error is created from. @internal */
export interface ErrorDetails {
  code: ErrorCode;
  message: string;
  operation?: string | undefined;
  attempts?: number;
  ambiguous?: boolean;
  retryAfterMs?: number | undefined;
  issues?: Issue[];
}

const BRAND = Symbol.for("icloud-ready.error");

/** The base class of all errors of this package. Messages contain no URL, no body and no personal data. */
export class ICloudReadyError extends Error {
  /** A machine-readable code, such as `rate_limit` or `total_timeout`. */
  readonly code: ErrorCode;
  /** The operation, such as `leads.create`. */
  readonly operation: string | undefined;
  /** How many times the request was sent. */
  readonly attempts: number;
  /** Whether the CRM may have processed the request although its response is missing. */
  readonly ambiguous: boolean;
  /** The CRM's id of the request: the header `x-request-id`, otherwise `cf-ray`. */
  readonly requestId: string | undefined;
  // Private, because runtimes print an own property `cause` even if it is not enumerable.
  readonly #cause: unknown;

  /** @internal */
  constructor(details: ErrorDetails, attempt: Partial<Attempt> = {}, cause: unknown = attempt.cause) {
    super(details.message);
    this.code = details.code;
    this.operation = details.operation;
    this.attempts = details.attempts ?? 0;
    this.ambiguous = details.ambiguous ?? false;
    this.requestId = attempt.requestId ?? undefined;
    this.#cause = cause;
  }

  /** The underlying error; for an `AbortError` the signal's reason. It may contain personal data. */
  override get cause(): unknown {
    return this.#cause;
  }

  /** Keeps `cause` and `body` out of `console.log`. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect?: (value: unknown, options: object) => string,
  ): string {
    return `${this.stack} ${inspect ? inspect({ ...this }, options) : JSON.stringify(this)}`;
  }

  /** Makes `instanceof` work across copies of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const name = CLASS_NAMES.get(this);
    if (!name) return Function.prototype[Symbol.hasInstance].call(this, value);
    return isICloudReadyError(value) && (value as unknown as Branded)[BRAND].includes(name);
  }
}

/** An option, credential or header is invalid. Nothing was sent. */
export class ConfigurationError extends ICloudReadyError {}

/** The input is invalid. Nothing was sent. */
export class ValidationError extends ICloudReadyError {
  /** All problems, including warnings. */
  readonly issues: Issue[];

  /** @internal */
  constructor(details: ErrorDetails, attempt?: Partial<Attempt>, cause?: unknown) {
    super(details, attempt, cause);
    this.issues = details.issues ?? [];
  }
}

/** The call was aborted by its `signal`; `cause` is the signal's reason. */
export class AbortError extends ICloudReadyError {}

/** A bug in this package. The next call uses a new wasm instance and can succeed. */
export class InternalError extends ICloudReadyError {}

/** No complete response was received. On servers the message contains the system's error code, such as `ENOTFOUND`. */
export class ConnectionError extends ICloudReadyError {}

/** A timeout elapsed: `code` is `timeout`, `total_timeout` or `queue_timeout` (`maxQueueWait`; `attempts` is 0). */
export class TimeoutError extends ConnectionError {}

/** The CRM responded, but not with the expected success. */
abstract class ResponseErrorBase extends ICloudReadyError {
  /** The HTTP status; 0 for a redirect hidden by the browser; `undefined` without a response. */
  readonly status: number | undefined;
  /** The response's `Retry-After` in milliseconds. */
  readonly retryAfterMs: number | undefined;
  // Private, so that dumps of the error do not contain the body.
  readonly #attempt: Partial<Attempt>;

  /** @internal */
  constructor(details: ErrorDetails, attempt: Partial<Attempt> = {}, cause?: unknown) {
    super(details, attempt, cause);
    this.#attempt = attempt;
    this.status = attempt.headers && attempt.status;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** The response headers. */
  get headers(): Headers | undefined {
    return this.#attempt.headers;
  }

  /** The response body: parsed if it is JSON, otherwise text. It may contain personal data. */
  get body(): unknown {
    return this.#attempt.body;
  }

  /** The error message in the response body (`message`, `error` or `errors`), if any. It may contain personal data. */
  get detail(): string | undefined {
    return findDetail(this.#attempt.body);
  }
}

/** A 2xx response without the expected content: not JSON, not a list, not a record. */
export class ResponseError extends ResponseErrorBase {}

/** The CRM responded with a status other than 2xx. */
export class APIError extends ResponseErrorBase {}

/** 400: the CRM rejected the request. */
export class BadRequestError extends APIError {}

/** 401: the credential was rejected; or the token function failed (then `status` is `undefined`). */
export class AuthenticationError extends APIError {}

/** 403: the credential lacks the permission. */
export class PermissionDeniedError extends APIError {}

/** 404: the record does not exist. */
export class NotFoundError extends APIError {}

/** 409: the request conflicts with the record's current state. */
export class ConflictError extends APIError {}

/** 422: the request is well-formed, but the CRM cannot process it. */
export class UnprocessableEntityError extends APIError {}

/** 429: too many requests; or an earlier 429 demands a wait of over a minute (then `attempts` is 0). */
export class RateLimitError extends APIError {}

/** 5xx: an error of the CRM. */
export class ServerError extends APIError {}

/** Whether a value is an error of this package, or of another copy of it. */
export function isICloudReadyError(value: unknown): value is ICloudReadyError {
  try {
    return typeof value === "object" && value !== null && BRAND in value;
  } catch {
    // A proxy may throw from any operation.
    return false;
  }
}

interface Branded {
  [BRAND]: string[];
}

// The names are strings because bundlers rename classes, and members of the prototypes so that errors have no own
// property of them.
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
  Object.defineProperties(prototype, {
    [BRAND]: { value: [...(prototype[BRAND] ?? []), name] },
    name: { value: name, configurable: true, writable: true },
  });
  for (const code of codes.split(" ")) CLASS_BY_CODE[code] = constructor;
}

/** Creates the error for a failure code of the wasm. @internal */
export function errorFromWasm(
  number: number,
  details: Partial<ErrorDetails>,
  attempt?: Attempt,
  cause?: unknown,
): ICloudReadyError {
  const [code, reason] = FAILURES[number] ?? ["api", "Error"];
  const status = attempt?.headers && attempt.status;
  // A capital letter begins the name of a status.
  const failure = /^[A-Z]/.test(reason)
    ? `failed${status ? ` with ${status}` : ":"} ${reason}`
    : reason + (status ? ` (${status})` : code === "connection" ? runtime.detail(attempt?.cause) : "");
  const issues = details.issues?.map(({ path, message }) => `${path || "the body"} ${message}`).join("; ");
  const message = `${details.operation}: ${attempt?.route || "the call"} ${failure}${issues ? `: ${issues}` : ""}`;
  return new (CLASS_BY_CODE[code] ?? APIError)({ ...details, code, message }, attempt, cause);
}

/** Creates an issue from the codes of the wasm. @internal */
export function issueFromWasm(path: string, code: number, severity: number, message: string): Issue {
  return { path, code: ISSUES[code]!, severity: severity ? "warning" : "error", message };
}

/** Creates an error of the facade. @internal */
export function createError(
  code: ErrorCode,
  message: string,
  cause?: unknown,
  details?: Partial<ErrorDetails>,
): ICloudReadyError {
  return new (CLASS_BY_CODE[code] ?? APIError)({ ...details, code, message }, {}, cause);
}

/** Creates the error of a call that its signal aborted. @internal */
export function abortError(operation: string, signal: AbortSignal): ICloudReadyError {
  return createError("abort", `${operation}: the call was aborted`, signal.reason, { operation });
}

/** Makes the stack show the caller that awaits: V8 knows it where an async function throws. @internal */
export function withCallerStack(error: unknown): unknown {
  (Error as { captureStackTrace?(error: unknown, below: unknown): void }).captureStackTrace?.(error, withCallerStack);
  return error;
}

function findDetail(body: unknown): string | undefined {
  const find = (value: any): unknown =>
    typeof value === "string" ? value : value && (find(value.message) ?? find(value.error) ?? find(value.errors?.[0]));
  return find(body) as string | undefined;
}
