import type { LeadIssue, LeadClient, SubmitResult } from "../base/public.js";
import type { State, StatusMessage } from "../view/state.js";

/**
 * A lead as stored until it is acknowledged. Visitors' databases contain the members' names: `lead-store.ts` reads
 * earlier ones.
 */
export interface Submission {
  /** Its queue: the endpoint's URL, or `CLIENT_KEY`. */
  readonly key: string;
  /** The submission id. */
  readonly id: string;
  /** When it was submitted, by the visitor's clock, in milliseconds since 1970; lowered if the clock was set back. */
  at: number;
  /** The request body as JSON: `lead` and `context`. */
  readonly body: string;
  /** The values of the form as JSON, in case the lead must be corrected. */
  readonly values: string;
  /** The number of attempts. */
  attempts: number;
  /** The time of the next attempt, in milliseconds since 1970. */
  retryAt: number;
  /** The length of that wait. It is not extended if the clock changes. */
  waitMs?: number;
  /** The first three days with an attempt, in days since 1970. */
  triedDays?: number[];
  /** Whether the server requested the wait; if not, a new connection or visit ends it. */
  isWaitRequested?: boolean;
  /** Whether it was rejected and the visitor must correct it. */
  needsCorrection?: boolean;
}

/** How the form presents an outcome. `getMessage` replaces the message of the state. */
export interface Presentation {
  readonly state: State;
  readonly result: SubmitResult;
  readonly getMessage?: StatusMessage | undefined;
}

/** The outcome of sending a lead. */
export type SendOutcome = { readonly presentation?: Presentation } &
  /** Acknowledged; through a client with the CRM's record. */
  (
    | { readonly kind: "accepted"; readonly lead?: unknown }
    /** Rejected: the visitor must correct it. */
    | { readonly kind: "wrong"; readonly status?: number; readonly issues: readonly LeadIssue[] }
    /** The challenge token is missing, used or refused. */
    | { readonly kind: "challenge"; readonly status?: number }
    /** The site is misconfigured: stored and retried hourly. */
    | { readonly kind: "refused"; readonly status?: number }
    /** Through a client: it is unknown whether the CRM has it. Stored and looked up hourly. */
    | { readonly kind: "inconclusive"; readonly status?: number }
    /** A retry may succeed. */
    | { readonly kind: "later"; readonly status?: number; readonly retryAfterMs?: number }
  );

/** The outcome of submitting a lead, and whether the lead is stored on the device. */
export interface SubmitOutcome {
  readonly outcome: SendOutcome;
  readonly isPersisted: boolean;
}

export const LATER = { kind: "later" } as const satisfies SendOutcome;

/** The outcome of a lead, sent now or earlier. */
export type LeadOutcome =
  | SendOutcome
  /** It was rejected on an earlier visit. */
  | { readonly kind: "check"; readonly presentation?: Presentation }
  | { readonly kind: "expired"; readonly presentation?: Presentation };

/** The parts of the element that sending needs. */
export interface SenderElement extends HTMLElement {
  readonly campaignName: string | null;
  readonly dataLayer: boolean;
  readonly client: LeadClient | undefined;
}

/** Submits the leads of a form. */
export interface Sender {
  readonly element: SenderElement;
  /** Sends a lead that is still being checked without the checks, because the visitor is leaving. */
  skipChecks(): void;
  /** Called when a lead of an earlier visit or in the background was sent or, without an outcome, is waiting. */
  onOutcome(submission: Submission, outcome: LeadOutcome | undefined): void;
}

/** The key of leads that are sent through a client. */
export const CLIENT_KEY = "client";

/** 32 hexadecimal digits; `crypto.randomUUID` is missing on pages without https. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
