import type { Fault, LeadClient } from "./public.js";

/** A lead on its way, as it is kept until it is acknowledged. */
export interface Submission {
  /** Whom it is for: the endpoint's address. */
  readonly key: string;
  /** The submission id: whoever has seen it will not take it for another lead. */
  readonly id: string;
  /** When the visitor sent it, in milliseconds since 1970. */
  readonly at: number;
  /** What is sent, as JSON: `lead` and `context`. */
  readonly body: string;
  /** What the visitor had typed, as JSON, should it have to be corrected. */
  readonly values: string;
  /** How often it was sent. */
  attempts: number;
  /** Not to be sent before, in milliseconds since 1970. */
  retryAt: number;
  /** Whether the server asked for that wait; else a new connection or visit ends it. */
  isAsked: boolean;
  /** Whether it was refused as wrong: the visitor has to correct it. */
  isWrong: boolean;
}

/** What came of sending a lead. */
export type Outcome =
  /** It is in safe hands; through a client, as the CRM has it. */
  | { readonly kind: "accepted"; readonly lead?: unknown }
  /** It is wrong: the visitor has to correct it. */
  | { readonly kind: "wrong"; readonly status?: number; readonly issues: readonly Fault[] }
  /** The proof that a person is there is missing, spent or refused. */
  | { readonly kind: "challenge"; readonly status?: number }
  /** The site is not set up as it should be: kept, and tried hourly. */
  | { readonly kind: "refused"; readonly status?: number }
  /** It may go through later. */
  | { readonly kind: "later"; readonly status?: number; readonly retryAfterMs?: number };

export const LATER = { kind: "later" } as const satisfies Outcome;

/** What became of a lead that was not being waited for. */
export type Settled =
  | Outcome
  /** It was refused as wrong on an earlier visit. */
  | { readonly kind: "check" }
  | { readonly kind: "expired" };

/** A form that hears of leads and lends what sending them needs. */
export interface Sender {
  /** Whether it is on the page. */
  readonly isConnected: boolean;
  readonly client: LeadClient | undefined;
  /** The proof that a person is there, if the page asks for one; `isSpent`: not the one it gave last. */
  token(isSpent: boolean): Promise<string | undefined>;
  /** The visitor goes: what was sent is no longer checked. */
  hurry(): void;
  /** A lead that is kept was tried in the background, or is waiting: then there is no outcome. */
  settled(submission: Submission, outcome: Settled | undefined): void;
}

/** The key of leads that go through a client, not to an endpoint. */
export const CLIENT = "client";

/** 32 hexadecimal digits; `crypto.randomUUID` is missing on pages without https. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
