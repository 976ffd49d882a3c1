import type { Issue } from "../../base/errors.js";
import { type PlainResponse, jsonResponse, errorResponse } from "./responses.js";
import { mediaTypeOf, textOf } from "../message/body.js";
import { type ChallengeResult, verify } from "../rules/challenge.js";
import { isOwnPage } from "./cors.js";
import { isDefault, applyFieldRules } from "../rules/fields.js";
import type { EnqueueResult, Enqueue, PrecheckResult } from "../outbox/contract.js";
import { textMember } from "../message/json.js";
import { issuesOf, phoneReader } from "../message/lead-validation.js";
import { recordRefusal } from "./rejections.js";
import { errorPage } from "./html.js";
import { problem, HttpError } from "../message/http-error.js";
import { logWarning } from "../outbox/log.js";
import { callOutbox, type Service } from "./service.js";
import { fieldOf, type Submission, submissionOfForm, submissionOfJson } from "../message/submission.js";
import { localeOf } from "./messages.js";

/** How many issues are answered or stored: a small body can have very many. */
const MAX_ISSUES = 100;

/** Handles a POST with a lead. */
export async function handleSubmission(request: Request, service: Service): Promise<PlainResponse> {
  const mediaType = mediaTypeOf(request.headers);
  let submission: Submission | undefined;
  try {
    // The origin is known before the body, except for a form of a page that hides its origin or of our own page.
    const source = await sourceOf(request, undefined, service);
    const mayNameOrigin = mediaType === "form" && (request.headers.get("origin") === "null" || isOwnPage(request));
    if (!source && !mayNameOrigin) throw await refusedOrigin(request, service, mediaType === "form");
    if (!mediaType) throw new HttpError("media_type");
    const text = await textOf(request);
    submission = mediaType === "json" ? submissionOfJson(text) : submissionOfForm(text);
    const found = source ?? (await sourceOf(request, submission, service));
    if (!found) throw await refusedOrigin(request, service, true);
    const accepted = await storeLead(submission, found, request, service);
    if (!submission.form) return jsonResponse(202, { submissionId: accepted.submissionId, status: accepted.outcome });
    return {
      status: 303,
      headers: { location: redirectTarget(submission, request, service), "cache-control": "no-store" },
    };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const isPage = mediaType === "form" || (!mediaType && request.headers.get("accept")?.includes("text/html"));
    return isPage ? formErrorResponse(error, submission, request, service) : errorResponse(error);
  }
}

/** Where a lead comes from: a listed origin, or a page known by its site key. */
interface Source {
  origin: string;
  /** What the rate is counted by. */
  clientKey: string;
}

async function sourceOf(
  request: Request,
  submission: Submission | undefined,
  { settings, outbox, socket }: Service,
): Promise<Source | undefined> {
  const fromOrigin = (origin: string | null | undefined): Source | undefined =>
    origin && settings.origins(origin)
      ? { origin, clientKey: `address ${settings.address(request.headers, socket)}` }
      : undefined;
  const fromSiteKey = (key: string | undefined): Source | undefined =>
    key && settings.siteKeys.includes(key) ? { origin: `siteKey:${key}`, clientKey: `siteKey ${key}` } : undefined;

  const origin = request.headers.get("origin");
  const form = submission?.form ? submission : undefined;
  const found = fromOrigin(origin);
  if (found || !form) return found;
  if (origin === "null") return fromSiteKey(fieldOf(form, "siteKey"));
  if (!isOwnPage(request)) return undefined;
  // The forwarder's own page shows a form again. It says where the visitor came from at first, and is signed: to a
  // browser any page is of this origin whose host name leads here.
  const signedSource = fromOrigin(fieldOf(form, "_origin"));
  const signature = fieldOf(form, "_signature");
  if (
    signedSource &&
    signature !== undefined &&
    (await callOutbox(outbox.verifyOrigin({ origin: signedSource.origin, signature })))
  )
    return signedSource;
  return fromSiteKey(fieldOf(form, "siteKey"));
}

/** What a page is answered whose origin is not listed. Without an origin it is not a page. */
async function refusedOrigin(request: Request, service: Service, form: boolean): Promise<HttpError> {
  const origin = request.headers.get("origin");
  return origin === null ? new HttpError("origin") : recordRefusal("origin", origin, request, service, form);
}

