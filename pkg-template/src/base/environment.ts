/** What runtimes do differently; the entry of a runtime may replace it. @internal */
export const runtime: {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** The system's error code of a failure, as in ` (ENOTFOUND)`; empty in web pages. */
  detail(cause: unknown): string;
  /** A controller for one request. */
  abortController(): AbortController;
  /** Takes back a controller that has not aborted. */
  reuse?(controller: AbortController): void;
} = { fetch: (url, init) => fetch(url, init), detail: () => "", abortController: () => new AbortController() };

/** Whether it runs in a Cloudflare worker, where two requests that it handles may not share anything with I/O. */
export const isEdgeWorker = (): boolean =>
  typeof navigator === "object" && navigator?.userAgent === "Cloudflare-Workers";

let latest = 0;
let offset = 0;

/**
 * Milliseconds of a monotonic clock. In workerd `performance.now()` follows the system time; if that is set back, this
 * clock continues from its last value. @internal
 */
export function now(): number {
  const time = performance.now();
  if (time + offset < latest) offset = latest - time;
  return (latest = time + offset);
}

/** Whether visitors can read the code: it runs in a page, a web worker or a service worker. */
export function isWebPage(): boolean {
  const scope: { process?: any; navigator?: Navigator } = globalThis;
  const server =
    typeof scope.process?.versions?.node === "string" ||
    "Deno" in scope ||
    "Bun" in scope ||
    "EdgeRuntime" in scope ||
    isEdgeWorker();
  return !server && ("document" in scope || "WorkerGlobalScope" in scope);
}
