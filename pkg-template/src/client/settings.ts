import { assertNumber, assertOneOf, checkHeaders, checkSignal } from "../base/options.js";
import { configError, omitUndefined, type OptionNames, rejectUnknownOptions } from "../base/options.js";

/** Options of one call, the last argument of every method. They override those of the client. */
export interface CallOptions {
  /** Aborts the call with an `AbortError`. Default: none. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds for one attempt: getting the token, sending, reading the body. An attempt that takes longer fails with
   * a `TimeoutError`. 0 disables it. Default 30,000.
   */
  timeout?: number | undefined;
  /** Milliseconds for all attempts, back-offs and lookups, without the limiter. 0 disables it. Default 120,000. */
  totalTimeout?: number | undefined;
  /** The maximum number of retries. Default 2. */
  maxRetries?: number | undefined;
  /** Added to the client's headers. Default: none. */
  headers?: Record<string, string> | undefined;
  /** Called with each response, without its body. Its errors are logged and ignored. */
  onResponse?: ((response: Response) => void) | undefined;
}

/** Options of `leads.create`. */
export interface CreateOptions extends CallOptions {
  /**
   * 8 to 64 characters of `[A-Za-z0-9_-]`; creates the lead once. It is sent in the lead. If the response is lost, the
   * client looks the lead up and resends it only if the CRM does not have it, provided that the CRM lists new leads
   * within `reconcileDelays`. Of concurrent creates with one id, in this client and derived clients, one is sent.
   */
  submissionId?: string | undefined;
  /** Looks the lead up first, in case an earlier run sent it. Needs `submissionId`. Default false. */
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

/** Options of a client that concern its calls. */
export interface CallDefaults extends Pick<CallOptions, "timeout" | "totalTimeout" | "maxRetries"> {
  /** The maximum wait in the limiter, in milliseconds. Default 0: no limit. */
  maxQueueWait?: number | undefined;
  /** Whether warnings about input are errors. Default false. */
  strict?: boolean | undefined;
  /** The lead's field that contains the submission id. Default `customField`. */
  submissionField?: "customField" | "idengagerRequestId" | undefined;
  /** How leads are looked up: by id only, or also by phone and in the list. Default `id` in pages, otherwise `full`. */
  reconcile?: "full" | "id" | undefined;
  /** Milliseconds before each lookup after a lost response. Default `[1_000, 4_000]`. */
  reconcileDelays?: readonly number[] | undefined;
  /** The path to the records in a list's response, such as `result.items`. Default: common names are tried. */
  itemsKey?: string | undefined;
  /** The number of a list's first page. Default: found out, with one request more. */
  firstPage?: 0 | 1 | undefined;
}

/** The settings of one call. @internal */
export interface CallSettings extends CreateOptions {
  /** For the wasm: see `read` in `src/wasm/entry.rs`. */
  numbers: number[];
  itemsKey?: string | undefined;
  /** Sent without a credential, to sign in. */
  anonymous?: boolean;
}

/** The options that are among the numbers for the wasm, and their positions there. `maxRetries` is an integer. */
const OVERRIDES = { timeout: 1, totalTimeout: 2, maxRetries: 4 };

/** The settings of calls without options. @internal */
export function resolveClientSettings(
  options: CallDefaults,
  integrationToken: boolean,
  tokenFunction: boolean,
  inPage: boolean,
  knownFirstPage: 0 | 1 | undefined,
): CallSettings {
  const {
    timeout = 30_000,
    totalTimeout = 120_000,
    maxRetries = 2,
    maxQueueWait = 0,
    reconcile = inPage ? "id" : "full",
    reconcileDelays = [1_000, 4_000],
    firstPage = knownFirstPage,
    itemsKey,
  } = options;
  assertNumber("maxQueueWait", maxQueueWait);
  assertOneOf("reconcile", reconcile, ["full", "id"]);
  assertOneOf("submissionField", options.submissionField ?? "customField", ["customField", "idengagerRequestId"]);
  assertOneOf("firstPage", firstPage ?? 0, [0, 1]);
  if (!Array.isArray(reconcileDelays)) throw configError("reconcileDelays", "must be an array of numbers");
  for (const wait of reconcileDelays) assertNumber("reconcileDelays", wait);
  // An option of calls only.
  const checkExisting = false;
  const flags = [
    options.strict,
    integrationToken,
    tokenFunction,
    checkExisting,
    options.submissionField === "idengagerRequestId",
    reconcile === "id",
    firstPage !== undefined,
    firstPage === 1,
  ].reduce((flags, flag, bit) => flags | (flag ? 1 << bit : 0), 0);
  const waits = reconcileDelays.length;
  const numbers = [0, timeout, totalTimeout, maxQueueWait, maxRetries, flags, waits, ...reconcileDelays];
  return resolveCallSettings({ numbers, itemsKey }, { timeout, totalTimeout, maxRetries });
}

/** Adds the options of a call to the settings of its client. @internal */
export function resolveCallSettings(client: CallSettings, call: CreateOptions, operation?: string): CallSettings {
  call = omitUndefined(call);
  rejectUnknownOptions(call, operation === "leads.create" ? CREATE_OPTIONS : CALL_OPTIONS, operation);
  if (call.checkExisting && call.submissionId === undefined) throw configError("checkExisting", "needs a submissionId");
  const numbers = [...client.numbers];
  for (const [name, index] of Object.entries(OVERRIDES)) {
    const value = call[name as keyof typeof OVERRIDES];
    if (value === undefined) continue;
    assertNumber(name, value, index > 2);
    numbers[index] = value;
  }
  // `CHECK_EXISTING` of the flags.
  if (call.checkExisting) numbers[5]! |= 8;
  return { ...client, ...call, signal: checkSignal(call.signal), headers: checkHeaders(call.headers), numbers };
}
