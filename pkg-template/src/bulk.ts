import { AuthenticationError, failure, type ICloudReadyError, PermissionDeniedError } from "./errors.js";
import type { Lead, NewLead } from "./generated/models.js";
import type { CreateOptions } from "./settings.js";
import { number, quietly, reading, signalOf, wrong } from "./settings.js";

/** What can be said of creating many leads. */
export interface CreateManyOptions {
  /** How many are under way at once. Default 4. */
  concurrency?: number | undefined;
  /** Each lead's submission id; a random one by default. */
  submissionId?: ((lead: NewLead, index: number) => string) | undefined;
  /** Asks the CRM for each lead before sending it: with the ids of an earlier run it doubles nothing. */
  lookFirst?: boolean | undefined;
  /** Told after each lead. `total` is there where the input's length is known. */
  onProgress?: ((progress: { done: number; failed: number; total?: number }) => void) | undefined;
  /** Stops reading and ends what is under way. */
  signal?: AbortSignal | undefined;
}

/** What became of one of many leads. */
export type CreateManyResult =
  | { index: number; submissionId: string; status: "created"; lead: Lead }
  | { index: number; submissionId: string; status: "failed"; error: ICloudReadyError };

/** Creating leads in bulk. */
export interface BulkLeads {
  /**
   * Creates leads one after another, a few at a time, each under a submission id, and gives what
   * became of each in the input's order. The input is read no faster than it is sent. Ends at the
   * first `AuthenticationError` or `PermissionDeniedError`, which the leads after it would share.
   */
  createMany(
    leads: Iterable<NewLead> | AsyncIterable<NewLead>,
    options?: CreateManyOptions,
  ): AsyncGenerator<CreateManyResult, void, undefined>;
}

/** `createMany` over `create`. @internal */
export async function* createMany(
  create: (lead: NewLead, options: CreateOptions) => Promise<Lead>,
  leads: Iterable<NewLead> | AsyncIterable<NewLead>,
  options?: CreateManyOptions,
): AsyncGenerator<CreateManyResult, void, undefined> {
  const given: CreateManyOptions = reading(() => ({ ...options }));
  const { concurrency = 4, submissionId: idOf = randomId, lookFirst, onProgress } = given;
  const signal = reading(() => signalOf(given.signal));
  number("concurrency", concurrency, true);
  if (!concurrency) throw wrong("concurrency", "must be at least 1");
  const input = reading(() => (Symbol.asyncIterator in leads ? leads[Symbol.asyncIterator]() : leads[Symbol.iterator]()));
  const total = Array.isArray(leads) ? { total: leads.length } : {};
  const underWay: Promise<CreateManyResult>[] = [];
  let index = 0;
  let done = 0;
  let failed = 0;
  /** Whether more is to be read, and whether there is more. */
  let open = true;
  let exhausted = false;
  let read: Promise<void> | undefined;
  let thrown: [unknown] | undefined;

  const send = async (lead: NewLead, index: number): Promise<CreateManyResult> => {
    let submissionId = "";
    try {
      submissionId = reading(() => idOf(lead, index));
      const created = await create(lead, { submissionId, lookFirst, signal });
      return { index, submissionId, status: "created", lead: created };
    } catch (cause) {
      const error = cause as ICloudReadyError;
      if (error instanceof AuthenticationError || error instanceof PermissionDeniedError) open = false;
      return { index, submissionId, status: "failed", error };
    }
  };
  const next = async () => {
    try {
      const { done, value } = await input.next();
      exhausted = !!done;
      if (!done && open) underWay.push(send(value, index++));
    } catch (cause) {
      thrown = [cause];
      exhausted = true;
    }
  };
  // An input may be as slow as it likes: what waits for it ends with an abort.
  let stop: (() => void) | undefined;
  const abort = () => stop?.();
  signal?.addEventListener("abort", abort);

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
      quietly(() => onProgress?.({ done, failed, ...total }));
      yield result;
    }
    if (thrown) throw thrown[0];
    if (signal?.aborted && !exhausted) throw failure("abort", "leads.createMany: the call was aborted", signal.reason);
  } finally {
    open = false;
    signal?.removeEventListener("abort", abort);
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
