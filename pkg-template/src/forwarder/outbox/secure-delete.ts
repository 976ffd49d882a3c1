import { now } from "../../base/environment.js";
import { logWarning } from "./log.js";
import { causeOf } from "./store-errors.js";

/** A file from which deleted text can be removed. */
export interface Cleanable {
  /** Rewrites the file: pages that rows were moved out of may hold what was deleted since. */
  vacuum(): void;
  /** Empties the journal, which has earlier pages. Returns whether it could: not while another process reads them. */
  truncateJournal(): boolean;
}

/**
 * How long after a deletion the file is rewritten at the earliest, in milliseconds, by what was deleted (see `Deletion`
 * in `src/outbox/keep.rs`).
 */
const RETENTION_DELAY_MS = 10_000;
const ERASURE_DELAY_MS = 500;

/** Rewriting takes no more than one part in so many of the time. */
const RETENTION_SHARE = 1_000;
const ERASURE_SHARE = 20;

const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** Removes what was deleted from the outbox's file and its journal, soon after it was. */
export class SecureDelete {
  readonly #file: Cleanable;
  readonly #onCleaned: () => void;
  #due = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the file was last rewritten, and how long that took. */
  #last = { end: -Infinity, duration: 0 };
  /** The file is rewritten, but not its journal yet. */
  #isVacuumed = false;
  #failures = 0;
  #isStopped = false;

  constructor(file: Cleanable, onCleaned: () => void) {
    this.#file = file;
    this.#onCleaned = onCleaned;
  }

  /**
   * Takes note of what was deleted and may be in the file: 0 nothing, 1 text whose retention was over, more what an
   * operator deleted.
   */
  observe(deletion: number): void {
    if (deletion === 0 || this.#failures || this.#isStopped) return;
    const [delay, share] = deletion > 1 ? [ERASURE_DELAY_MS, ERASURE_SHARE] : [RETENTION_DELAY_MS, RETENTION_SHARE];
    const due = Math.max(now() + delay, this.#last.end + this.#last.duration * share);
    if (due < this.#due) this.#schedule(due);
  }

  /** Does what is due, and no more. */
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
    // Also where the file cannot be rewritten, as in Deno without every permission, its journal is emptied.
    const cause =
      [() => this.#vacuum(), () => this.#truncateJournal()].map(causeOfStep).find((cause) => cause !== undefined) ??
      causeOfStep(this.#onCleaned);
    if (cause === undefined) {
      this.#isVacuumed = false;
      this.#failures = 0;
      return;
    }
    if (!this.#failures)
      logWarning(
        `deleted text is still in the outbox's file or its journal: ${cause}; it is removed as soon as that is over`,
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

/** Why a step failed, if it did. */
function causeOfStep(step: () => string | undefined | void): string | undefined {
  try {
    return step() || undefined;
  } catch (error) {
    return causeOf(error);
  }
}
