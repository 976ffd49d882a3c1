/** What to call when a signal aborts, by signal. */
const listenersBySignal = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * The functions that are called when a signal aborts. Calls with the same signal share one event listener, because
 * Node.js reports a leak above ten. @internal
 */
export function abortListeners(signal: AbortSignal | undefined): Set<() => void> | undefined {
  let listeners = signal && listenersBySignal.get(signal);
  if (signal && !listeners) {
    const all = (listeners = new Set<() => void>());
    listenersBySignal.set(signal, all);
    signal.addEventListener("abort", () => all.forEach((abort) => abort()));
  }
  return listeners;
}
