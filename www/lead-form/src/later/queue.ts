import { CLIENT, LATER, type Outcome, type Sender, type Settled, type Submission } from "../submission.js";
import { alone } from "./alone.js";
import type { LeadClient } from "../public.js";
import { create } from "./client.js";
import { post } from "./delivery.js";
import { drain } from "./drain.js";
import { all, find, forget, inMemory, keep } from "./kept.js";
import { ACCEPTED, waitAfter } from "./rules.js";

const queues = new Map<string, Queue>();

/** The queue of an endpoint: all forms of a page that send there share it. */
export function queueOf(key: string): Queue {
  const queue = queues.get(key) ?? new Queue(key);
  queues.set(key, queue);
  return queue;
}

/** The leads that are kept for one endpoint, and when they go. */
export class Queue {
  readonly key: string;
  readonly #senders = new Set<Sender>();
  /** The leads that forms of this page are waiting for. */
  readonly awaited = new Map<string, { submission: Submission; sender: Sender }>();
  /** The leads on their way to the database. */
  readonly #unkept = new Set<Submission>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Infinity;
  #flushing: Promise<void> | undefined;
  /** The server asked for this wait: it holds for every lead. */
  closedUntil = 0;
  /** There is a new visit or connection, and nothing was sent since. */
  isFresh = false;

  constructor(key: string) {
    this.key = key;
    addEventListener("online", () => void this.flush(true));
    addEventListener("pagehide", () => this.#hurry());
    // Whatever had only to be checked is on its way to the database when this is called.
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.flush();
      else this.#hurry();
    });
  }

  /** A form joins; what is kept from earlier goes out. */
  join(sender: Sender): void {
    this.#senders.add(sender);
    void this.flush(true);
  }

  /** Sends a lead; gives what came of it. `storing`: whether it outlives the page, once that can be told. */
  async submit(submission: Submission, sender: Sender, storing: Promise<boolean>): Promise<Outcome> {
    this.#unkept.add(submission);
    if (!(await storing)) await keep(submission);
    this.#unkept.delete(submission);
    this.awaited.set(submission.id, { submission, sender });
    const outcome = await alone(`${this.key}#${submission.id}`, false, async () => {
      // Another tab may have delivered it while this one waited for its turn.
      const kept = await this.stillKept(submission);
      return kept ? this.send(kept, sender) : ACCEPTED;
    });
    if (outcome?.kind === "accepted") this.awaited.delete(submission.id);
    return outcome ?? LATER;
  }

  /** Lets a lead go that the visitor has corrected or given up. */
  drop(id: string): Promise<void> {
    this.awaited.delete(id);
    return forget({ key: this.key, id });
  }

  /** Sends what is due; `isFresh`: a new visit or connection, which ends every wait the server did not ask for. */
  flush(isFresh = false): Promise<void> {
    this.isFresh ||= isFresh;
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = undefined;
      // It became so while the last one was under way, or another tab had its turn.
      if (this.isFresh) this.schedule(Date.now() + 1_000);
    });
    return this.#flushing;
  }

  async #drain(): Promise<void> {
    const isWaiting = this.awaited.size || (await all(this.key)).length;
    if (isWaiting) await drain(this);
    else this.isFresh = false;
  }

  /** A form that is on the page. */
  #someone(): Sender | undefined {
    for (const sender of this.#senders) if (!sender.isConnected) this.#senders.delete(sender);
    return [...this.#senders][0];
  }

  /** The lead as it is kept; none if it was delivered. */
  stillKept(submission: Submission): Promise<Submission | undefined> {
    return find(this.key, submission.id).catch(() => submission);
  }

  /** Sends a lead and keeps or forgets it by what came of it. */
  async send(submission: Submission, sender: Sender | undefined = this.#someone()): Promise<Outcome> {
    const client = sender?.client;
    if (Date.now() < this.closedUntil) {
      submission.retryAt = this.closedUntil;
      await keep(submission);
      this.schedule(submission.retryAt);
      return LATER;
    }
    const token = this.key === CLIENT ? undefined : await sender?.token(false);
    let outcome = await this.#attempt(submission, client, token);
    if (outcome.kind === "challenge" && token) {
      const fresh = await sender?.token(true);
      if (fresh) outcome = await this.#attempt(submission, client, fresh);
    }
    if (outcome.kind === "accepted") {
      await forget(submission);
      return outcome;
    }
    const isAsked = outcome.kind === "later" && outcome.retryAfterMs !== undefined;
    submission.isWrong = outcome.kind === "wrong";
    submission.retryAt = Date.now() + waitAfter(outcome, submission.attempts, Math.random());
    submission.isAsked = isAsked || outcome.kind !== "later";
    if (isAsked) this.closedUntil = submission.retryAt;
    await keep(submission);
    if (!submission.isWrong) this.schedule(submission.retryAt);
    return outcome;
  }

  async #attempt(submission: Submission, client: LeadClient | undefined, token: string | undefined): Promise<Outcome> {
    const isEndpoint = this.key !== CLIENT;
    if (!isEndpoint && !client) return LATER;
    const lookFirst = submission.attempts > 0;
    submission.attempts += 1;
    if (!client || isEndpoint) return post(submission, token);
    // Noted before it is sent: should the page die now, the next one must look for the lead first.
    await keep(submission);
    return create(client, submission, lookFirst);
  }

  tell(submission: Submission, outcome: Settled | undefined): void {
    const { id } = submission;
    const sender = this.awaited.get(id)?.sender ?? this.#someone();
    if (outcome?.kind === "accepted") this.awaited.delete(id);
    sender?.settled(submission, outcome);
  }

  /** Flushes at a time, unless that is done earlier anyway. */
  schedule(at: number): void {
    const isSooner = at < this.#timerAt || this.#timerAt < Date.now();
    if (!Number.isFinite(at) || !isSooner) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Infinity;
        void this.flush();
      },
      Math.max(250, at - Date.now()),
    );
  }

  /** The visitor goes, perhaps for good: nothing waits for checks any more. */
  #hurry(): void {
    for (const sender of this.#senders) sender.hurry();
  }

  /** The page goes: what it alone has is sent once more, and outlives it on its way. */
  #leave(): void {
    if (this.key === CLIENT) return;
    for (const submission of [...inMemory(this.key), ...this.#unkept]) if (!submission.isWrong) void post(submission);
  }
}
