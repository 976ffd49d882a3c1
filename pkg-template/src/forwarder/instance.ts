import * as glue from "../../wasm/forwarder.js";

/** The wasm's entries. */
export type Wasm = typeof glue;

/** Counts the instances. What belongs to an older one must not reach the present one. */
export let generation = 0;

/**
 * Enters the wasm. What it says with a word is an error of its own; anything else is a trap, after
 * which the next one finds a fresh instance, and outboxes open anew.
 *
 * @throws Error whose message is `unavailable`, `malformed` or `internal`.
 */
export function enter<T>(call: (wasm: Wasm) => T): T {
  try {
    return call(glue);
  } catch (cause) {
    if (typeof cause === "string") throw new Error(cause);
    generation++;
    glue.__wbg_reset_state();
    throw new Error("internal", { cause });
  }
}
