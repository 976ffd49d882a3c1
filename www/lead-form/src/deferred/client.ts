import type { NewLead } from "icloud-ready";
import { warn } from "../base/warn.js";
import type { LeadClient } from "../base/public.js";
import { reportClientFailure } from "./report.js";
import type { SendOutcome, Submission } from "../submission/submission.js";

/** Creates a lead through the visitor's client. Its errors are classified by their documented members. */
export async function createThroughClient(
  client: LeadClient,
  submission: Submission,
  checkExisting: boolean,
): Promise<SendOutcome> {
  const { id } = submission;
  const { lead, context } = JSON.parse(submission.body);
  const { attribution, consent, page, landingPage, referrer, locale, phone } = context;
  const customField =
    lead.customField ?? JSON.stringify({ attribution, consent, page, landingPage, referrer, locale, phone });
  try {
    const created = await client.leads.create({ ...lead, customField } as NewLead, { submissionId: id, checkExisting });
    // A client that the page implements may resolve with anything: only a record proves that the lead exists.
    return typeof created?._id === "string" && created._id ? { kind: "accepted", lead: created } : { kind: "later" };
  } catch (error) {
    const { code, status, issues, retryAfterMs } = (error ?? {}) as Record<string, unknown>;
    const at = typeof status === "number" ? { status } : {};
    if (code === "validation") return { kind: "wrong", issues: Array.isArray(issues) ? issues : [] };
    if (status === 400 || status === 413 || status === 422) return { kind: "wrong", ...at, issues: [] };
    // It is unknown whether the CRM has the lead: resending could duplicate it.
    if (code === "inconclusive") return { kind: "inconclusive", ...at };
    if (typeof retryAfterMs === "number") return { kind: "later", ...at, retryAfterMs };
    const isRefused =
      ["configuration", "authentication", "permission_denied"].includes(String(code)) ||
      [401, 403, 404, 405, 415].includes(Number(status));
    // An error without a code was thrown by the page's code. Its message may contain personal data.
    if (isRefused || code === undefined)
      warn(`the property client creates no lead: ${code ?? (error instanceof Error ? error.name : typeof error)}`);
    if (code === "connection") reportClientFailure(submission);
    return isRefused ? { kind: "refused", ...at } : { kind: "later", ...at };
  }
}
