import type { Enqueue, OutboxApi } from "../outbox/contract.js";
import { HttpError } from "../message/http-error.js";
import type { Settings } from "../rules/settings.js";
import { logWarning } from "../outbox/log.js";
import { causeOf, StoreError } from "../outbox/store-errors.js";
import { withTimeout } from "../outbox/with-timeout.js";

/** What a request is served with. */
export interface Service {
  settings: Settings;
  outbox: OutboxApi;
  /** Sends a lead to the fallback queue while the outbox is unavailable; resolves once the queue has it. */
  fallbackQueue: ((enqueue: Enqueue) => Promise<void>) | undefined;
  /** Records whether the challenge's provider accepts the secret. */
  onSecretChecked: (isRight: boolean) => void;
  /** Options that this process found to be wrong, by name: `/health` shows them. */
  wrongOptions: ReadonlySet<string>;
  /** The other end of the connection, where the runtime tells it. */
  socket: string | undefined;
}

/** How long the outbox may take to answer. */
const OUTBOX_TIMEOUT_MS = 10_000;

/**
 * The outbox's answer.
 *
 * @throws {HttpError} `unavailable` if the outbox fails or does not answer in time.
 */
export async function callOutbox<T>(answer: Promise<T>): Promise<T> {
  try {
    return await withTimeout(answer, OUTBOX_TIMEOUT_MS, () => {
      throw new StoreError("timeout");
    });
  } catch (error) {
    const cause = causeOf(error);
    logWarning(`the outbox is unavailable: ${cause}`);
    throw new HttpError("unavailable", { reason: cause });
  }
}
