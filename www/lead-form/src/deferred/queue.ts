import { challengeTokenOf } from "./challenge.js";
import {
  CLIENT_KEY,
  type SubmitOutcome,
  LATER,
  type SendOutcome,
  type Sender,
  type LeadOutcome,
  type Submission,
} from "../submission/submission.js";
import { withLock } from "./lock.js";
import type { LeadClient } from "../base/public.js";
import { createThroughClient } from "./client.js";
import { postLead } from "./post.js";
import { drain, type DrainableQueue } from "./drain.js";
import { OutcomeListener, WeakSenderSet } from "./forms.js";
import {
  listLeads,
  endLead,
  outcomeOf,
  findLead,
  holdInMemory,
  inMemory,
  isInMemory,
  isUnresponsive,
  persistLead,
  withVisitorTimeout,
  removeLead,
  removeTombstone,
  UNRESPONSIVE_MS,
} from "./lead-store.js";
import { ACCEPTED, noteDay, waitAfter } from "./backoff.js";
import { presentationOf } from "./messages.js";
import { sleep, Timer } from "./timer.js";
import { Waits } from "./waits.js";

/** How long a visitor waits for a lock: the forwarder accepts a lead only once, whichever tab sends it. */
const LOCK_TIMEOUT_MS = 1_000;

/** The timeout of a client, which may wait for its rate limiter. */
const CLIENT_TIMEOUT_MS = 300_000;

/**
 * How long to wait for a lock that another tab holds: two tabs that send through a client at once could create two
 * leads.
 */
const CLIENT_HELD_LOCK_MS = 60_000;

/** The wait after an unexpected error. */
const FAILURE_WAIT_MS = 10_000;

/** The extra wait of a tab without a connection: another tab may have one. */
const NO_CONNECTION_WAIT_MS = 2_000;

const queues = new Map<string, Queue>();

/** The queue of an endpoint, shared by all forms of the page with that endpoint. */
export function queueOf(key: string): Queue {
  const queue = queues.get(key) ?? new Queue(key);
  queues.set(key, queue);
  return queue;
}

/** Stores and sends the leads of an endpoint. */
export class Queue implements DrainableQueue {
  readonly key: string;
  readonly waits = new Waits();
  readonly #senders = new WeakSenderSet();
  /** The leads that forms of this page are waiting for. */
  readonly awaited = new Map<string, { submission: Submission; listener: OutcomeListener }>();
  /** The leads that are being stored. */
  readonly #storing = new Set<Submission>();
  /** The leads that are being sent, with their challenge tokens. */
  readonly #sending = new Map<Submission, string | undefined>();
  readonly #timer = new Timer(() => void this.flush());
  #flushing: Promise<void> | undefined;
  /** Whether a flush was requested during another one, which may have listed the leads before. */
  #isFlushMissed = false;
  /** The wait that the server requested. It applies to every lead. */
  #serverWait = { id: "", retryAt: 0, waitMs: 0 };
  /** When another tab started to send, on the monotonic clock. */
  busyElsewhereSince: number | undefined;
  /** Whether there was a new visit or connection and no send since then: back-off is skipped once. */
  skipsBackoff = false;

  constructor(key: string) {
    this.key = key;
    addEventListener("online", () => void this.flush(true));
    // Restored from the back/forward cache, where no timer ran.
    addEventListener("pageshow", () => void this.flush());
    addEventListener("pagehide", () => this.#skipChecks());
    // Registered after the other listener, which starts to store the leads that were being checked.
    addEventListener("pagehide", () => this.#sendOnLeave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.flush();
      else this.#skipChecks();
    });
  }

  /** Adds a form and sends stored leads. */
  addSender(sender: Sender): void {
    this.#senders.add(sender);
    void this.flush(true);
  }

