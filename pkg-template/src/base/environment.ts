/** What requests are made with; a runtime's entry may know better. @internal */
export const runtime: {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** What the system says of a failure, as ` (ENOTFOUND)`; in pages nothing. */
  detail(cause: unknown): string;
} = { fetch: (url, init) => fetch(url, init), detail: () => "" };

let latest = 0;
let offset = 0;

/**
 * Milliseconds on a monotonic clock. `performance.now()` is one in all runtimes but workerd, where
 * it is the machine's date: set back, this clock goes on from where it was. @internal
 */
export function now(): number {
  const time = performance.now();
  if (time + offset < latest) offset = latest - time;
  return (latest = time + offset);
}

/** Whether the code runs where its visitor can read it: a page, a web worker, a service worker. */
export function isWebPage(): boolean {
  const scope: { process?: any; navigator?: Navigator } = globalThis;
  const server =
    typeof scope.process?.versions?.node === "string" ||
    "Deno" in scope ||
    "Bun" in scope ||
    "EdgeRuntime" in scope ||
    scope.navigator?.userAgent === "Cloudflare-Workers";
  return !server && ("document" in scope || "WorkerGlobalScope" in scope);
}
