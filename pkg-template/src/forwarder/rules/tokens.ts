import { configError } from "../../base/options.js";

/** The access of a token: full or read-only. */
export type Role = "admin" | "read";

/** The tokens of an option: one, or two during rotation. */
export function tokensOf(option: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  const tokens: unknown[] = Array.isArray(value) ? value : [value];
  if (!tokens.length || tokens.length > 2 || !tokens.every(isOperatorToken))
    throw configError(option, "must be at least 32 characters, without spaces, or a list of two such tokens");
  return tokens as string[];
}

function isOperatorToken(token: unknown): boolean {
  return typeof token === "string" && /^[\x21-\x7e]{32,}$/.test(token);
}

/** A token that was recognized. `label` identifies it in the audit log without revealing it. */
export interface TokenIdentity {
  role: Role;
  label: string;
}

/** Identifies a token by MACs under a random key, so that the timing reveals nothing about the tokens. */
export async function identify(
  given: string,
  tokens: Readonly<Record<Role, readonly string[]>>,
): Promise<TokenIdentity | undefined> {
  const key = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const sign = async (text: string) => hex(await crypto.subtle.sign("HMAC", key, encode(text)));
  const expected = await sign(given);
  let found: Role | undefined;
  for (const role of ["read", "admin"] as const) {
    for (const token of tokens[role]) if ((await sign(token)) === expected) found = role;
  }
  if (!found) return undefined;
  const digest = hex(await crypto.subtle.digest("SHA-256", encode(given)));
  return { role: found, label: `${found}:${digest.slice(0, 8)}` };
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
