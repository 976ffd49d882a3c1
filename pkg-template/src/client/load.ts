import { abortListeners } from "../base/abort.js";
import { abortError, createError } from "../base/errors.js";
import { wasm } from "../loader/modules/client.js";
import type { CallSettings } from "./settings.js";

/** Waits for the wasm, at most for the timeout of an attempt, and until the signal aborts. @internal */
export function loadWithTimeout(
  loading: Promise<void>,
  operation: string,
  { signal, numbers }: CallSettings,
): Promise<void> {
  const [, timeout = 0] = numbers;
  return new Promise((resolve, reject) => {
    const end = (error?: unknown) => {
      clearTimeout(timer);
      listeners?.delete(abort);
      if (error) reject(error);
      else resolve();
    };
    const onTimeout = () => {
      wasm.reset(loading);
      end(createError("timeout", `${operation}: loading timed out`, undefined, { operation }));
    };
    const timer = timeout ? setTimeout(onTimeout, timeout) : undefined;
    const abort = () => end(abortError(operation, signal!));
    const listeners = abortListeners(signal);
    listeners?.add(abort);
    if (signal?.aborted) abort();
    loading.then(() => end(), end);
  });
}

/** Loads a separate chunk, which most pages never need. @internal */
export function loadChunk<T>(operation: string, chunk: Promise<T>): Promise<T> {
  return chunk.catch((cause: unknown) => {
    throw createError("connection", `${operation}: could not load`, cause);
  });
}
