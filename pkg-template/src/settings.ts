import { failure, isICloudReadyError } from "./errors.js";
import { isHeaderValue } from "./tokens.js";

/** What can be said of one call, as the last argument of every method. */
export interface CallOptions {
  /** Ends the call at once, whatever it is doing, with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt: asking for the token, sending, reading to the last byte; 0 is no bound. */
  timeout?: number | undefined;
  /** Milliseconds from the first attempt's start: attempts, back-off, look-ups; 0 is no bound. */
  totalTimeout?: number | undefined;
  /** How often a request may be sent again. */
  maxRetries?: number | undefined;
  /** Further headers. */
  headers?: Record<string, string> | undefined;
  /** Told of the raw response, for its status and headers. */
  onResponse?: ((response: Response) => void) | undefined;
}

/** What can be said of creating a lead. */
export interface CreateOptions extends CallOptions {
  /**
   * An id of 8 to 64 of `[A-Za-z0-9_-]` under which the lead is made once: it goes out in the lead,
   * and after an answer was lost the CRM is asked for it before the lead is sent again. That holds
   * while the CRM's commit and search take no longer than `reconcileWaits`.
   */
  submissionId?: string | undefined;
  /** Asks the CRM for the lead before the first send too: an earlier run may have sent it. */
  lookFirst?: boolean | undefined;
}

/** The settings a client has and a call may have. Times in milliseconds; 0 is no bound. */
export interface Behaviour {
  /** One attempt: asking for the token, sending, reading to the last byte. Default 30,000. */
  timeout?: number | undefined;
  /** From the first attempt's start, after the limiter: attempts, back-off, look-ups. Default 120,000. */
  totalTimeout?: number | undefined;
  /** In the limiter's queue. Default 0. */
  maxQueueWait?: number | undefined;
  /** How often a request may be sent again. Default 2. */
  maxRetries?: number | undefined;
  /** Whether a warning about what is sent stops the call as an error does. */
  strict?: boolean | undefined;
  /** The lead's field that carries the submission id. Default `customField`. */
  submissionField?: "customField" | "idengagerRequestId" | undefined;
  /** How widely to look for a submission id; `id` by default in a web page, else `full`. */
  reconcile?: "full" | "id" | undefined;
  /** The waits before each look after a lost answer. Default `[1_000, 4_000]`. */
  reconcileWaits?: readonly number[] | undefined;
  /** Where a list's envelope holds its records, names joined by dots, if not in a usual place. */
  itemsKey?: string | undefined;
  /** The number of a list's first page, if known: saves one question. */
  firstPage?: 0 | 1 | undefined;
}

/** A call's options as the call needs them. @internal */
export interface CallSettings extends CreateOptions {
  /** For the wasm: see `read` in `src/wasm/entry.rs`. */
  numbers: number[];
  itemsKey?: string | undefined;
  /** Sent without a credential: signing in. */
  anonymous?: boolean;
}

const NO_HEADERS = ["authorization", "x-api-key", "organizationid", "content-type", "content-length", "host"];

/** The numbers of a client's settings together with a call's. @internal */
export function settingsOf(
  behaviour: Behaviour,
  call: CreateOptions,
  facts: { integrationToken: boolean; tokenFunction: boolean; inPage: boolean },
): CallSettings {
  call = given(call);
  const { timeout = 30_000, totalTimeout = 120_000, maxRetries = 2 } = { ...behaviour, ...call };
  const {
    maxQueueWait = 0,
    reconcile = facts.inPage ? "id" : "full",
    reconcileWaits = [1_000, 4_000],
    firstPage,
    itemsKey,
  } = behaviour;
  number("timeout", timeout);
  number("totalTimeout", totalTimeout);
  number("maxQueueWait", maxQueueWait);
  number("maxRetries", maxRetries, true);
  oneOf("reconcile", reconcile, ["full", "id"]);
  oneOf("submissionField", behaviour.submissionField ?? "customField", ["customField", "idengagerRequestId"]);
  oneOf("firstPage", firstPage ?? 0, [0, 1]);
  if (!Array.isArray(reconcileWaits)) throw wrong("reconcileWaits", "must be an array of numbers");
  for (const wait of reconcileWaits) number("reconcileWaits", wait);
  const flags = [
    behaviour.strict,
    facts.integrationToken,
    facts.tokenFunction,
    call.lookFirst && call.submissionId !== undefined,
    behaviour.submissionField === "idengagerRequestId",
    reconcile === "id",
    firstPage !== undefined,
    firstPage === 1,
  ].reduce((flags, flag, bit) => flags | (flag ? 1 << bit : 0), 0);
  const signal = signalOf(call.signal);
  const headers = headersOf(call.headers);
  const waits = reconcileWaits.length;
  const numbers = [0, timeout, totalTimeout, maxQueueWait, maxRetries, flags, waits, ...reconcileWaits];
  return { ...call, signal, headers, itemsKey, numbers };
}

/** An option that is `undefined` is not given. @internal */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** Throws unless the value is a number of 0 or more. @internal */
export function number(name: string, value: unknown, integer = false): void {
  const right = typeof value === "number" && value >= 0 && value < Infinity && (!integer || Number.isInteger(value));
  if (!right) throw wrong(name, `must be ${integer ? "an integer" : "a number"} of 0 or more`);
}

/** Throws unless the value is one of these. */
function oneOf(name: string, value: unknown, values: unknown[]): void {
  if (!values.includes(value)) throw wrong(name, `must be one of ${values.join(", ")}`);
}

/**
 * Headers as they are sent: the names in lower case, so that none goes out twice. Throws for one
 * that is ours to set or cannot be sent. Values are not shown. @internal
 */
export function headersOf(headers: Record<string, string> = {}): Record<string, string> {
  if (typeof headers !== "object" || Symbol.iterator in headers) throw wrong("headers", "must be a plain object");
  const checked = Object.entries(given(headers)).map(([name, value]) => {
    const lower = name.toLowerCase();
    if (NO_HEADERS.includes(lower)) throw wrong("headers", `may not set ${name}`);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw wrong("headers", "have a name that is none");
    if (typeof value !== "string" || !isHeaderValue(value)) throw wrong("headers", `have a bad value for ${name}`);
    return [lower, value];
  });
  return Object.fromEntries(checked);
}

/** Runs what reads a caller's values: a getter or proxy may throw anything. @internal */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw isICloudReadyError(cause) ? cause : failure("configuration", "an option cannot be read", cause);
  }
}

/** Runs what only observes: neither what it throws nor what it rejects with goes anywhere else. @internal */
export function quietly(observe: () => unknown, failed = () => {}): void {
  (async () => observe())().catch(failed);
}

/** A signal that can be listened to. Asked of it before a call, since within one nothing may throw. @internal */
export function signalOf(signal: AbortSignal | null | undefined): AbortSignal | undefined {
  if (signal == null) return;
  if (typeof signal.aborted !== "boolean" || !signal.addEventListener) throw wrong("signal", "must be an AbortSignal");
  return signal;
}

/** An error about an option. @internal */
export function wrong(option: string, said: string): Error {
  return failure("configuration", `${option} ${said}`);
}
