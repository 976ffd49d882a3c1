import type { NewLead } from "icloud-ready";
import type { LeadClient } from "../public.js";
import type { Outcome, Submission } from "../submission.js";

/** Creates a lead through the visitor's own client. Its errors are judged by their documented members. */
export async function create(client: LeadClient, submission: Submission, lookFirst: boolean): Promise<Outcome> {
  const { id } = submission;
  const { lead, context } = JSON.parse(submission.body);
  const { attribution, consent, page, landingPage, referrer, locale, phone } = context;
  const customField = lead.customField ?? JSON.stringify({ attribution, consent, page, landingPage, referrer, locale, phone });
  try {
    const created = await client.leads.create({ ...lead, customField } as NewLead, { submissionId: id, lookFirst });
    return { kind: "accepted", lead: created };
  } catch (error) {
    const { code, status, issues, retryAfterMs } = (error ?? {}) as Record<string, unknown>;
    const at = typeof status === "number" ? { status } : {};
    if (code === "validation") return { kind: "wrong", issues: Array.isArray(issues) ? issues : [] };
    if (status === 400 || status === 422) return { kind: "wrong", ...at, issues: [] };
    if (typeof retryAfterMs === "number") return { kind: "later", ...at, retryAfterMs };
    const isRefused = ["configuration", "authentication", "permission_denied"].includes(String(code)) || status === 401 || status === 403;
    return isRefused ? { kind: "refused", ...at } : { kind: "later", ...at };
  }
}
