import { assertNumber, assertOneOf, checkHeaders, checkSignal } from "../base/options.js";
import { configError, omitUndefined, type OptionNames, rejectUnknownOptions } from "../base/options.js";

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
