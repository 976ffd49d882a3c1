import { createError, isICloudReadyError } from "../base/errors.js";
import { isHeaderValue } from "./credentials.js";

/** Options of one call, the last argument of every method. */
export interface CallOptions {
  /** Ends the call at once with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt: getting the token, sending, reading the whole body. 0 disables it. */
  timeout?: number | undefined;
  /** Milliseconds from the start of the first attempt: attempts, back-off, lookups. 0 disables it. */
  totalTimeout?: number | undefined;
  /** The maximum number of retries. */
  maxRetries?: number | undefined;
  /** Additional headers. */
  headers?: Record<string, string> | undefined;
  /** Called with the raw response, for its status and headers. */
  onResponse?: ((response: Response) => void) | undefined;
}

/** Options of `leads.create`. */
export interface CreateOptions extends CallOptions {
  /**
   * 8 to 64 characters of `[A-Za-z0-9_-]`; creates the lead once. It is sent in the lead, and if the response is lost,
   * the lead is looked up before it is resent. This holds while the CRM commits and indexes within `reconcileDelays`. Of
   * concurrent creates with one id, in this client and clients derived from it, one is sent; the others return its record.
   */
  submissionId?: string | undefined;
  /** Looks the lead up before the first attempt too: an earlier run may have sent it. Needs a `submissionId`. */
  checkExisting?: boolean | undefined;
}

const CALL_OPTIONS: OptionNames<CallOptions> = {
  signal: 1,
  timeout: 1,
  totalTimeout: 1,
  maxRetries: 1,
  headers: 1,
  onResponse: 1,
};

/** @internal */
export const CREATE_OPTIONS: OptionNames<CreateOptions> = { ...CALL_OPTIONS, submissionId: 1, checkExisting: 1 };

