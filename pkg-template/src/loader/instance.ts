import { __wbg_reset_state } from "../../wasm/client.js";
import { createError, type ICloudReadyError, type ErrorDetails } from "../base/errors.js";

/** Counts the instances: objects of an older one must not be used with the current one. */
export let generation = 0;

/** The calls in progress. All of them fail if their instance traps. */
const pendingCalls = new Set<PendingCall>();

/** A call in progress. */
export interface PendingCall {
  onInstanceLost(cause: unknown): void;
}

/**
 * Calls the wasm. After a trap every call in progress fails with an `InternalError`, and the next call gets a new
 * instance; the result is then `undefined`.
 */
export function callWasm<T>(step: () => T, current?: PendingCall): T | undefined {
  if (current) pendingCalls.add(current);
  try {
    return step();
  } catch (cause) {
    generation++;
    __wbg_reset_state();
    const failed = [...pendingCalls];
    pendingCalls.clear();
    for (const call of failed) call.onInstanceLost(cause);
    return;
  }
}

/** Calls the wasm for a result. @throws {InternalError} if it traps. */
export function queryWasm<T>(operation: string, step: () => T): T {
  const before = generation;
  const result = callWasm(step);
  if (before !== generation) throw internalError(operation);
  return result as T;
}

/** The error of a call whose instance trapped. */
export function internalError(operation: string, cause?: unknown, details?: Partial<ErrorDetails>): ICloudReadyError {
  return createError("internal", `${operation}: internal error`, cause, { ...details, operation });
}

/** Removes a call that has ended. */
export function unregister(call: PendingCall): void {
  pendingCalls.delete(call);
}
