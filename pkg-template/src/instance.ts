import { __wbg_reset_state, Core } from "../wasm/client.js";
import { failure, type ICloudReadyError, type Told } from "./errors.js";

/** The wasm's entries, without those of its start. */
const entries = { Core };
export type Wasm = typeof entries;

/** Counts the instances. What belongs to an older one must not reach the present one. */
export let generation = 0;

/** The calls that wait; all of them are lost with their instance. */
const waiting = new Set<Waiting>();

/** A call that can be told that its instance is gone. */
export interface Waiting {
  lost(cause: unknown): void;
}

/**
 * Enters the wasm. All entries are plain calls, so a trap ends here: every call of the instance
 * fails with an `InternalError`, and the next one finds a fresh instance.
 */
export function enter<T>(call: (wasm: Wasm) => T, current?: Waiting): T | undefined {
  if (current) waiting.add(current);
  try {
    return call(entries);
  } catch (cause) {
    generation++;
    __wbg_reset_state();
    const lost = [...waiting];
    waiting.clear();
    for (const call of lost) call.lost(cause);
    return;
  }
}

/** Asks the wasm something that is answered at once. */
export function ask<T>(operation: string, question: (wasm: Wasm) => T): T {
  const before = generation;
  const answer = enter(question);
  if (before !== generation) throw defect(operation);
  return answer as T;
}

/** What a call that an instance took along with it fails with. */
export function defect(operation: string, cause?: unknown, told?: Partial<Told>): ICloudReadyError {
  return failure("internal", `${operation}: internal error`, cause, { ...told, operation });
}

/** A call has ended. */
export function left(call: Waiting): void {
  waiting.delete(call);
}
