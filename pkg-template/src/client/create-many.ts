import type { abortListeners as AbortListeners } from "../base/abort.js";
import type {
  createError as CreateError,
  ICloudReadyError,
  withCallerStack as WithCallerStack,
} from "../base/errors.js";
import type { Lead, NewLead } from "../base/generated/models.js";
import type {
  checkSignal as CheckSignal,
  guardUserCode as GuardUserCode,
  OptionNames,
  rejectUnknownOptions as RejectUnknownOptions,
} from "../base/options.js";
import type { CallOptions, CreateOptions } from "./settings.js";

/**
 * The functions of the client that this script uses. They are parameters, because bundlers move shared imports into a
 * third chunk, which would increase what every page loads.
 */
type CreateManyDependencies = readonly [
  createError: typeof CreateError,
  guardUserCode: typeof GuardUserCode,
  createOptions: OptionNames<CreateOptions>,
  rejectUnknownOptions: typeof RejectUnknownOptions,
  checkSignal: typeof CheckSignal,
  abortListeners: typeof AbortListeners,
  withCallerStack: typeof WithCallerStack,
];

/** Options of `createMany`. The call options apply to each lead. */
export interface CreateManyOptions extends CallOptions {
  /** The maximum number of concurrent creates. Default 4. */
  concurrency?: number | undefined;
  /** Returns a lead's submission id. Default: random ids. */
  submissionId?: ((lead: NewLead, index: number) => string) | undefined;
  /**
   * Looks up each lead, or those that the function selects, before sending it. With the ids of an earlier run nothing
   * is duplicated. Costs one request more per new lead, and up to three for the first ones. Default false.
   */
  checkExisting?: boolean | ((lead: NewLead, index: number) => boolean) | undefined;
  /** Called after each lead; `total` is set if the input is an array. Its errors are ignored. Default: none. */
  onProgress?: ((progress: { done: number; failed: number; total?: number }) => void) | undefined;
  /** Stops reading the input and aborts the creates in progress. */
  signal?: AbortSignal | undefined;
}

/** The result of one lead: its index in the input, its submission id, and the created lead or the error. */
export type CreateManyResult =
  | { index: number; submissionId: string; status: "created"; lead: Lead }
  | { index: number; submissionId: string; status: "failed"; error: ICloudReadyError };

/** Creates leads in bulk. */
export interface BulkLeads {
  /**
   * Creates leads, several at a time, each with a submission id. Yields the results in the order of the input, which is
   * read no faster than leads are sent. A lead that fails is a result; the others continue.
   *
   * @throws {AuthenticationError | PermissionDeniedError} after the results of the leads in progress; no more are sent.
   * @throws {AbortError} if `signal` aborted before the end of the input.
   *
   * @example
   * for await (const result of crm.leads.createMany(leads)) {
   *   if (result.status === "failed") console.error(result.index, result.error.code);
   * }
   */
  createMany(
    leads: Iterable<NewLead> | AsyncIterable<NewLead>,
    options?: CreateManyOptions,
  ): AsyncGenerator<CreateManyResult, void, undefined>;
}

