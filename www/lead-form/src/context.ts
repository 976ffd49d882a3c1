import { type Attribution, clean } from "./attribution.js";
import { bare } from "./bare.js";
import type { Consent } from "./lead.js";
import { randomId, type Submission } from "./submission.js";

/** What a form knows of a lead besides the lead. */
export interface Known {
  readonly known: Attribution | undefined;
  readonly consent: readonly Consent[];
  readonly locale: string;
  readonly formId: string;
  readonly elapsedMs: number;
  readonly trap: string;
  readonly phone: object;
}

/** The member `context` of what is sent. */
export function contextOf({ known, consent, ...more }: Known): object {
  return bare({
    // Of what brought the visitor nothing is told that is not kept.
    page: known ? clean(location.href) : location.origin + location.pathname,
    referrer: known?.referrer ?? "",
    landingPage: known?.landingPage ?? "",
    ...more,
    ...(known && { attribution: { first: known.first, last: known.last } }),
    ...(consent.length && { consent }),
  });
}

/** A lead that is about to be kept and sent. */
export function submissionOf(key: string, lead: unknown, context: object, values: object): Submission {
  return {
    key,
    id: randomId(),
    at: Date.now(),
    body: JSON.stringify(bare({ lead, context })),
    values: JSON.stringify(values),
    attempts: 0,
    retryAt: 0,
    isAsked: false,
    isWrong: false,
  };
}
