import { loadDeferred } from "./load-deferred.js";
import { loadBackground } from "./load-background.js";
import { storeLead } from "../submission/store.js";
import { type SubmitOutcome, LATER, type Sender, type Submission } from "../submission/submission.js";

/** The interval between attempts to load the deferred script. */
const LOAD_RETRY_MS = 15_000;

/** Stores a lead, then sends it. Returns the outcome and whether the lead is stored. */
export async function deliverLead(submission: Submission, sender: Sender): Promise<SubmitOutcome> {
  // A retry stores it again: storage may have been cleared. Before it is sent, the queue checks whether it was
  // delivered.
  const storing = storeLead(submission);
  const send = async () => (await loadDeferred())?.queueOf(submission.key).submit(submission, sender, storing);
  const delivery = await send();
  // The deferred script is not loaded: there is no connection.
  if (!delivery) onceLoaded(async () => sender.onOutcome(submission, (await send())?.outcome));
  return delivery ?? { outcome: LATER, isPersisted: await storing };
}

/** Adds a form to the queue of its endpoint if leads are stored for it. */
export async function joinQueue(key: string, sender: Sender): Promise<void> {
  const background = await loadBackground();
  background?.onFormReady(sender.element);
  if ((await background?.hasPendingLeads(key)) === false) return;
  const send = async () => (await loadDeferred())?.queueOf(key).addSender(sender);
  await send();
  if (!(await loadDeferred())) onceLoaded(send);
}

/** Runs once the deferred script can be loaded. */
function onceLoaded(work: () => Promise<unknown>): void {
  /* eslint-disable @typescript-eslint/no-misused-promises -- a wrapper with `void` costs 13 bytes for nothing */
  const attempt = async () => {
    if (!(await loadDeferred())) return;
    clearInterval(timer);
    removeEventListener("online", attempt);
    await work();
  };
  const timer = setInterval(attempt, LOAD_RETRY_MS);
  addEventListener("online", attempt);
  /* eslint-enable @typescript-eslint/no-misused-promises */
}