/** Implements `createMany` with `create`. @internal */
export async function* createMany(
  create: (lead: NewLead, options: CreateOptions) => Promise<Lead>,
  [
    createError,
    guardUserCode,
    createOptions,
    rejectUnknownOptions,
    checkSignal,
    abortListeners,
    withCallerStack,
  ]: CreateManyDependencies,
  leads: Iterable<NewLead> | AsyncIterable<NewLead>,
  options?: CreateManyOptions,
): AsyncGenerator<CreateManyResult, void, undefined> {
  const configError = (message: string) => createError("configuration", `leads.createMany: ${message}`);
  const checked: CreateManyOptions = guardUserCode(() => {
    const known: OptionNames<CreateManyOptions> = { ...createOptions, concurrency: 1, onProgress: 1 };
    rejectUnknownOptions(options, known, "leads.createMany");
    return { ...options };
  });
  const {
    concurrency = 4,
    submissionId: idOf = randomId,
    checkExisting: isRerun,
    onProgress,
    ...callOptions
  } = checked;
  const signal = guardUserCode(() => checkSignal(checked.signal));
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw configError("concurrency must be an integer of at least 1");
  if ((typeof leads !== "object" && typeof leads !== "string") || leads === null)
    throw configError("leads must be iterable");
  const input = guardUserCode(() =>
    Symbol.asyncIterator in leads ? leads[Symbol.asyncIterator]() : leads[Symbol.iterator](),
  );
  const total = Array.isArray(leads) ? { total: leads.length } : {};
  const inProgress: Promise<CreateManyResult>[] = [];
  let index = 0;
  let done = 0;
  let failed = 0;
  /** Whether more leads may be sent, and whether the input has ended. */
  let isOpen = true;
  let isExhausted = false;
  let pendingRead: Promise<void> | undefined;
  /** What the input threw, in an array because it may be `undefined`. */
  let inputError: [unknown] | undefined;
  /** An error that all other leads would get too. */
  let fatalError: ICloudReadyError | undefined;

  const send = async (lead: NewLead, index: number): Promise<CreateManyResult> => {
    let submissionId = "";
    try {
      submissionId = guardUserCode(() => idOf(lead, index));
      const checkExisting = typeof isRerun === "function" ? guardUserCode(() => isRerun(lead, index)) : isRerun;
      const created = await create(lead, { ...callOptions, submissionId, checkExisting, signal });
      return { index, submissionId, status: "created", lead: created };
    } catch (cause) {
      const error = cause as ICloudReadyError;
      if (error.code === "authentication" || error.code === "permission_denied") {
        isOpen = false;
        fatalError ??= error;
      }
      return { index, submissionId, status: "failed", error };
    }
  };
  const readNext = async () => {
    try {
      const { done, value } = await input.next();
      isExhausted = !!done;
      if (!done && isOpen) inProgress.push(send(value, index++));
    } catch (cause) {
      inputError ??= [cause];
      isExhausted = true;
    }
  };
  // Ends the wait for a slow input when the signal aborts.
  let stop: (() => void) | undefined;
  const abort = () => stop?.();
  const listeners = abortListeners(signal);
  listeners?.add(abort);

  try {
    for (;;) {
      if (signal?.aborted) isOpen = false;
      if (isOpen && !isExhausted && inProgress.length < concurrency) {
        pendingRead ??= new Promise((resolve) => {
          stop = resolve;
          void readNext().then(() => resolve((pendingRead = undefined)));
        });
      }
      // Results do not wait for a slow input, nor reading for a slow result.
      const waits = [inProgress[0], isOpen ? pendingRead : undefined].filter((wait) => wait !== undefined);
      if (!waits.length) break;
      const result = await Promise.race(waits);
      if (!result) continue;
      void inProgress.shift();
      if (result.status === "created") done++;
      else failed++;
      // Errors of the callback are ignored.
      if (onProgress) (async () => onProgress({ done, failed, ...total }))().catch(() => {});
      yield result;
    }
    if (fatalError) throw withCallerStack(fatalError);
    if (inputError) throw inputError[0];
    if (signal?.aborted && !isExhausted)
      throw createError("abort", "leads.createMany: the call was aborted", signal.reason);
  } finally {
    isOpen = false;
    listeners?.delete(abort);
    // Waits for the creates in progress: a caller that stops early may end the process next.
    await Promise.all(inProgress);
    // While a read is pending, `return` waits for it, possibly forever.
    const closed = (async () => isExhausted || input.return?.())().catch(() => {});
    if (!pendingRead) await closed;
  }
}

/** Creates a UUID; pages without https have no `crypto.randomUUID`. */
function randomId(): string {
  return (
    crypto.randomUUID?.() ??
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")
  );
}
