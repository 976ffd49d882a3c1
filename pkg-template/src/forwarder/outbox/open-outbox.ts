import type { OutboxCore } from "../../../wasm/forwarder.js";
import { now } from "../../base/environment.js";
import { createError } from "../../base/errors.js";
import type { ClientContext, ClientOptions } from "../../client/context.js";
import type { OutboxOptions } from "./contract.js";
import { consoleLog } from "./log.js";
import { callWasm } from "./wasm.js";

/** Messages for stores that cannot be opened. */
const OPEN_ERRORS: Record<string, string> = {
  newer: "the outbox's store was written by a later version of icloud-ready",
  foreign: "the outbox's store holds the tables of another program",
};

/**
 * Opens the store in the current instance of the wasm.
 *
 * @throws {ConfigurationError} for the store of another program or of a later version.
 */
export function openOutbox(
  { store, settings, crm, sources, log = consoleLog }: OutboxOptions,
  client: ClientContext,
): OutboxCore {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const entropy = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const { apiKey, timeout, reconcile, submissionField, itemsKey, firstPage } = crm as ClientOptions;
  // In workerd the monotonic clock is the machine's date.
  const oneClock = performance.timeOrigin === 0;
  const outboxSettings = JSON.stringify({
    ...settings,
    timeout: timeout || 30_000,
    oneClock,
    logsAttempts: log.has("attempt"),
    sources: sources?.settings ?? [],
  });
  const crmOptions = JSON.stringify({
    integrationToken: apiKey !== undefined,
    tokenFunction: client.credentials.isFunction,
    requestIdField: submissionField === "idengagerRequestId",
    byIdAlone: reconcile === "id",
    itemsKey,
    firstPage,
  });
  try {
    return store.transaction(() =>
      callWasm((wasm) => new wasm.OutboxCore(store, outboxSettings, crmOptions, entropy, now(), Date.now())),
    );
  } catch (cause) {
    const message = OPEN_ERRORS[(cause as Error).message];
    if (message === undefined) throw cause;
    log("store_refused", message, { cause: (cause as Error).message });
    throw createError("configuration", message, cause);
  }
}
