import { nullProto } from "../base/null-proto.js";
import type { SendOutcome, Submission } from "../submission/submission.js";
import { whyForbidden } from "./forbidden.js";
import { reportFailure } from "./report.js";
import { KEEPALIVE_LIMIT, parseRetryAfter } from "./backoff.js";

/** The timeout for the forwarder's response. */
const RESPONSE_TIMEOUT_MS = 15_000;

/** Sends a lead to a forwarder. `token` is the challenge token; `isLeaving`: the page is being left. */
export async function postLead(submission: Submission, token?: string, isLeaving = false): Promise<SendOutcome> {
  const { id, key } = submission;
  const { lead, context } = JSON.parse(submission.body);
  const challenge = token && { provider: "turnstile", token };
  const body = JSON.stringify(nullProto({ submissionId: id, lead, context, ...(challenge && { challenge }) }));
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      // A page may have replaced `fetch` by one that ignores the signal.
      reject();
    }, RESPONSE_TIMEOUT_MS);
  });
  try {
    const options: RequestInit = {
      method: "POST",
      headers: nullProto({ "content-type": "application/json" }),
      body,
      signal: controller.signal,
      credentials: "omit",
      cache: "no-store",
      redirect: "manual",
      referrerPolicy: "origin",
      // Continues after the page is left. Not used otherwise: WebKit does not close such a request when it is aborted,
      // and six pending requests block the host.
      keepalive: isLeaving && new Blob([body]).size < KEEPALIVE_LIMIT,
    };
    const outcome = fetch(key, nullProto(options)).then((response) => outcomeOfResponse(response, submission));
    return await Promise.race([outcome, late]);
  } catch {
    const forbidden = isLeaving ? undefined : await whyForbidden(key);
    reportFailure(submission, undefined, forbidden);
    return { kind: forbidden ? "refused" : "later" };
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOfResponse(response: Response, submission: Submission): Promise<SendOutcome> {
  const { status } = response;
  const body = await response.json().catch(() => undefined);
  const { code, issues } = body?.error ?? {};
  if (status === 202 && body?.submissionId === submission.id) return { kind: "accepted" };
  if (status === 403 && code === "challenge_failed") return { kind: "challenge", status };
  reportFailure(submission, status, code);
  if (status === 400) return { kind: "wrong", status, issues: Array.isArray(issues) ? issues.filter(isIssue) : [] };
  if (status === 413) return { kind: "wrong", status, issues: [] };
  if (status >= 400 && status < 500 && ![408, 425, 429].includes(status)) return { kind: "refused", status };
  // Even for a 2xx or a redirect: captive portals respond with them, and only the forwarder returns the id.
  const retryAfterMs = parseRetryAfter(response.headers);
  return { kind: "later", status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Whether a value is an issue: a proxy may respond with its own 400. */
const isIssue = (issue: unknown): boolean => typeof (issue as { path?: unknown } | null)?.path === "string";
