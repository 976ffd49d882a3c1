// Counts what the package does to its surroundings, by globals that count.

/** Puts counting globals in place and gives the counts, by name; what never happened is not in it. */
export function count() {
  const counts = {};
  // Runtimes use these globals too, as Node.js does to compile what reads HTTP for it.
  const isOurs = () => new Error().stack.includes("/icloud-ready/");
  const replace = (owner, name, traps) => {
    if (owner?.[name])
      owner[name] = new Proxy(
        owner[name],
        traps(() => isOurs() && (counts[name] = (counts[name] ?? 0) + 1)),
      );
  };
  const called = (counted) => ({ apply: (target, self, given) => (counted(), Reflect.apply(target, self, given)) });
  const constructed = (counted) => ({ construct: (target, given) => (counted(), Reflect.construct(target, given)) });
  for (const name of ["fetch", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"])
    replace(globalThis, name, called);
  for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming", "validate"]) {
    replace(WebAssembly, name, called);
  }
  for (const name of ["Module", "Instance", "Memory"]) replace(WebAssembly, name, constructed);
  for (const name of ["XMLHttpRequest", "WebSocket", "Worker", "Request", "AbortController"])
    replace(globalThis, name, constructed);
  return counts;
}
