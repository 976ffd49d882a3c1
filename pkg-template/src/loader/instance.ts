import { __wbg_reset_state, Core } from "../../wasm/client.js";
import { createError, type ICloudReadyError, type ErrorDetails } from "../base/errors.js";

/** The wasm's entries, without those of its start. */
const entries = { Core };
export type Wasm = typeof entries;

/** Counts the instances. What belongs to an older one must not reach the present one. */
export let generation = 0;

/** The calls that wait; all of them are lost with their instance. */
const pendingCalls = new Set<PendingCall>();

/** A call that can be told that its instance is gone. */
export interface PendingCall {
  onInstanceLost(cause: unknown): void;
}

/**
 * Enters the wasm. All entries are plain calls, so a trap ends here: every call of the instance
 * fails with an `InternalError`, and the next one finds a fresh instance.
 */
export function callWasm<T>(call: (wasm: Wasm) => T, current?: PendingCall): T | undefined {
  if (current) pendingCalls.add(current);
  try {
    return call(entries);
  } catch (cause) {
    generation++;
    __wbg_reset_state();
    const lost = [...pendingCalls];
    pendingCalls.clear();
    for (const call of lost) call.onInstanceLost(cause);
    return;
  }
}

/** Asks the wasm something that is answered at once. */
export function queryWasm<T>(operation: string, question: (wasm: Wasm) => T): T {
  const before = generation;
  const answer = callWasm(question);
  if (before !== generation) throw internalError(operation);
  return answer as T;
}

/** What a call that an instance took along with it fails with. */
export function internalError(operation: string, cause?: unknown, told?: Partial<ErrorDetails>): ICloudReadyError {
  return createError("internal", `${operation}: internal error`, cause, { ...told, operation });
}

/** A call has ended. */
export function unregister(call: PendingCall): void {
  pendingCalls.delete(call);
}
