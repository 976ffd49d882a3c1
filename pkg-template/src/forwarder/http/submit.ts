import type { Issue } from "../../base/errors.js";
import { type PlainResponse, jsonResponse, errorResponse } from "./responses.js";
import { mediaTypeOf, readText } from "../message/body.js";
import { type ChallengeResult, verify } from "../rules/challenge.js";
import { isOwnPage } from "./cors.js";
import { isDefault, applyFieldRules } from "../rules/fields.js";
import type { EnqueueResult, Enqueue, PrecheckResult } from "../outbox/contract.js";
import { textMember } from "../message/json.js";
import { issuesOf, phoneReader } from "../message/lead-validation.js";
import { recordRefusal } from "./rejections.js";
import { errorPage } from "./html.js";
import { problem, HttpError } from "../message/http-error.js";
import { callOutbox, type Service } from "./service.js";
import { fieldOf, type SubmissionRequest, submissionOfForm, submissionOfJson } from "../message/submission.js";
import { now } from "../../base/environment.js";
import { validTraceparent } from "../rules/traceparent.js";
import { localeOf } from "./messages.js";

/** The maximum number of issues in a response or in the store: a small body can cause a great many. */
const MAX_ISSUES = 100;

/** Handles a POST with a lead. */
export async function handleSubmission(request: Request, service: Service): Promise<PlainResponse> {
  const mediaType = mediaTypeOf(request.headers);
  const began = now();
  let submission: SubmissionRequest | undefined;
  try {
    // The origin is known before the body is read, except for forms of pages that hide their origin and of the
    // forwarder's own page.
    const source = await sourceOf(request, undefined, service);
    const mayNameOrigin = mediaType === "form" && (request.headers.get("origin") === "null" || isOwnPage(request));
    if (!source && !mayNameOrigin) throw await refusedOrigin(request, service, mediaType === "form");
    if (!mediaType) throw new HttpError("media_type");
    const text = await readText(request);
    submission = mediaType === "json" ? submissionOfJson(text) : submissionOfForm(text);
    const found = source ?? (await sourceOf(request, submission, service));
    if (!found) throw await refusedOrigin(request, service, true);
    const accepted = await storeLead(submission, found, request, service);
    service.log("lead_accepted", `lead ${accepted.outcome}`, {
      submissionId: accepted.submissionId,
      outcome: accepted.outcome,
      durationMs: Math.round(now() - began),
    });
    if (!submission.form) return jsonResponse(202, { submissionId: accepted.submissionId, status: accepted.outcome });
    return {
      status: 303,
      headers: { location: redirectTarget(submission, found.origin, request, service), "cache-control": "no-store" },
    };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { code, status } = error;
    service.log("lead_refused", `lead refused: ${code}`, { code, status, durationMs: Math.round(now() - began) });
    const isPage = mediaType === "form" || (!mediaType && request.headers.get("accept")?.includes("text/html"));
    return isPage ? formErrorResponse(error, submission, request, service) : errorResponse(error);
  }
}

/** The source of a lead: a listed origin, or a page identified by its site key. */
interface SubmissionOrigin {
  origin: string;
  /** The key of the rate limit. */
  clientKey: string;
}

async function sourceOf(
  request: Request,
  submission: SubmissionRequest | undefined,
  { settings, outbox, socket, log }: Service,
): Promise<SubmissionOrigin | undefined> {
  const fromOrigin = (origin: string | null | undefined): SubmissionOrigin | undefined =>
    origin && settings.origins(origin)
      ? { origin, clientKey: `address ${settings.address(request.headers, socket)}` }
      : undefined;
  const fromSiteKey = (key: string | undefined): SubmissionOrigin | undefined =>
    key && settings.siteKeys.includes(key) ? { origin: `siteKey:${key}`, clientKey: `siteKey ${key}` } : undefined;

  const origin = request.headers.get("origin");
  const form = submission?.form ? submission : undefined;
  const found = fromOrigin(origin);
  if (found || !form) return found;
  if (origin === "null") return fromSiteKey(fieldOf(form, "siteKey"));
  if (!isOwnPage(request)) return undefined;
  // The forwarder's own page, which shows a form again, contains the visitor's original origin. It is signed because
  // any host name that resolves to this server counts as the forwarder's own origin.
  const signedSource = fromOrigin(fieldOf(form, "_origin"));
  const signature = fieldOf(form, "_signature");
  if (
    signedSource &&
    signature !== undefined &&
    (await callOutbox(log, outbox.verifyOrigin({ origin: signedSource.origin, signature })))
  )
    return signedSource;
  return fromSiteKey(fieldOf(form, "siteKey"));
}

