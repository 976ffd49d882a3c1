import { runtime } from "../../base/environment.js";
import { configError } from "../../base/options.js";
import type { Challenge } from "./config.js";
import { isObject, member } from "../message/json.js";
import { isLoopback } from "./origins.js";
import { HttpError } from "../message/http-error.js";

/** A challenge with its defaults. */
export type ChallengeSettings = { [Name in keyof Required<Challenge>]: NonNullable<Challenge[Name]> };

/** The effect of a challenge on a lead. */
export interface ChallengeResult {
  marks: string[];
  hold: boolean;
}

const TURNSTILE = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/** The timeout of a verification, in milliseconds. */
const VERIFY_TIMEOUT_MS = 5_000;

/** Parses the option `challenge`. */
export function challengeOf(option: unknown): ChallengeSettings | undefined {
  if (option === undefined) return undefined;
  if (!isObject(option)) throw configError("challenge", "must be an object");
  const { provider, secret, mode = "mark", onUnavailable = "mark", verifyURL = TURNSTILE } = option;
  if (provider !== "turnstile") throw configError("challenge.provider", 'must be "turnstile"');
  if (typeof secret !== "string" || !secret.trim()) throw configError("challenge.secret", "must be a string");
  if (mode !== "mark" && mode !== "hold" && mode !== "require") {
    throw configError("challenge.mode", "must be one of mark, hold, require");
  }
  if (onUnavailable !== "mark" && onUnavailable !== "refuse") {
    throw configError("challenge.onUnavailable", "must be one of mark, refuse");
  }
  return { provider, secret, mode, onUnavailable, verifyURL: httpsUrl("challenge.verifyURL", verifyURL) };
}

/** Parses a URL option: https, or http on loopback. */
export function httpsUrl(name: string, value: unknown): string {
  try {
    const url = new URL(String(value));
    if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return String(value);
  } catch {
    // Reported below.
  }
  throw configError(name, "must be an https URL");
}

/**
 * Verifies a lead's token. Tokens are single-use, so a known submission is not verified again.
 *
 * @throws {HttpError} `challenge_failed`, `challenge_unavailable`.
 */
export async function verify(
  challenge: ChallengeSettings | undefined,
  token: string | undefined,
  submissionId: string | undefined,
  onSecretChecked: (isRight: boolean) => void,
): Promise<ChallengeResult> {
  const outcome = challenge ? await outcomeOf(challenge, token, submissionId, onSecretChecked) : "passed";
  if (!challenge || outcome === "passed") return { marks: [], hold: false };
  if (outcome === "unavailable") {
    if (challenge.onUnavailable === "refuse") throw new HttpError("challenge_unavailable");
    return { marks: ["unverified"], hold: false };
  }
  if (challenge.mode === "require") throw new HttpError("challenge_failed");
  return { marks: ["unverified"], hold: challenge.mode === "hold" };
}

async function outcomeOf(
  { secret, verifyURL }: ChallengeSettings,
  token: string | undefined,
  submissionId: string | undefined,
  onSecretChecked: (isRight: boolean) => void,
): Promise<"passed" | "failed" | "unavailable"> {
  if (token === undefined || token.length > 2_048) return "failed";
  if (submissionId !== undefined && PASSED.has(submissionId)) return "passed";
  try {
    const body = new URLSearchParams({ secret, response: token });
    // If the lead cannot be stored, the page retries with the same token, which is single-use without this key.
    if (submissionId !== undefined) body.set("idempotency_key", await uuidOf(submissionId));
    const response = await runtime.fetch(verifyURL, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(VERIFY_TIMEOUT_MS),
    });
    const result: unknown = await response.json();
    if (member(result, "success") === true) {
      onSecretChecked(true);
      if (submissionId !== undefined) remember(submissionId);
      return "passed";
    }
    const codes = isObject(result) && Array.isArray(result["error-codes"]) ? result["error-codes"] : [];
    // A configuration or provider error is not the visitor's fault.
    if (codes.some((code) => /-input-secret$/.test(String(code)))) onSecretChecked(false);
    else if (response.ok && member(result, "success") === false && !codes.includes("internal-error")) return "failed";
  } catch {
    // No response, or an unreadable one.
  }
  return "unavailable";
}

/** Recent submissions that passed the challenge: a token is valid for five minutes, and a page may retry later. */
const PASSED = new Set<string>();
const MAX_PASSED = 1_000;

function remember(submissionId: string): void {
  PASSED.delete(submissionId);
  PASSED.add(submissionId);
  for (const oldest of PASSED) {
    if (PASSED.size <= MAX_PASSED) break;
    PASSED.delete(oldest);
  }
}

/** A UUID derived from text. */
async function uuidOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
