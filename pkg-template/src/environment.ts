/** What requests are made with; a runtime's entry may know better. @internal */
export const runtime = { fetch: (url: string, init: RequestInit): Promise<Response> => fetch(url, init) };

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
