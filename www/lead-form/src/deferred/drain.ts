import type { LeadOutcome, Submission } from "../submission/submission.js";
import { warn } from "../base/warn.js";
import { withLock } from "./lock.js";
import { listLeads, endLead, outcomeOf, persistLead } from "./lead-store.js";
import type { OutcomeListener } from "./forms.js";
import type { Waits } from "./waits.js";
import { isExpired, MIN_WAIT_MS, noteDay } from "./backoff.js";

/** When to check again for leads that a form or another tab is sending. */
const OTHER_TAB_MS = 5_000;

/** A tab that sends for longer than this may be frozen: then this tab sends all leads except the locked one. */
const MAX_OTHER_TAB_MS = 60_000;

const EXPIRED = { kind: "expired" } as const satisfies LeadOutcome;

/** The parts of a queue that draining needs. */
export interface DrainableQueue {
  readonly key: string;
  readonly waits: Waits;
  /** The leads that forms of this page are waiting for. */
  readonly awaited: Map<string, { submission: Submission; listener: OutcomeListener }>;
  /** The remaining wait that the server requested for all leads. */
  readonly serverWaitMs: number;
  /** When another tab started to send, on the monotonic clock. */
  busyElsewhereSince: number | undefined;
  /** Whether there was a new visit or connection and no send since then: back-off is skipped once. */
  skipsBackoff: boolean;
  deliver(submission: Submission, ifFree: boolean): Promise<LeadOutcome | undefined>;
  notify(submission: Submission, outcome: LeadOutcome | undefined): void;
  schedule(delayMs: number): void;
}

/** Sends the stored leads that are due. */
export async function drain(queue: DrainableQueue): Promise<void> {
  const leads = await listLeads(queue.key);
  for (const [id, { submission }] of queue.awaited) {
    if (leads.some((record) => record.id === id)) continue;
    const outcome = await outcomeOf(queue.key, id);
    // Either another tab delivered it, or storage was cleared and only this page has it.
    if (outcome) {
      queue.notify(submission, outcome);
      queue.awaited.delete(id);
    } else await persistLead(submission);
  }
  if (!leads.length && !queue.awaited.size) {
    queue.skipsBackoff = false;
    return;
  }
  const isFrozen =
    queue.busyElsewhereSince !== undefined && performance.now() - queue.busyElsewhereSince > MAX_OTHER_TAB_MS;
  const nextMs = isFrozen ? await sendDue(queue) : await withLock(queue.key, true, () => sendDue(queue));
  if (nextMs === undefined) queue.busyElsewhereSince ??= performance.now();
  else queue.busyElsewhereSince = undefined;
  queue.schedule(nextMs ?? OTHER_TAB_MS);
}

/** Runs in one tab at a time. Returns the milliseconds until the next lead is due. */
async function sendDue(queue: DrainableQueue): Promise<number> {
  const leads = await listLeads(queue.key);
  // Storage can lose a lead that this page still has.
  for (const [id, { submission }] of queue.awaited)
    if (!leads.some((record) => record.id === id)) leads.push(submission);
  const { skipsBackoff } = queue;
  queue.skipsBackoff = false;
  // Leads with the fewest attempts first: one that always fails does not block others.
  leads.sort((one, other) => one.attempts - other.attempts || one.at - other.at);
  let nextMs = Infinity;
  for (const submission of leads) {
    try {
      const waitMs = await sendIfDue(queue, submission, skipsBackoff);
      // The endpoint is unavailable: the others wait for the next attempt.
      if (waitMs === undefined) return MAX_OTHER_TAB_MS;
      nextMs = Math.min(nextMs, waitMs);
    } catch (error) {
      warn(`a stored lead cannot be read and is set aside: ${error}`);
      await setAside(queue, submission);
    }
  }
  return nextMs;
}

/** Marks a lead that cannot be sent, so that the visitor corrects it. */
async function setAside(queue: DrainableQueue, submission: Submission): Promise<void> {
  if (submission.needsCorrection) return;
  submission.needsCorrection = true;
  await persistLead(submission);
  queue.notify(submission, { kind: "wrong", issues: [] });
}

/**
 * Sends a lead if it is due. Returns the milliseconds until it is due, or `undefined` if the endpoint is unavailable.
 */
async function sendIfDue(
  queue: DrainableQueue,
  submission: Submission,
  skipsBackoff: boolean,
): Promise<number | undefined> {
  const now = Date.now();
  // If the clock was set back, a lead from the future would never expire.
  submission.at = Math.min(submission.at, now);
  if (isExpired(submission, now)) {
    await endLead(submission, EXPIRED);
    queue.notify(submission, EXPIRED);
    return Infinity;
  }
  if (submission.needsCorrection) {
    const days = submission.triedDays?.length;
    noteDay(submission, now);
    if (submission.triedDays?.length !== days) await persistLead(submission);
    queue.notify(submission, { kind: "check" });
    return Infinity;
  }
  const leftMs = queue.waits.remainingMs(submission);
  const maySkip = skipsBackoff && !submission.isWaitRequested;
  const isRested = queue.waits.elapsedMs(submission) >= MIN_WAIT_MS;
  // It is sent with the next flush.
  if (maySkip && !isRested && leftMs > 0) queue.skipsBackoff = true;
  if (queue.serverWaitMs > 0 || (leftMs > 0 && !(maySkip && isRested))) {
    queue.notify(submission, undefined);
    return Math.max(leftMs, queue.serverWaitMs);
  }
  if (!JSON.parse(submission.body).lead) throw new TypeError("it has no lead");
  const outcome = await queue.deliver(submission, true);
  // A form is sending it, maybe that of a tab that is closed meanwhile.
  if (!outcome) return OTHER_TAB_MS;
  if (outcome.kind === "later" && isExpired(submission, Date.now())) {
    await endLead(submission, EXPIRED);
    queue.notify(submission, EXPIRED);
    return Infinity;
  }
  queue.notify(submission, outcome);
  return outcome.kind === "later" ? undefined : Infinity;
}