/** The error for a page whose origin is not listed. A request without an origin does not come from a page. */
async function refusedOrigin(request: Request, service: Service, form: boolean): Promise<HttpError> {
  const origin = request.headers.get("origin");
  return origin === null ? new HttpError("origin") : recordRefusal("origin", origin, request, service, form);
}

/** Stores the lead. */
async function storeLead(
  submission: SubmissionRequest,
  source: SubmissionOrigin,
  request: Request,
  service: Service,
): Promise<{ outcome: "accepted" | "conflict"; submissionId: string | undefined }> {
  const { settings, outbox, fallbackQueue, log } = service;
  const { form } = submission;
  const submissionId = idOf(submission);
  const { lead, canonical, custom, dropped, marks } = applyFieldRules(
    submission,
    source.origin,
    settings.fields,
    request.headers.get("accept-language"),
    await phoneReader(),
  );
  const rate = { client: source.clientKey, ...settings.rate, form };
  const identity = {
    canonical,
    ...(submissionId === undefined ? { form: { origin: source.origin } } : { submissionId }),
  };
  const precheck = () => callOutbox(log, outbox.precheck({ rate, ...identity }));

  // Looks for the lead before its single-use token is verified.
  let prechecked: PrecheckResult | undefined;
  if (settings.challenge) {
    prechecked = await precheck().catch((error: unknown) => {
      if (fallbackQueue) return undefined;
      throw error;
    });
    if (prechecked) assertNotLimited(prechecked);
    if (prechecked?.outcome === "duplicate") return { outcome: "accepted", submissionId: prechecked.submissionId };
  }
  const text = JSON.stringify(lead);
  const issues = await issuesOf(text);
  if (issues.some(isError)) {
    if (!prechecked) await precheck().then(assertNotLimited, () => {});
    const defaultIssue = issues.find(
      (issue) => isError(issue) && isDefault(issue.path, source.origin, settings.fields),
    );
    if (!defaultIssue) throw new HttpError("validation", { issues: issues.filter(isError).slice(0, MAX_ISSUES) });
    // The page cannot fix this: it keeps the lead and retries.
    const { path, message } = defaultIssue;
    log("defaults_invalid", "the option defaults makes every lead wrong", { path, problem: message });
    throw new HttpError("configuration");
  }
  let challengeResult: ChallengeResult = { marks: [], hold: false };
  try {
    if (prechecked?.outcome !== "conflict") {
      const id = prechecked && "submissionId" in prechecked ? prechecked.submissionId : submissionId;
      challengeResult = await verify(settings.challenge, submission.token, id, service.onSecretChecked);
    }
  } catch (error) {
    // The second request of a double click has a token that the first request, which is still being stored, has used.
    const again = await callOutbox(log, outbox.precheck(identity));
    if (again.outcome !== "duplicate") throw error;
    return { outcome: "accepted", submissionId: again.submissionId };
  }
  if (prechecked && "marked" in prechecked && prechecked.marked) marks.push("rate");
  const traceparent = settings.propagateTraceparent ? validTraceparent(request.headers.get("traceparent")) : undefined;
  const enqueue: Enqueue = {
    ...(submissionId === undefined ? {} : { submissionId }),
    origin: source.origin,
    form,
    canonical,
    lead: text,
    custom,
    ...(dropped === undefined ? {} : { dropped }),
    ...(issues.length ? { warnings: JSON.stringify(issues.slice(0, MAX_ISSUES)) } : {}),
    marks: [...marks, ...challengeResult.marks],
    hold: challengeResult.hold,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  try {
    return assertNotLimited(
      await callOutbox(log, outbox.enqueue({ ...enqueue, client: source.clientKey, ...(prechecked ? {} : { rate }) })),
    );
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "unavailable" || !fallbackQueue) throw error;
    // Without the rate limit, since an acknowledged lead must not be rejected later, and without the address, since a
    // queue would store it in plain text.
    await callOutbox(log, fallbackQueue({ ...enqueue, at: Date.now() }));
    return { outcome: "accepted", submissionId };
  }
}

