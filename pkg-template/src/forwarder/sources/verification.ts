import { HttpError } from "../message/http-error.js";
import { isSameText } from "../message/same-text.js";

const UTF8 = new TextEncoder();

/** Decodes hexadecimal or base64 text; empty if it is invalid. */
export function decode(text: string, encoding: "hex" | "base64"): Uint8Array<ArrayBuffer> {
  if (encoding === "hex") {
    if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return new Uint8Array();
    return Uint8Array.from(text.match(/../g)!, (byte) => parseInt(byte, 16));
  }
  try {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** Whether a signature is the HMAC-SHA256 of bytes under one of these keys. WebCrypto compares in constant time. */
export async function isSigned(
  bytes: Uint8Array<ArrayBuffer>,
  signatures: readonly Uint8Array<ArrayBuffer>[],
  keys: readonly (string | Uint8Array<ArrayBuffer>)[],
): Promise<boolean> {
  let found = false;
  for (const key of keys) {
    const raw = typeof key === "string" ? UTF8.encode(key) : key;
    if (!raw.length) continue;
    const imported = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    for (const signature of signatures) {
      if (await crypto.subtle.verify("HMAC", imported, signature, bytes)) found = true;
    }
  }
  return found;
}

/** @throws {HttpError} `unauthorized` unless the text is one of these. */
export async function assertMatchesSecret(given: string | null | undefined, secrets: readonly string[]): Promise<void> {
  let found = false;
  for (const secret of secrets) if (await isSameText(given ?? "", secret)) found = true;
  if (!found) throw new HttpError("unauthorized");
}

/** Concatenates strings and bytes. */
export function concat(...parts: (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const chunks = parts.map((part) => (typeof part === "string" ? UTF8.encode(part) : part));
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