  /** Sends a lead. `storing` resolves with whether the lead is stored. Never rejects. */
  async submit(submission: Submission, sender: Sender, storing: Promise<boolean>): Promise<SubmitOutcome> {
    const { id } = submission;
    this.#storing.add(submission);
    const isStored = await withVisitorTimeout(storing);
    // Blocked or slow storage does not delay it.
    if (!isStored) holdInMemory(submission);
    this.#storing.delete(submission);
    this.awaited.set(id, { submission, listener: new OutcomeListener(sender) });
    const outcome = ((await this.deliver(submission, false, sender)) ?? LATER) as SendOutcome;
    if (outcome.kind === "accepted") this.awaited.delete(id);
    const isPersisted = !isInMemory(id);
    return { outcome: { ...outcome, presentation: presentationOf(submission, outcome, isPersisted) }, isPersisted };
  }

  /** Sends a lead while holding its lock; with `ifFree`, not if another tab holds it. Never rejects. */
  async deliver(submission: Submission, ifFree: boolean, sender?: Sender): Promise<LeadOutcome | undefined> {
    try {
      const timeoutMs = ifFree ? undefined : LOCK_TIMEOUT_MS;
      const heldMs = this.key === CLIENT_KEY ? CLIENT_HELD_LOCK_MS : 0;
      return await withLock(
        `${this.key}#${submission.id}`,
        ifFree,
        () => this.#deliver(submission, ifFree, sender),
        timeoutMs,
        heldMs,
      );
    } catch (error) {
      reportError(error);
      holdInMemory(submission);
      this.schedule(FAILURE_WAIT_MS);
      return LATER;
    }
  }

