import type { NewLead } from "icloud-ready";
import { bare } from "./bare.js";
import type { Fault } from "./public.js";

/** What is about to be kept and sent; what a listener adds to `lead` is sent too. Cancelling sends nothing. */
export type LeadSubmitEvent = CustomEvent<{ lead: NewLead }>;

/** The lead is in safe hands. `lead`: as the CRM has it, if a client sent it. `isEarlier`: it was made on an earlier visit. */
export type LeadAcceptedEvent = CustomEvent<{ submissionId: string; lead?: unknown; isEarlier: boolean }>;

/** The lead is kept and goes out later. `isKept`: on the device, else in the page alone. */
export type LeadQueuedEvent = CustomEvent<{ submissionId: string; status?: number; isKept: boolean }>;

/**
 * The lead was not taken. `code`: `wrong` (the visitor has to correct it), `challenge`, `refused` (kept, tried
 * hourly: the site is not set up as it should be) or `expired` (deleted after 30 days).
 */
export type LeadErrorEvent = CustomEvent<{
  submissionId: string;
  code: "wrong" | "challenge" | "refused" | "expired";
  status?: number;
  issues: readonly Fault[];
  isEarlier: boolean;
}>;

/** The events, by name. */
export interface LeadFormEvents {
  /** Before a lead is kept and sent; cancelable. */
  "lead-submit": LeadSubmitEvent;
  /** When it is in safe hands. */
  "lead-accepted": LeadAcceptedEvent;
  /** When it is kept, to be sent later. */
  "lead-queued": LeadQueuedEvent;
  /** When it was refused. */
  "lead-error": LeadErrorEvent;
}

/** Tells the page; gives whether nobody objected. */
export function announce<Name extends keyof LeadFormEvents>(
  form: HTMLElement,
  name: Name,
  detail: LeadFormEvents[Name]["detail"],
): boolean {
  const cancelable = name === "lead-submit";
  return form.dispatchEvent(new CustomEvent(name, bare({ detail, cancelable, bubbles: true, composed: true })));
}

/** Tells a tag manager: what happened to which form, and nothing about whom. */
export function push(formId: string, event: keyof LeadFormEvents, campaign: string | null): void {
  const page = globalThis as { dataLayer?: unknown[] };
  page.dataLayer ??= [];
  page.dataLayer.push({ event: event.replaceAll("-", "_"), form_id: formId, ...(campaign && { campaign }) });
}