/** Settings of a client that a call may override. Times are in milliseconds; 0 disables a timeout. */
export interface CallDefaults {
  /** One attempt: getting the token, sending, reading the whole body. Default 30,000. */
  timeout?: number | undefined;
  /** From the start of the first attempt, after the limiter: attempts, back-off, lookups. Default 120,000. */
  totalTimeout?: number | undefined;
  /** The maximum wait in the limiter. Default 0: no limit. */
  maxQueueWait?: number | undefined;
  /** The maximum number of retries. Default 2. */
  maxRetries?: number | undefined;
  /** Whether a warning about input is an error. Default false. */
  strict?: boolean | undefined;
  /** The lead's field that carries the submission id. Default `customField`. */
  submissionField?: "customField" | "idengagerRequestId" | undefined;
  /** Looks a lead up by its id only, or also by phone and in the list. Default `id` in a web page, otherwise `full`. */
  reconcile?: "full" | "id" | undefined;
  /** The waits before each lookup after a lost response. Default `[1_000, 4_000]`. */
  reconcileDelays?: readonly number[] | undefined;
  /** The path to the records in a list's envelope, names joined by dots, if it is unusual. */
  itemsKey?: string | undefined;
  /** The number of a list's first page, if known: saves one request. */
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

const RESERVED_HEADERS = ["authorization", "x-api-key", "organizationid", "content-type", "content-length", "host"];

/** The numbers of a client's settings together with a call's. @internal */
export function resolveCallSettings(
  behavior: CallDefaults,
  call: CreateOptions,
  facts: { integrationToken: boolean; tokenFunction: boolean; inPage: boolean; firstPage: 0 | 1 | undefined },
  operation?: string,
): CallSettings {
  call = omitUndefined(call);
  rejectUnknownOptions(call, operation === "leads.create" ? CREATE_OPTIONS : CALL_OPTIONS, operation);
  if (call.checkExisting && call.submissionId === undefined) throw configError("checkExisting", "needs a submissionId");
  const { timeout = 30_000, totalTimeout = 120_000, maxRetries = 2 } = { ...behavior, ...call };
  const {
    maxQueueWait = 0,
    reconcile = facts.inPage ? "id" : "full",
    reconcileDelays = [1_000, 4_000],
    firstPage = facts.firstPage,
    itemsKey,
  } = behavior;
  assertNumber("timeout", timeout);
  assertNumber("totalTimeout", totalTimeout);
  assertNumber("maxQueueWait", maxQueueWait);
  assertNumber("maxRetries", maxRetries, true);
  assertOneOf("reconcile", reconcile, ["full", "id"]);
  assertOneOf("submissionField", behavior.submissionField ?? "customField", ["customField", "idengagerRequestId"]);
  assertOneOf("firstPage", firstPage ?? 0, [0, 1]);
  if (!Array.isArray(reconcileDelays)) throw configError("reconcileDelays", "must be an array of numbers");
  for (const wait of reconcileDelays) assertNumber("reconcileDelays", wait);
  const flags = [
    behavior.strict,
    facts.integrationToken,
    facts.tokenFunction,
    call.checkExisting,
    behavior.submissionField === "idengagerRequestId",
    reconcile === "id",
    firstPage !== undefined,
    firstPage === 1,
  ].reduce((flags, flag, bit) => flags | (flag ? 1 << bit : 0), 0);
  const signal = checkSignal(call.signal);
  const headers = checkHeaders(call.headers);
  const waits = reconcileDelays.length;
  const numbers = [0, timeout, totalTimeout, maxQueueWait, maxRetries, flags, waits, ...reconcileDelays];
  return { ...call, signal, headers, itemsKey, numbers };
}

/** An option that is `undefined` is not given. @internal */
export function omitUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** The names that an object of options may have; as a type, those of `T`, all of them. @internal */
export type OptionNames<T = object> = Readonly<Record<keyof T, 1>>;

/**
 * Throws for an own enumerable option that is not a known one, and names the nearest: a misspelled
 * option would change nothing, and nothing would say so. `where`: the operation, or what has the
 * options. @internal
 */
export function rejectUnknownOptions(options: object | null | undefined, known: OptionNames, where?: string): void {
  for (const name of Object.keys(omitUndefined(options ?? {}))) {
    if (Object.hasOwn(known, name)) continue;
    throw createError(
      "configuration",
      `${where ? `${where}: ` : ""}unknown option "${name}"${didYouMean(name, Object.keys(known))}`,
    );
  }
}

/** The end of a message about an unknown name: the one that was probably meant, if one is near. @internal */
export function didYouMean(given: string, names: string[]): string {
  // Without separators and case, then without the first word too: "token" means accessToken, and
  // "retrys" maxRetries; but "response" is no hook.
  const plain = (name: string) => name.replace(/[\W_]/g, "").toLowerCase();
  const tail = (name: string) => plain(name.replace(/^(?!on[A-Z])[a-z]+(?=[A-Z])/, "")).replace(/y(?=s?$)/, "ie");
  for (const [form, edits] of [
    [plain, 1],
    [tail, 1],
    [plain, 2],
  ] as const) {
    const name = names.find((name) => isNear(form(name), form(given), edits));
    if (name) return `; did you mean "${name}"?`;
  }
  return "";
}

/** Whether so many edits make one text the other: a letter more, less or another, or two swapped. */
function isNear(one: string, other: string, edits: number): boolean {
  const [a, b] = [one.slice(1), other.slice(1)];
  return one[0] === other[0]
    ? !one || isNear(a, b, edits)
    : edits-- > 0 &&
        (isNear(a, b, edits) ||
          isNear(a, other, edits) ||
          isNear(one, b, edits) ||
          isNear(one[1] + one[0]! + one.slice(2), other, edits));
}

/** Throws unless the value is a number of 0 or more. @internal */
export function assertNumber(name: string, value: unknown, integer = false): void {
  const right = typeof value === "number" && value >= 0 && value < Infinity && (!integer || Number.isInteger(value));
  if (!right) throw configError(name, `must be ${integer ? "an integer" : "a number"} of 0 or more`);
}

/** Throws unless the value is one of these. */
function assertOneOf(name: string, value: unknown, values: unknown[]): void {
  if (!values.includes(value)) throw configError(name, `must be one of ${values.join(", ")}`);
}

/**
 * Headers as they are sent: the names in lower case, so that none goes out twice. Throws for one
 * that is ours to set or cannot be sent. Values are not shown. @internal
 */
export function checkHeaders(headers: Record<string, string> = {}): Record<string, string> {
  if (typeof headers !== "object" || Symbol.iterator in headers) throw configError("headers", "must be a plain object");
  const checked = Object.entries(omitUndefined(headers)).map(([name, value]) => {
    const lower = name.toLowerCase();
    if (RESERVED_HEADERS.includes(lower)) throw configError("headers", `may not set ${name}`);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw configError("headers", "have a bad name");
    if (typeof value !== "string" || !isHeaderValue(value))
      throw configError("headers", `have a bad value for ${name}`);
    return [lower, value];
  });
  return Object.fromEntries(checked);
}

/** Runs what reads a caller's values: a getter or proxy may throw anything. @internal */
export function guardUserCode<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw isICloudReadyError(cause) ? cause : createError("configuration", "an option cannot be read", cause);
  }
}

/** Runs what only observes: neither what it throws nor what it rejects with goes anywhere else. @internal */
export function ignoreErrors(observe: () => unknown, failed = () => {}): void {
  (async () => observe())().catch(failed);
}

/** A signal that can be listened to. Asked of it before a call, since within one nothing may throw. @internal */
export function checkSignal(signal: AbortSignal | null | undefined): AbortSignal | undefined {
  if (signal == null) return;
  if (typeof signal.aborted !== "boolean" || !signal.addEventListener)
    throw configError("signal", "must be an AbortSignal");
  return signal;
}

/** An error about an option. @internal */
export function configError(option: string, said: string): Error {
  return createError("configuration", `${option} ${said}`);
}
