/** Deno reports messages where other runtimes have codes. */
const DENO_MESSAGES: [message: RegExp, code: string][] = [
  [/failed to lookup address/, "ENOTFOUND"],
  [/onnection refused/, "ECONNREFUSED"],
  [/onnection (reset|closed)/, "ECONNRESET"],
  [/certificate: Expired/, "CERT_HAS_EXPIRED"],
  [/invalid peer certificate/, "CERT_INVALID"],
];

/**
 * The system's error code of a failed request, such as `ENOTFOUND` or `CERT_HAS_EXPIRED`, if the runtime reports it:
 * Bun in the error, Node.js in its cause, which may be an `AggregateError`, Deno in the cause's message. @internal
 */
export function systemCode(error: any): string | undefined {
  try {
    const errors = [error, error.cause, error.cause?.errors?.[0]];
    const code = errors
      .map((error) => error?.code)
      .find((code) => typeof code === "string" && /^[A-Z]\w{2,40}$/.test(code));
    return code ?? DENO_MESSAGES.find(([message]) => message.test(error.cause?.message))?.[1];
  } catch {
    // A caller's `fetch` may reject with anything.
    return;
  }
}
