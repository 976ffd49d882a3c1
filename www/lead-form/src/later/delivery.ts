import { bare } from "../bare.js";
import type { Outcome, Submission } from "../submission.js";
import { KEEPALIVE_LIMIT, retryAfter } from "./rules.js";

/** How long the forwarder may take to answer, in milliseconds. */
const PATIENCE = 15_000;

/** Sends a lead to a forwarder. `token` is the proof that a person is there. */
export async function post(submission: Submission, token?: string): Promise<Outcome> {
  const { id, key } = submission;
  const { lead, context } = JSON.parse(submission.body);
  const challenge = token && { provider: "turnstile", token };
  const body = JSON.stringify(bare({ submissionId: id, lead, context, ...(challenge && { challenge }) }));
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  try {
    const options: RequestInit = {
      method: "POST",
      headers: bare({ "content-type": "application/json" }),
      body,
      signal: controller.signal,
      credentials: "omit",
      cache: "no-store",
      redirect: "manual",
      referrerPolicy: "origin",
      // It goes on when the page is left.
      keepalive: new Blob([body]).size < KEEPALIVE_LIMIT,
    };
    const answer = await fetch(key, bare(options));
    return await outcomeOf(answer, id);
  } catch {
    return { kind: "later" };
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf(answer: Response, id: string): Promise<Outcome> {
  const { status, ok } = answer;
  const told = await answer.json().catch(() => undefined);
  // A network's login page says 200 too: only the forwarder knows the id.
  if (ok) return told?.submissionId === id ? { kind: "accepted" } : { kind: "later", status };
  if (status === 400) return { kind: "wrong", status, issues: Array.isArray(told?.error?.issues) ? told.error.issues : [] };
  if (status === 403 && told?.error?.code === "challenge_failed") return { kind: "challenge", status };
  if (status >= 400 && status < 500 && ![408, 425, 429].includes(status)) return { kind: "refused", status };
  const retryAfterMs = retryAfter(answer.headers.get("retry-after"), Date.now());
  return { kind: "later", status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
