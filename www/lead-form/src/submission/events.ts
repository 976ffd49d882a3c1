import type { NewLead } from "icloud-ready";
import { nullProto } from "../base/null-proto.js";
import type { LeadIssue } from "../base/public.js";

/** Before a lead is stored and sent. Members that a listener adds to `lead` are sent too. Canceling sends nothing. */
export type LeadSubmitEvent = CustomEvent<{ lead: NewLead }>;

/**
 * The lead is acknowledged. `lead`: the CRM's record, if a client sent it. `isEarlier`: whether it is from an earlier
 * visit.
 */
export type LeadAcceptedEvent = CustomEvent<{ submissionId: string; lead?: unknown; isEarlier: boolean }>;

/** The lead will be sent later. `isPersisted`: whether it is stored on the device, or only in the page. */
export type LeadQueuedEvent = CustomEvent<{ submissionId: string; status?: number; isPersisted: boolean }>;

/**
 * The lead was rejected. `code`: `wrong` (the visitor must correct it; with status 413, or without an issue of a field
 * of the form, it is not queued and remains in the form), `challenge`, `refused` (stored and retried hourly: the site
 * is misconfigured), `inconclusive` (stored: it is unknown to the client whether the CRM has it) or `expired` (deleted
 * after 30 days and attempts on three of them).
 */
export type LeadErrorEvent = CustomEvent<{
  submissionId: string;
  code: "wrong" | "challenge" | "refused" | "inconclusive" | "expired";
  status?: number;
  issues: readonly LeadIssue[];
  isEarlier: boolean;
}>;

/** A form with steps shows another one: `step` of `count`, from 1. */
export type LeadStepEvent = CustomEvent<{ step: number; count: number }>;

/** A form in a dialog was opened or closed. */
export type LeadDialogEvent = CustomEvent<Record<string, never>>;

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
  /** When a form with steps shows another one. */
  "lead-step": LeadStepEvent;
  /** When the dialog of a form opens. */
  "lead-open": LeadDialogEvent;
  /** When the dialog of a form closes. */
  "lead-close": LeadDialogEvent;
}

/** Dispatches an event, also on the document if the form was removed. Returns `false` if it was canceled. @internal */
export function dispatchLeadEvent<Name extends keyof LeadFormEvents>(
  form: Node,
  name: Name,
  detail: LeadFormEvents[Name]["detail"],
): boolean {
  const cancelable = name === "lead-submit";
  const event = new CustomEvent(name, nullProto({ detail, cancelable, bubbles: true, composed: true }));
  return form.dispatchEvent(event) && (form.isConnected || document.dispatchEvent(event));
}
