import { alone } from "./alone.js";
import { all, forget } from "./kept.js";
import type { Queue } from "./queue.js";
import { ACCEPTED, LIFETIME } from "./rules.js";

/** How soon to ask what became of leads that another tab is sending, in milliseconds. */
const PATIENCE = 5_000;

/** Sends what is due of what is kept. */
export async function drain(queue: Queue): Promise<void> {
  const waiting = await all(queue.key);
  // Another tab delivered what this page waits for.
  for (const [id, { submission }] of queue.awaited) {
    if (!waiting.some((kept) => kept.id === id) && !(await queue.stillKept(submission))) queue.tell(submission, ACCEPTED);
  }
  if (!waiting.length) {
    queue.isFresh = false;
    return;
  }
  const next = await alone(queue.key, true, () => sendDue(queue));
  queue.schedule(next ?? Date.now() + PATIENCE);
}

/** One tab at a time does this; gives when the next lead is due. */
async function sendDue(queue: Queue): Promise<number> {
  const kept = await all(queue.key);
  const { isFresh } = queue;
  queue.isFresh = false;
  // Whoever was tried least goes first, so that one that always fails stops nobody.
  kept.sort((one, other) => one.attempts - other.attempts || one.at - other.at);
  let next = Infinity;
  for (const submission of kept) {
    const now = Date.now();
    const isDue = now >= queue.closedUntil && (submission.retryAt <= now || (isFresh && !submission.isAsked));
    if (now - submission.at > LIFETIME) {
      await forget(submission);
      queue.tell(submission, { kind: "expired" });
    } else if (submission.isWrong) {
      queue.tell(submission, { kind: "check" });
    } else if (!isDue) {
      next = Math.min(next, Math.max(submission.retryAt, queue.closedUntil));
      queue.tell(submission, undefined);
    } else {
      const outcome = await alone(`${queue.key}#${submission.id}`, true, async () => {
        const still = await queue.stillKept(submission);
        return still ? queue.send(still) : ACCEPTED;
      });
      // The form that waits for it has its turn.
      if (!outcome) continue;
      queue.tell(submission, outcome);
      // What stops one stops all: they go with its next attempt, which is scheduled.
      if (outcome.kind === "later") return Infinity;
    }
  }
  return next;
}
