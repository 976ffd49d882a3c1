import { ignoreErrors } from "../../base/options.js";
import type { Enqueue } from "./contract.js";
import type { Log } from "./log.js";

/** A lead that was stored for the first time. */
export interface LeadNotification {
  /** Its submission id. */
  submissionId: string;
  /** The page's origin, or the site key. */
  origin: string;
  /** Whether a form without scripts sent it. */
  form: boolean;
  /** Its spam marks, such as `honeypot`. */
  marks: readonly string[];
  /** When it was stored, in milliseconds since 1970. */
  at: number;
  /** The lead as it is sent to the CRM; only with `personalData: true`. */
  lead?: unknown;
}

/** The callback for new leads: a function, or an object whose function also gets the lead's fields. */
export type Notify =
  ((lead: LeadNotification) => unknown) | { send: (lead: LeadNotification) => unknown; personalData: boolean };

/** Calls the option `notify` after the lead is acknowledged. Its errors are only logged. @internal */
export function notifier(
  notify: Notify | undefined,
  log: Log,
): ((enqueue: Enqueue, submissionId: string) => void) | undefined {
  if (!notify) return undefined;
  const { send, personalData } = typeof notify === "function" ? { send: notify, personalData: false } : notify;
  return ({ origin, form, marks, lead }, submissionId) => {
    const about: LeadNotification = { submissionId, origin, form, marks, at: Date.now() };
    // Deferred, so that the response is sent first.
    setTimeout(() =>
      ignoreErrors(
        () => send(personalData ? { ...about, lead: JSON.parse(lead) as unknown } : about),
        () => log("handler_failed", "the option notify failed", { handler: "notify", submissionId }),
      ),
    );
  };
}
