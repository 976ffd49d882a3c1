import { nullProto } from "../base/null-proto.js";
import type { Consent } from "../fields/lead.js";
import { randomId, type Submission } from "./submission.js";

/** What the form knows about a lead, apart from its fields. */
export interface ContextInput {
  /** The page and its attribution; `undefined` if the background script did not load. */
  readonly visit: object | undefined;
  readonly consent: readonly Consent[];
  readonly locale: string;
  readonly formId: string;
  readonly elapsedMs: number;
  readonly trap: string;
  readonly phone: object;
}

/** The member `context` of the request body. */
export function buildContext({ visit, consent, ...more }: ContextInput): object {
  return nullProto({ ...visit, ...more, ...(consent.length && { consent }) });
}

/** A lead to store and send. */
export function createSubmission(key: string, lead: unknown, context: object, values: object): Submission {
  return {
    key,
    id: randomId(),
    at: Date.now(),
    body: JSON.stringify(nullProto({ lead, context })),
    values: JSON.stringify(values),
    attempts: 0,
    retryAt: 0,
  };
}
