import type { NewLead } from "icloud-ready";
import { nullProto } from "../base/null-proto.js";
import type { LeadIssue } from "../base/public.js";

/** Before a lead is stored and sent. What a listener adds to `lead` is sent too. Canceling sends nothing. */
export type LeadSubmitEvent = CustomEvent<{ lead: NewLead }>;

/** The lead is acknowledged. `lead`: the CRM's record, if a client sent it. `isEarlier`: it is of an earlier visit. */
export type LeadAcceptedEvent = CustomEvent<{ submissionId: string; lead?: unknown; isEarlier: boolean }>;

/** The lead will be sent later. `isKept`: it is stored on the device, else only in the page. */
export type LeadQueuedEvent = CustomEvent<{ submissionId: string; status?: number; isKept: boolean }>;

/**
 * The lead was rejected. `code`: `wrong` (the visitor has to correct it; with status 413, or no issue of a field of the
 * form, it is not queued and still in the form), `challenge`, `refused` (stored and retried hourly: the site is
 * misconfigured), `inconclusive` (stored: a client cannot tell whether the CRM has it) or `expired` (deleted after 30
 * days and attempts on three of them).
 */
export type LeadErrorEvent = CustomEvent<{
  submissionId: string;
  code: "wrong" | "challenge" | "refused" | "inconclusive" | "expired";
  status?: number;
  issues: readonly LeadIssue[];
  isEarlier: boolean;
}>;

/** The events, by name. */
export interface LeadFormEvents {
  /** Before a lead is stored and sent; cancelable. */
  "lead-submit": LeadSubmitEvent;
  /** When the lead is acknowledged. */
  "lead-accepted": LeadAcceptedEvent;
  /** When the lead is stored, to be sent later. */
  "lead-queued": LeadQueuedEvent;
  /** When the lead was rejected. */
  "lead-error": LeadErrorEvent;
}

/** Dispatches an event, on the document too if the form was removed. Returns `false` if it was canceled. */
export function dispatchLeadEvent<Name extends keyof LeadFormEvents>(
  form: Node,
  name: Name,
  detail: LeadFormEvents[Name]["detail"],
): boolean {
  const cancelable = name === "lead-submit";
  const event = new CustomEvent(name, nullProto({ detail, cancelable, bubbles: true, composed: true }));
  return form.dispatchEvent(event) && (form.isConnected || document.dispatchEvent(event));
}
