import { AuthenticationError, failure, type ICloudReadyError, PermissionDeniedError } from "./errors.js";
import type { Lead, NewLead } from "./generated/models.js";
import type { CreateOptions } from "./settings.js";
import { number, wrong } from "./settings.js";

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

/** `createMany` over `create`. */
export async function* createMany(
  create: (lead: NewLead, options: CreateOptions) => Promise<Lead>,
  leads: Iterable<NewLead> | AsyncIterable<NewLead>,
  options: CreateManyOptions = {},
): AsyncGenerator<CreateManyResult, void, undefined> {
  const { concurrency = 4, submissionId: idOf = randomId, lookFirst, onProgress, signal } = options;
  number("concurrency", concurrency, true);
  if (!concurrency) throw wrong("concurrency", "must be at least 1");
  const input = Symbol.asyncIterator in leads ? leads[Symbol.asyncIterator]() : leads[Symbol.iterator]();
  const total = Array.isArray(leads) ? { total: leads.length } : {};
  const underWay: Promise<CreateManyResult>[] = [];
  let index = 0;
  let done = 0;
  let failed = 0;
  let reading = true;

  const send = async (lead: NewLead, index: number): Promise<CreateManyResult> => {
    let submissionId = "";
    try {
      submissionId = idOf(lead, index);
      const created = await create(lead, { submissionId, lookFirst, signal });
      return { index, submissionId, status: "created", lead: created };
    } catch (cause) {
      const error = cause as ICloudReadyError;
      if (error instanceof AuthenticationError || error instanceof PermissionDeniedError) reading = false;
      return { index, submissionId, status: "failed", error };
    }
  };

  try {
    for (;;) {
      while (reading && !signal?.aborted && underWay.length < concurrency) {
        const next = await input.next();
        if (next.done) reading = false;
        else underWay.push(send(next.value, index++));
      }
      const first = underWay.shift();
      if (!first) break;
      const result = await first;
      if (result.status === "created") done++;
      else failed++;
      onProgress?.({ done, failed, ...total });
      yield result;
    }
    if (reading && signal?.aborted) throw failure("abort", "leads.createMany: the call was aborted", signal.reason);
  } finally {
    // What was begun is not left to itself: a reader who stops early may end the process next.
    await Promise.all(underWay);
    await input.return?.();
  }
}

/** 32 hexadecimal digits; `crypto.randomUUID` is missing on pages without https. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