/** Has the lead stored. */
async function storeLead(
  submission: Submission,
  source: Source,
  request: Request,
  service: Service,
): Promise<{ outcome: "accepted" | "conflict"; submissionId: string | undefined }> {
  const { settings, outbox, fallbackQueue } = service;
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
  const precheck = () => callOutbox(outbox.precheck({ rate, ...identity }));

  // A known lead is recognized before its token, which works once, is verified.
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
    // The page cannot fix that: it keeps the lead and retries.
    logWarning(`the option defaults makes every lead wrong: ${defaultIssue.path} ${defaultIssue.message}`);
    throw new HttpError("configuration");
  }
  let challengeResult: ChallengeResult = { marks: [], hold: false };
  try {
    if (prechecked?.outcome !== "conflict") {
      const id = prechecked && "submissionId" in prechecked ? prechecked.submissionId : submissionId;
      challengeResult = await verify(settings.challenge, submission.token, id, service.onSecretChecked);
    }
  } catch (error) {
    // The second of a double click comes with a token that the first has spent, while that is being stored.
    const again = await callOutbox(outbox.precheck(identity));
    if (again.outcome !== "duplicate") throw error;
    return { outcome: "accepted", submissionId: again.submissionId };
  }
  if (prechecked && "marked" in prechecked && prechecked.marked) marks.push("rate");
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
  };
  try {
    return assertNotLimited(
      await callOutbox(outbox.enqueue({ ...enqueue, client: source.clientKey, ...(prechecked ? {} : { rate }) })),
    );
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "unavailable" || !fallbackQueue) throw error;
    // Without the rate: what is acknowledged here may not be refused there. Nor the address: a queue keeps it as it is.
    await callOutbox(fallbackQueue({ ...enqueue, at: Date.now() }));
    return { outcome: "accepted", submissionId };
  }
}

/** @throws {HttpError} `rate_limited`. */
function assertNotLimited<T extends PrecheckResult | EnqueueResult>(answer: T): Exclude<T, { outcome: "limited" }> {
  if (answer.outcome === "limited") throw new HttpError("rate_limited", { retryAfterMs: answer.retryAfterMs });
  return answer as Exclude<T, { outcome: "limited" }>;
}

/** @throws {HttpError} `validation`: a script must send an id, so that it can retry with it. */
function idOf({ submissionId: id, form }: Submission): string | undefined {
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

/** Where a form post that was accepted leads. */
function redirectTarget(submission: Submission, request: Request, { settings }: Service): string {
  const next = fieldOf(submission, "_next");
  if (next !== undefined && settings.redirects.includes(next)) return next;
  const locale = localeOf(submission.context["locale"], request.headers.get("accept-language"));
  return settings.thankYouURL ?? `${settings.path}/thanks?locale=${locale}`;
}

/** Answers a visitor whose page runs no script. */
async function formErrorResponse(
  refusal: HttpError,
  submission: Submission | undefined,
  request: Request,
  service: Service,
): Promise<PlainResponse> {
  const { settings } = service;
  const locale = localeOf(textMember(submission?.context, "locale"), request.headers.get("accept-language"));
  const targets = [settings.thankYouURL, ...settings.redirects].flatMap((url) =>
    url === undefined ? [] : [new URL(url).origin],
  );
  const form =
    submission && refusal.code !== "origin"
      ? {
          action: settings.path,
          submission,
          hidden: await signedOrigin(submission, request, service),
          targets: [...new Set(targets)],
        }
      : undefined;
  return errorPage(locale, refusal, form);
}

/** The fields by which the forwarder's own page says where its visitor came from. */
async function signedOrigin(submission: Submission, request: Request, service: Service): Promise<[string, string][]> {
  try {
    const source = await sourceOf(request, submission, service);
    if (!source || !service.settings.origins(source.origin)) return [];
    return [
      ["_origin", source.origin],
      ["_signature", await callOutbox(service.outbox.signOrigin(source.origin))],
    ];
  } catch {
    // Without them the form that is shown again is refused; so it would be while the store is unavailable.
    return [];
  }
}
