/** How Deno words what others have a code for. */
const DENO_MESSAGES: [words: RegExp, code: string][] = [
  [/failed to lookup address/, "ENOTFOUND"],
  [/onnection refused/, "ECONNREFUSED"],
  [/onnection (reset|closed)/, "ECONNRESET"],
  [/certificate: Expired/, "CERT_HAS_EXPIRED"],
  [/invalid peer certificate/, "CERT_INVALID"],
];

/**
 * The system's code of what made a request fail, as `ENOTFOUND` or `CERT_HAS_EXPIRED`, where the runtime tells: Bun in
 * the error, Node.js in that behind it, which may be several, Deno in words. @internal
 */
export function systemCode(error: any): string | undefined {
  try {
    const errors = [error, error.cause, error.cause?.errors?.[0]];
    const code = errors
      .map((error) => error?.code)
      .find((code) => typeof code === "string" && /^[A-Z]\w{2,40}$/.test(code));
    return code ?? DENO_MESSAGES.find(([words]) => words.test(error.cause?.message))?.[1];
  } catch {
    // What a caller's `fetch` rejects with may be anything.
    return;
  }
}
