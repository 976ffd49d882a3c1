import { arrive } from "./arrive.js";
import { isAnythingKept, store } from "./store.js";
import { LATER, type Outcome, type Sender, type Submission } from "./submission.js";

/** How often to try again to bring what sends leads, in milliseconds. */
const PATIENCE = 15_000;

/** Whether it could be put into the database, once that is done: what became of it since is not undone. */
const stored = new WeakMap<Submission, Promise<boolean>>();

/** Keeps a lead, then sends it; gives what came of that and whether it outlives the page. */
export async function deliver(submission: Submission, sender: Sender): Promise<{ outcome: Outcome; isKept: boolean }> {
  const storing = stored.get(submission) ?? store(submission);
  stored.set(submission, storing);
  const send = async () => (await arrive())?.queueOf(submission.key).submit(submission, sender, storing).catch(() => LATER);
  const outcome = await send();
  // What sends has not arrived yet: there is no connection.
  if (!outcome) resume(async () => sender.settled(submission, await send()));
  return { outcome: outcome ?? LATER, isKept: await storing };
}

/** Has a form join the queue of where its leads go if something is kept there from earlier. */
export async function join(key: string, sender: Sender): Promise<void> {
  if (!(await isAnythingKept(key))) return;
  const send = async () => (await arrive())?.queueOf(key).join(sender);
  await send();
  if (!(await arrive())) resume(send);
}

/** Does it once there is a connection to bring what sends leads. */
function resume(work: () => Promise<unknown>): void {
  const attempt = async () => {
    if (!(await arrive())) return;
    clearInterval(timer);
    removeEventListener("online", attempt);
    await work();
  };
  const timer = setInterval(attempt, PATIENCE);
  addEventListener("online", attempt);
}
