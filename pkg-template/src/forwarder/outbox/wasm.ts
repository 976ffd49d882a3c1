import * as glue from "../../../wasm/forwarder.js";

/** The wasm's exports. */
export type Wasm = typeof glue;

/** Counts the instances: objects of an older one must not be used with the current one. */
export let generation = 0;

/**
 * Calls the wasm. A thrown string is an error code of the outbox; anything else is a trap, after which the next call
 * gets a new instance and outboxes reopen.
 *
 * @throws Error whose message is one of SQLite's codes, `unavailable`, `malformed`, `newer`, `foreign` or `internal`.
 */
export function callWasm<T>(call: (wasm: Wasm) => T): T {
  try {
    return call(glue);
  } catch (cause) {
    // eslint-disable-next-line preserve-caught-error -- the string is the message
    if (typeof cause === "string") throw new Error(cause);
    generation++;
    glue.__wbg_reset_state();
    throw new Error("internal", { cause });
  }
}
