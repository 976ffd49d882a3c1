import type { Enqueue, OutboxApi } from "../outbox/contract.js";
import { HttpError } from "../message/http-error.js";
import type { Settings } from "../rules/settings.js";
import type { Log } from "../outbox/log.js";
import type { Counts } from "./counts.js";
import { causeOf, StoreError } from "../outbox/store-errors.js";
import { withTimeout } from "../outbox/with-timeout.js";

/** The dependencies of the request handlers. */
export interface Service {
  settings: Settings;
  outbox: OutboxApi;
  /** Sends a lead to the fallback queue while the outbox is unavailable; resolves once the queue has it. */
  fallbackQueue: ((enqueue: Enqueue) => Promise<void>) | undefined;
  /** Records whether the challenge's provider accepts the secret. */
  onSecretChecked: (isRight: boolean) => void;
  /** Records whether a source's secret is set. */
  onSourceSecret: (source: string, isSet: boolean) => void;
  /** The names of options that this process found to be invalid; `/health` lists them. */
  wrongOptions: ReadonlySet<string>;
  log: Log;
  /** This process's counters. */
  counts: Counts;
  /** This process's gauges by metric name. */
  gauges: () => Record<string, number>;
  /** Keeps the runtime alive until the promise settles. */
  waitUntil: (promise: Promise<unknown>) => void;
  /** The remote address of the connection, if the runtime provides it. */
  socket: string | undefined;
}

/** Whether the admin API is enabled: it requires a token. */
export function hasAdmin({ tokens }: Settings): boolean {
  return tokens.admin.length + tokens.read.length > 0;
}

/** The timeout for the outbox's response. */
const OUTBOX_TIMEOUT_MS = 10_000;

/**
 * Awaits the outbox's response.
 *
 * @throws {HttpError} `unavailable` if the outbox fails or does not respond in time.
 */
export async function callOutbox<T>(log: Log, answer: Promise<T>): Promise<T> {
  try {
    return await withTimeout(answer, OUTBOX_TIMEOUT_MS, () => {
      throw new StoreError("timeout");
    });
  } catch (error) {
    const cause = causeOf(error);
    log("outbox_unavailable", "the outbox is unavailable", { cause });
    throw new HttpError("unavailable", { reason: cause });
  }
}
