import { nullProto } from "../base/null-proto.js";
import type { Consent } from "../fields/lead.js";
import { randomId, type Submission } from "./submission.js";

/** The data about a lead in addition to its fields. */
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

/** Builds the member `context` of the request body. */
export function buildContext({ visit, consent, ...more }: ContextInput): object {
  return nullProto({ ...visit, ...more, ...(consent.length && { consent }) });
}

/** Creates a lead to store and send. */
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
