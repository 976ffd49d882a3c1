import type { abortListeners as CallsOf } from "../base/abort.js";
import type { createError as Failure, ICloudReadyError, withCallerStack as WithCaller } from "../base/errors.js";
import type { Lead, NewLead } from "../base/generated/models.js";
import type { CallOptions, CreateOptions, OptionNames } from "./settings.js";
import type {
  guardUserCode as Reading,
  rejectUnknownOptions as RejectUnknownOptions,
  checkSignal as SignalOf,
} from "./settings.js";

/**
 * What this script needs of the client's. It imports none of it: bundlers would move what two scripts share into a third
 * one, and what every page loads would be larger.
 */
type Dependencies = readonly [
  failure: typeof Failure,
  reading: typeof Reading,
  createOptions: OptionNames<CreateOptions>,
  rejectUnknownOptions: typeof RejectUnknownOptions,
  signalOf: typeof SignalOf,
  callsOf: typeof CallsOf,
  withCaller: typeof WithCaller,
];

/** Options of `createMany`. The call options apply to each lead; `signal` ends all of them. */
export interface CreateManyOptions extends CallOptions {
  /** How many are under way at once. Default 4. */
  concurrency?: number | undefined;
  /** Each lead's submission id; a random one by default. */
  submissionId?: ((lead: NewLead, index: number) => string) | undefined;
  /**
   * Looks each lead up before sending it, or those that the function selects: with the ids of an earlier run nothing is
   * duplicated. Costs one more request per new lead, and up to three for the first ones.
   */
  checkExisting?: boolean | ((lead: NewLead, index: number) => boolean) | undefined;
  /** Called after each lead; `total` is set if the input is an array. */
  onProgress?: ((progress: { done: number; failed: number; total?: number }) => void) | undefined;
  /** Stops reading and ends what is under way. */
  signal?: AbortSignal | undefined;
}

/** The result of one lead. */
export type CreateManyResult =
  | { index: number; submissionId: string; status: "created"; lead: Lead }
  | { index: number; submissionId: string; status: "failed"; error: ICloudReadyError };

/** Creating leads in bulk. */
export interface BulkLeads {
  /**
   * Creates leads, a few at a time, each with a submission id, and yields the results in the input's order. The
   * input is read no faster than leads are sent.
   *
   * @throws {AuthenticationError | PermissionDeniedError} after the results of the leads under way; no further lead is sent.
   */
  createMany(
    leads: Iterable<NewLead> | AsyncIterable<NewLead>,
    options?: CreateManyOptions,
  ): AsyncGenerator<CreateManyResult, void, undefined>;
}

/** `createMany` over `create`. @internal */
export async function* createMany(
  create: (lead: NewLead, options: CreateOptions) => Promise<Lead>,
  [failure, reading, createOptions, rejectUnknownOptions, signalOf, callsOf, withCaller]: Dependencies,
  leads: Iterable<NewLead> | AsyncIterable<NewLead>,
  options?: CreateManyOptions,
): AsyncGenerator<CreateManyResult, void, undefined> {
  const wrong = (message: string) => failure("configuration", `leads.createMany: ${message}`);
  const given: CreateManyOptions = reading(() => {
    const known: OptionNames<CreateManyOptions> = { ...createOptions, concurrency: 1, onProgress: 1 };
    rejectUnknownOptions(options, known, "leads.createMany");
    return { ...options };
  });
  const { concurrency = 4, submissionId: idOf = randomId, checkExisting: isRerun, onProgress, ...each } = given;
  const signal = reading(() => signalOf(given.signal));
  if (!Number.isInteger(concurrency) || concurrency < 1) throw wrong("concurrency must be an integer of at least 1");
  if ((typeof leads !== "object" && typeof leads !== "string") || leads === null) throw wrong("leads must be iterable");
  const input = reading(() =>
    Symbol.asyncIterator in leads ? leads[Symbol.asyncIterator]() : leads[Symbol.iterator](),
  );
  const total = Array.isArray(leads) ? { total: leads.length } : {};
  const underWay: Promise<CreateManyResult>[] = [];
  let index = 0;
  let done = 0;
  let failed = 0;
  /** Whether more is to be read, and whether there is more. */
  let open = true;
  let exhausted = false;
  let read: Promise<void> | undefined;
  /** What is thrown at the end: what the input threw, or what would refuse all other leads too. */
  let thrown: [unknown] | undefined;
  let refusal: ICloudReadyError | undefined;

  const send = async (lead: NewLead, index: number): Promise<CreateManyResult> => {
    let submissionId = "";
    try {
      submissionId = reading(() => idOf(lead, index));
      const checkExisting = typeof isRerun === "function" ? reading(() => isRerun(lead, index)) : isRerun;
      const created = await create(lead, { ...each, submissionId, checkExisting, signal });
      return { index, submissionId, status: "created", lead: created };
    } catch (cause) {
      const error = cause as ICloudReadyError;
      if (error.code === "authentication" || error.code === "permission_denied") {
        open = false;
        refusal ??= error;
      }
      return { index, submissionId, status: "failed", error };
    }
  };
  const next = async () => {
    try {
      const { done, value } = await input.next();
      exhausted = !!done;
      if (!done && open) underWay.push(send(value, index++));
    } catch (cause) {
      thrown ??= [cause];
      exhausted = true;
    }
  };
  // An input may be as slow as it likes: what waits for it ends with an abort.
  let stop: (() => void) | undefined;
  const abort = () => stop?.();
  const calls = callsOf(signal);
  calls?.add(abort);

  try {
    for (;;) {
      if (signal?.aborted) open = false;
      if (open && !exhausted && underWay.length < concurrency) {
        read ??= new Promise((resolve) => {
          stop = resolve;
          next().then(() => resolve((read = undefined)));
        });
      }
      // A slow input holds up no result, nor a slow result the reading.
      const waits = [underWay[0], open ? read : undefined].filter((wait) => wait !== undefined);
      if (!waits.length) break;
      const result = await Promise.race(waits);
      if (!result) continue;
      underWay.shift();
      if (result.status === "created") done++;
      else failed++;
      // It only observes: neither what it throws nor what it rejects with goes anywhere else.
      (async () => onProgress?.({ done, failed, ...total }))().catch(() => {});
      yield result;
    }
    if (refusal) throw withCaller(refusal);
    if (thrown) throw thrown[0];
    if (signal?.aborted && !exhausted) throw failure("abort", "leads.createMany: the call was aborted", signal.reason);
  } finally {
    open = false;
    calls?.delete(abort);
    // What was begun is not left to itself: a reader who stops early may end the process next.
    await Promise.all(underWay);
    // An input that is being read answers to this after that, which may be never.
    const closed = (async () => exhausted || input.return?.())().catch(() => {});
    if (!read) await closed;
  }
}

/** 32 hexadecimal digits; `crypto.randomUUID` is missing on pages without https. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
