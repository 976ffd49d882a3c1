/** The calls under way by their signal. */
const listenersBySignal = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * What is called when a signal aborts. A signal has one listener, for all its calls: Node.js warns of a leak above ten.
 * @internal
 */
export function abortListeners(signal: AbortSignal | undefined): Set<() => void> | undefined {
  let calls = signal && listenersBySignal.get(signal);
  if (signal && !calls) {
    const all = (calls = new Set<() => void>());
    listenersBySignal.set(signal, all);
    signal.addEventListener("abort", () => all.forEach((abort) => abort()));
  }
  return calls;
}
