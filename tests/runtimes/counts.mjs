// Counts the package's side effects with counting globals.

/** Installs counting globals and returns the counts, by name, without zeros. */
export function count() {
  const counts = {};
  // Runtimes use these globals too, as Node.js does to compile its HTTP parser.
  const isOurs = () => new Error().stack.includes("/icloud-ready/");
  const replace = (owner, name, traps) => {
    if (owner?.[name])
      owner[name] = new Proxy(
        owner[name],
        traps(() => isOurs() && (counts[name] = (counts[name] ?? 0) + 1)),
      );
  };
  const called = (counted) => ({ apply: (target, self, args) => (counted(), Reflect.apply(target, self, args)) });
  const constructed = (counted) => ({ construct: (target, args) => (counted(), Reflect.construct(target, args)) });
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
