import { wrong } from "../settings.js";
import type { Challenge } from "./config.js";
import { isObject, member } from "./json.js";
import { isLoopback } from "./origins.js";
import { Refusal } from "./refusal.js";

/** A challenge with its defaults. */
export type ChallengeSettings = { [Name in keyof Required<Challenge>]: NonNullable<Challenge[Name]> };

/** What a challenge says of a lead. */
export interface Verdict {
  marks: string[];
  hold: boolean;
}

const TURNSTILE = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/** How long the provider may take, in milliseconds. */
const PATIENCE = 5_000;

/** The option `challenge`. */
export function challengeOf(option: unknown): ChallengeSettings | undefined {
  if (option === undefined) return undefined;
  if (!isObject(option)) throw wrong("challenge", "must be an object");
  const { provider, secret, mode = "mark", onUnavailable = "mark", verifyURL = TURNSTILE } = option;
  if (provider !== "turnstile") throw wrong("challenge.provider", 'must be "turnstile"');
  if (typeof secret !== "string" || !secret.trim()) throw wrong("challenge.secret", "must be text");
  if (mode !== "mark" && mode !== "hold" && mode !== "require") {
    throw wrong("challenge.mode", "must be one of mark, hold, require");
  }
  if (onUnavailable !== "mark" && onUnavailable !== "refuse") {
    throw wrong("challenge.onUnavailable", "must be one of mark, refuse");
  }
  return { provider, secret, mode, onUnavailable, verifyURL: addressOf("challenge.verifyURL", verifyURL) };
}

/** An option that is an address: https, or http on loopback. */
export function addressOf(name: string, value: unknown): string {
  try {
    const url = new URL(String(value));
    if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return String(value);
  } catch {
    // Said below.
  }
  throw wrong(name, "must be an https address");
}

/**
 * Has a lead's token verified. Tokens work once, so a known submission is not brought here again.
 *
 * @throws {Refusal} `challenge_failed`, `challenge_unavailable`.
 */
export async function verify(
  challenge: ChallengeSettings | undefined,
  token: string | undefined,
  report: (kind: string) => void,
): Promise<Verdict> {
  const outcome = challenge ? await outcomeOf(challenge, token, report) : "passed";
  if (!challenge || outcome === "passed") return { marks: [], hold: false };
  if (outcome === "unavailable") {
    if (challenge.onUnavailable === "refuse") throw new Refusal("challenge_unavailable");
    return { marks: ["unverified"], hold: false };
  }
  if (challenge.mode === "require") throw new Refusal("challenge_failed");
  return { marks: ["unverified"], hold: challenge.mode === "hold" };
}

async function outcomeOf(
  { secret, verifyURL }: ChallengeSettings,
  token: string | undefined,
  report: (kind: string) => void,
): Promise<"passed" | "failed" | "unavailable"> {
  if (token === undefined || token.length > 2_048) return "failed";
  try {
    const answer = await fetch(verifyURL, {
      method: "POST",
      body: new URLSearchParams({ secret, response: token }),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const result: unknown = await answer.json();
    if (member(result, "success") === true) return "passed";
    const codes = isObject(result) && Array.isArray(result["error-codes"]) ? result["error-codes"] : [];
    // Our own mistake, or theirs, is nothing that the visitor did.
    if (codes.some((code) => /-input-secret$/.test(String(code)))) report("challenge_secret");
    else if (answer.ok && member(result, "success") === false && !codes.includes("internal-error")) return "failed";
  } catch {
    // No answer, or none that can be read.
  }
  return "unavailable";
}
