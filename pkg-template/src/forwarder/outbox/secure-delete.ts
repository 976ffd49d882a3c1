import { now } from "../../base/environment.js";
import type { Log } from "./log.js";
import { causeOf } from "./store-errors.js";

/** A file from which deleted text can be removed. */
export interface Cleanable {
  /** Rewrites the file: pages that rows were moved from may contain data that was deleted later. */
  vacuum(): void;
  /** Truncates the journal, which contains earlier pages. Returns `false` while another process reads them. */
  truncateJournal(): boolean;
}

/**
 * The minimum delay between a deletion and the rewrite of the file, in milliseconds, by the kind of deletion (see
 * `Deletion` in `src/outbox/retention.rs`).
 */
const RETENTION_DELAY_MS = 10_000;
const ERASURE_DELAY_MS = 500;

/** Rewriting takes at most this fraction (1/n) of the time. */
const RETENTION_SHARE = 1_000;
const ERASURE_SHARE = 20;

const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** Removes deleted data from the outbox's file and its journal soon after the deletion. @internal */
export class SecureDelete {
  readonly #file: Cleanable;
  readonly #onCleaned: () => void;
  readonly #log: Log;
  #due = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the file was last rewritten, and how long that took. */
  #last = { end: -Infinity, duration: 0 };
  /** Whether the file is rewritten but its journal is not truncated yet. */
  #isVacuumed = false;
  #failures = 0;
  #isStopped = false;

  constructor(file: Cleanable, onCleaned: () => void, log: Log) {
    this.#file = file;
    this.#onCleaned = onCleaned;
    this.#log = log;
  }

  /** Records a deletion: 0 means no deletion, 1 expired text, greater values an operator's deletions. */
  observe(deletion: number): void {
    if (deletion === 0 || this.#failures || this.#isStopped) return;
    const [delay, share] = deletion > 1 ? [ERASURE_DELAY_MS, ERASURE_SHARE] : [RETENTION_DELAY_MS, RETENTION_SHARE];
    const due = Math.max(now() + delay, this.#last.end + this.#last.duration * share);
    if (due < this.#due) this.#schedule(due);
  }

  /** Runs a scheduled rewrite at once and accepts no further ones. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    if (this.#due < Infinity) this.#clean();
  }

  #schedule(due: number): void {
    this.#due = due;
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#clean(), Math.max(due - now(), 0));
  }

  #clean(): void {
    this.#due = Infinity;
    // The journal is truncated even if the file cannot be rewritten, as in Deno without all permissions.
    const cause =
      [() => this.#vacuum(), () => this.#truncateJournal()].map(causeOfStep).find((cause) => cause !== undefined) ??
      causeOfStep(this.#onCleaned);
    if (cause === undefined) {
      this.#isVacuumed = false;
      this.#failures = 0;
      return;
    }
    if (!this.#failures)
      this.#log(
        "deletion_deferred",
        "deleted text is still in the outbox's file or its journal; it is removed as soon as the cause is over",
        { cause },
      );
    this.#failures++;
    this.#schedule(now() + Math.min(MIN_RETRY_MS * 2 ** (this.#failures - 1), MAX_RETRY_MS));
  }

  #vacuum(): void {
    if (this.#isVacuumed) return;
    const began = now();
    this.#file.vacuum();
    this.#last = { end: now(), duration: now() - began };
    this.#isVacuumed = true;
  }

  #truncateJournal(): string | undefined {
    return this.#file.truncateJournal() ? undefined : "another process reads it";
  }
}

/** Runs a step; returns the cause of its failure, if any. */
function causeOfStep(step: () => string | undefined | void): string | undefined {
  try {
    return step() || undefined;
  } catch (error) {
    return causeOf(error);
  }
}