  async #deliver(submission: Submission, ifFree: boolean, sender?: Sender): Promise<LeadOutcome> {
    const { key, id } = submission;
    // A lead in memory is only in this tab.
    if (isInMemory(id)) return this.send(submission, sender);
    const query = Promise.all([findLead(key, id), outcomeOf(key, id)]);
    const [found, outcome] = (await (ifFree ? query : withVisitorTimeout(query))) ?? [];
    // Another tab delivered or discarded it. A discarded lead is resent only at the visitor's request.
    if (outcome?.kind === "accepted" || (outcome && ifFree)) {
      await withVisitorTimeout(removeLead(submission));
      return outcome;
    }
    if (outcome) await withVisitorTimeout(removeTombstone(submission));
    // Storage was cleared without a tombstone. Another tab may have sent it.
    if (found) Object.assign(submission, found);
    else submission.attempts ||= 1;
    return this.send(submission, sender);
  }

  /** Removes a lead that the visitor corrected or discarded. */
  discard(id: string): Promise<void> {
    this.awaited.delete(id);
    return endLead({ key: this.key, id }, { kind: "wrong", issues: [] });
  }

  /** Removes a lead that is not queued because the form still has its values; the same id may be sent again. */
  withdraw(id: string): Promise<void> {
    this.awaited.delete(id);
    return removeLead({ key: this.key, id });
  }

  /** Sends the due leads. `skipsBackoff`: a new visit or connection ends all waits that the server did not request. */
  flush(skipsBackoff = false): Promise<void> {
    this.skipsBackoff ||= skipsBackoff;
    this.#isFlushMissed = !!this.#flushing;
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = undefined;
      // `skipsBackoff`: it was set during this flush, or another tab was sending.
      if (this.#isFlushMissed || this.skipsBackoff) this.schedule(isUnresponsive() ? UNRESPONSIVE_MS : 1_000);
    });
    return this.#flushing;
  }

  async #drain(): Promise<void> {
    try {
      const isWaiting = this.awaited.size || (await listLeads(this.key)).length;
      if (isWaiting) await drain(this);
      else if (!isUnresponsive()) this.skipsBackoff = false;
    } catch (error) {
      reportError(error);
      this.schedule(FAILURE_WAIT_MS);
    }
  }

  /** A form that is on the page. */
  #connectedSender(): Sender | undefined {
    return [...this.#senders].find(({ element }) => element.isConnected);
  }

  /** The remaining wait that the server requested for all leads. */
  get serverWaitMs(): number {
    return this.waits.remainingMs(this.#serverWait);
  }

  /** Sends a lead and stores or ends it by the outcome. */
  async send(submission: Submission, sender: Sender | undefined = this.#connectedSender()): Promise<SendOutcome> {
    const client = sender?.element.client;
    if (this.serverWaitMs > 0) {
      await this.#persistForRetry(submission, this.serverWaitMs);
      return LATER;
    }
    const token = await this.#challengeToken(sender, false);
    let outcome = await this.#attempt(submission, client, token);
    if (outcome.kind === "challenge" && token) {
      const fresh = await this.#challengeToken(sender, true);
      if (fresh) outcome = await this.#attempt(submission, client, fresh);
    }
    if (outcome.kind === "accepted") {
      await withVisitorTimeout(endLead(submission, ACCEPTED));
      return outcome;
    }
    const isWaitRequested = outcome.kind === "later" && outcome.retryAfterMs !== undefined;
    submission.needsCorrection = outcome.kind === "wrong";
    // Another page of the site may be allowed to send the lead.
    const isForbidden = outcome.kind === "refused" && outcome.status === undefined;
    submission.isWaitRequested = isWaitRequested || (outcome.kind !== "later" && !isForbidden);
    const waitMs = waitAfter(outcome, submission.attempts, Math.random());
    if (isWaitRequested) this.#serverWait = { id: "", retryAt: Date.now() + waitMs, waitMs };
    const hasConnection = outcome.kind !== "later" || outcome.status !== undefined;
    await this.#persistForRetry(submission, waitMs, hasConnection ? 0 : NO_CONNECTION_WAIT_MS);
    return outcome;
  }

  /**
   * Stores a lead that has to wait, and updates the page's copy. This tab retries it `extraMs` after
   * the wait, other tabs at its end.
   */
  async #persistForRetry(submission: Submission, waitMs: number, extraMs = 0): Promise<void> {
    Object.assign(submission, { waitMs, retryAt: Date.now() + waitMs });
    this.waits.remainingMs(submission);
    const held = this.awaited.get(submission.id);
    if (held) Object.assign(held.submission, submission);
    await withVisitorTimeout(persistLead(submission));
    if (!submission.needsCorrection) this.schedule(waitMs + extraMs);
  }

  async #challengeToken(sender: Sender | undefined, isSpent: boolean): Promise<string | undefined> {
    // The challenge is the page's code: if it throws, the lead is sent without a token.
    return this.key === CLIENT_KEY
      ? undefined
      : sender && challengeTokenOf(sender.element, isSpent).catch(() => undefined);
  }

  async #attempt(
    submission: Submission,
    client: LeadClient | undefined,
    token: string | undefined,
  ): Promise<SendOutcome> {
    const isEndpoint = this.key !== CLIENT_KEY;
    if (!isEndpoint && !client) return LATER;
    const checkExisting = submission.attempts > 0;
    submission.attempts += 1;
    noteDay(submission, Date.now());
    if (!client || isEndpoint) {
      this.#sending.set(submission, token);
      return postLead(submission, token).finally(() => this.#sending.delete(submission));
    }
    // Stored before it is sent: if the page is closed now, the next page must look the lead up first.
    await withVisitorTimeout(persistLead(submission));
    return Promise.race([
      createThroughClient(client, submission, checkExisting),
      sleep(CLIENT_TIMEOUT_MS).then(() => LATER),
    ]);
  }

  notify(submission: Submission, outcome: LeadOutcome | undefined): void {
    const { id } = submission;
    const listener = this.awaited.get(id)?.listener ?? this.#connectedSender();
    if (outcome?.kind === "accepted" || outcome?.kind === "expired") this.awaited.delete(id);
    listener?.onOutcome(
      submission,
      outcome && { ...outcome, presentation: presentationOf(submission, outcome, !isInMemory(id)) },
    );
  }

  /** Flushes after this time, unless an earlier flush is scheduled. */
  schedule(delayMs: number): void {
    this.#timer.schedule(delayMs);
  }

  /** Ends waiting for checks, because the visitor may be leaving. */
  #skipChecks(): void {
    for (const form of this.#senders) form.skipChecks();
  }

  /** Resends the leads that only this page has or is sending, with `keepalive`, when the page is left. */
  #sendOnLeave(): void {
    if (this.key === CLIENT_KEY) return;
    const leads = new Set([...inMemory(this.key), ...this.#storing, ...this.#sending.keys()]);
    for (const submission of leads)
      if (!submission.needsCorrection) void postLead(submission, this.#sending.get(submission), true);
  }
}
