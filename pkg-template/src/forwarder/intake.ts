import type { Issue } from "../errors.js";
import { type Answer, jsonAnswer, refusalAnswer } from "./answers.js";
import { mediaTypeOf, textOf } from "./body.js";
import { type Verdict, verify } from "./challenge.js";
import { isDefault, sort } from "./fields.js";
import type { Accepted, Arrival, Knocked } from "./inbox.js";
import { textMember } from "./json.js";
import { issuesOf } from "./lead-check.js";
import { refusalPage } from "./pages.js";
import { problem, Refusal } from "./refusal.js";
import { reached, report, type Service } from "./service.js";
import { fieldOf, type Submission, submissionOfForm, submissionOfJson } from "./submission.js";
import { localeOf } from "./words.js";

/** Takes a lead from a page: the answer to a POST. */
export async function take(request: Request, service: Service): Promise<Answer> {
  const mediaType = mediaTypeOf(request.headers);
  let submission: Submission | undefined;
  try {
    // A form may say in its body where it comes from; for all others that is known before it.
    const source = mediaType === "form" ? undefined : sourceOf(request, undefined, service);
    if (!mediaType) throw new Refusal("media_type");
    const text = await textOf(request);
    submission = mediaType === "json" ? submissionOfJson(text) : submissionOfForm(text);
    const accepted = await keep(submission, source ?? sourceOf(request, submission, service), service);
    if (!submission.form) return jsonAnswer(202, { submissionId: accepted.submissionId, status: accepted.verdict });
    return { status: 303, headers: { location: target(submission, request, service), "cache-control": "no-store" } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isPage = mediaType === "form" || (!mediaType && request.headers.get("accept")?.includes("text/html"));
    return isPage ? formAnswer(error, submission, request, service) : refusalAnswer(error);
  }
}

/** Where a lead comes from: a listed origin, or a page known by its site key. */
interface Source {
  origin: string;
  /** What the rate is counted by. */
  counted: string;
}

/** @throws {Refusal} `origin`. */
function sourceOf(request: Request, submission: Submission | undefined, { settings, socket }: Service): Source {
  const listed = (origin: string | null | undefined): Source | undefined =>
    origin && settings.origins(origin) ? { origin, counted: `address ${settings.address(request.headers, socket)}` } : undefined;
  const keyed = (key: string | undefined): Source | undefined =>
    key && settings.siteKeys.includes(key) ? { origin: `siteKey:${key}`, counted: `siteKey ${key}` } : undefined;

  const origin = request.headers.get("origin");
  const form = submission?.form ? submission : undefined;
  // The forwarder's own page shows a form again; it says where the visitor came from at first.
  const own = form && isOwn(origin, request) ? form : undefined;
  const found =
    listed(origin) ??
    (own && (listed(fieldOf(own, "_origin")) ?? keyed(fieldOf(own, "siteKey")))) ??
    (form && origin === "null" ? keyed(fieldOf(form, "siteKey")) : undefined);
  if (!found) throw new Refusal("origin");
  return found;
}

function isOwn(origin: string | null, request: Request): boolean {
  try {
    // Behind a proxy the scheme may be another here than in the browser.
    return origin !== null && new URL(origin).host === new URL(request.url).host;
  } catch {
    return false;
  }
}

/** Has the lead stored. */
async function keep(submission: Submission, source: Source, service: Service): Promise<{ verdict: "accepted" | "conflict"; submissionId: string | undefined }> {
  const { settings, inbox, spare } = service;
  const { form } = submission;
  const submissionId = idOf(submission);
  const { lead, canonical, custom, dropped, marks } = sort(submission, source.origin, settings.fields);
  const rate = { client: source.counted, ...settings.rate, form };
  const asked = { canonical, ...(submissionId === undefined ? { form: { origin: source.origin } } : { submissionId }) };
  const knock = () => reached(inbox.knock({ rate, ...asked }));

  // A known lead is recognised before its token, which works once, is looked at.
  let knocked: Knocked | undefined;
  if (settings.challenge) {
    knocked = await knock().catch((error: unknown) => {
      if (spare) return undefined;
      throw error;
    });
    if (knocked) passed(knocked);
    if (knocked?.verdict === "same") return { verdict: "accepted", submissionId: knocked.submissionId };
  }
  const text = JSON.stringify(lead);
  const issues = await issuesOf(text);
  if (issues.some(isError)) {
    if (!knocked) await knock().then(passed, () => {});
    const ours = issues.find((issue) => isError(issue) && isDefault(issue.path, source.origin, settings.fields));
    if (!ours) throw new Refusal("validation", { issues: issues.filter(isError) });
    // No page could mend that: it keeps the lead, and comes again.
    report(`the option defaults makes every lead wrong: ${ours.path} ${ours.message}`);
    throw new Refusal("configuration");
  }
  let judged: Verdict = { marks: [], hold: false };
  try {
    if (knocked?.verdict !== "conflict") judged = await verify(settings.challenge, submission.token, report);
  } catch (error) {
    // The second of a double click comes with a token that the first has spent, while that is being stored.
    const again = await reached(inbox.knock(asked));
    if (again.verdict !== "same") throw error;
    return { verdict: "accepted", submissionId: again.submissionId };
  }
  if (knocked && "marked" in knocked && knocked.marked) marks.push("rate");
  const arrival: Arrival = {
    ...(submissionId === undefined ? {} : { submissionId }),
    origin: source.origin,
    form,
    canonical,
    lead: text,
    custom,
    ...(dropped === undefined ? {} : { dropped }),
    ...(issues.length ? { warnings: JSON.stringify(issues) } : {}),
    marks: [...marks, ...judged.marks],
    hold: judged.hold,
  };
  try {
    return passed(await reached(inbox.put(knocked ? arrival : { ...arrival, rate })));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unavailable" || !spare) throw error;
    // Without the rate: what is acknowledged here may not be refused there.
    await reached(spare({ ...arrival, at: Date.now() }));
    return { verdict: "accepted", submissionId };
  }
}

/** @throws {Refusal} `rate_limited`. */
function passed<T extends Knocked | Accepted>(answer: T): Exclude<T, { verdict: "limited" }> {
  if (answer.verdict === "limited") throw new Refusal("rate_limited", { retryAfterMs: answer.retryAfterMs });
  return answer as Exclude<T, { verdict: "limited" }>;
}

/** @throws {Refusal} `validation`: a script must bring an id, so that it can come again with it. */
function idOf({ submissionId: id, form }: Submission): string | undefined {
  if (typeof id === "string" && /^[\w-]{8,64}$/.test(id)) return id;
  if (form) return undefined;
  const issue =
    id === undefined
      ? problem("submissionId", "required", "is required")
      : problem("submissionId", "format", "must be 8 to 64 of A-Z, a-z, 0-9, _ and -");
  throw new Refusal("validation", { issues: [issue] });
}

function isError({ severity }: Issue): boolean {
  return severity === "error";
}

/** Where a form post that was accepted leads. */
function target(submission: Submission, request: Request, { settings }: Service): string {
  const next = fieldOf(submission, "_next");
  if (next !== undefined && settings.redirects.includes(next)) return next;
  const locale = localeOf(submission.context["locale"], request.headers.get("accept-language"));
  return settings.thankYouURL ?? `${new URL(request.url).pathname}/thanks?locale=${locale}`;
}

/** Answers a visitor whose page runs no script. */
function formAnswer(refusal: Refusal, submission: Submission | undefined, request: Request, { settings }: Service): Answer {
  const locale = localeOf(textMember(submission?.context, "locale"), request.headers.get("accept-language"));
  const origin = request.headers.get("origin");
  const from: [string, string][] = origin !== null && settings.origins(origin) ? [["_origin", origin]] : [];
  const came = submission && fieldOf(submission, "_origin");
  const targets = [settings.thankYouURL, ...settings.redirects].flatMap((url) => (url === undefined ? [] : [new URL(url).origin]));
  const form = submission && refusal.code !== "origin"
    ? {
        action: new URL(request.url).pathname,
        submission,
        hidden: from.length || came === undefined ? from : [["_origin", came] as [string, string]],
        targets: [...new Set(targets)],
      }
    : undefined;
  return refusalPage(locale, refusal, form);
}