/** @throws {HttpError} `rate_limited`, `full`. */
function assertNotLimited<T extends PrecheckResult | EnqueueResult>(
  answer: T,
): Exclude<T, { outcome: "limited" | "full" }> {
  const { outcome } = answer;
  if (outcome === "limited" || outcome === "full") {
    // An address with too many undelivered leads gets the same error as one that sends too many.
    const isAddress = outcome === "limited" || answer.limit.startsWith("address_");
    throw new HttpError(isAddress ? "rate_limited" : "full", { retryAfterMs: answer.retryAfterMs });
  }
  return answer as Exclude<T, { outcome: "limited" | "full" }>;
}

/** @throws {HttpError} `validation` if a script sends no id: it needs one to retry safely. */
function idOf({ submissionId: id, form }: SubmissionRequest): string | undefined {
  if (typeof id === "string" && /^[\w-]{8,64}$/.test(id)) return id;
  if (form) return undefined;
  const issue =
    id === undefined
      ? problem("submissionId", "required", "is required")
      : problem("submissionId", "format", "must be 8 to 64 of A-Z, a-z, 0-9, _ and -");
  throw new HttpError("validation", { issues: [issue] });
}

function isError({ severity }: Issue): boolean {
  return severity === "error";
}

/** The redirect target after an accepted form post. */
function redirectTarget(
  submission: SubmissionRequest,
  origin: string,
  request: Request,
  { settings }: Service,
): string {
  const next = fieldOf(submission, "_next");
  if (next !== undefined && settings.redirects.includes(next)) return next;
  const locale = localeOf(submission.context["locale"], request.headers.get("accept-language"));
  const from = settings.origins(origin) ? `&from=${encodeURIComponent(origin)}` : "";
  return settings.thankYouURL ?? `${settings.path}/thanks?locale=${locale}${from}`;
}

/** The error page for a visitor without scripts. */
async function formErrorResponse(
  refusal: HttpError,
  submission: SubmissionRequest | undefined,
  request: Request,
  service: Service,
): Promise<PlainResponse> {
  const { settings } = service;
  const locale = localeOf(textMember(submission?.context, "locale"), request.headers.get("accept-language"));
  const targets = [settings.thankYouURL, ...settings.redirects].flatMap((url) =>
    url === undefined ? [] : [new URL(url).origin],
  );
  const site = await siteOf(submission, request, service);
  const form =
    submission && refusal.code !== "origin"
      ? {
          action: settings.path,
          submission,
          hidden: await signedOrigin(site, service),
          targets: [...new Set(targets)],
        }
      : undefined;
  return errorPage(locale, refusal, site, form);
}

/** The origin of the visitor's page, if it is known and listed. */
async function siteOf(
  submission: SubmissionRequest | undefined,
  request: Request,
  service: Service,
): Promise<string | undefined> {
  const source = await sourceOf(request, submission, service).catch(() => undefined);
  return source && service.settings.origins(source.origin) ? source.origin : undefined;
}

/** The signed hidden fields with the visitor's original origin, for the forwarder's own page. */
async function signedOrigin(site: string | undefined, { outbox, log }: Service): Promise<[string, string][]> {
  if (site === undefined) return [];
  try {
    return [
      ["_origin", site],
      ["_signature", await callOutbox(log, outbox.signOrigin(site))],
    ];
  } catch {
    // Without these fields the next post is rejected, as it would be anyway while the store is unavailable.
    return [];
  }
}
