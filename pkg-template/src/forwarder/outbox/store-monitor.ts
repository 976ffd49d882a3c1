import { now } from "../../base/environment.js";
import { Condition } from "./alerts.js";
import type { Alert } from "./contract.js";
import { causeOf } from "./store-errors.js";

/** How long a result of the storage check is reused. */
const READY_INTERVAL_MS = 5_000;

/** The codes of a damaged file: only a stored lead proves that it is intact again. */
const CORRUPTION_CODES = ["SQLITE_CORRUPT", "SQLITE_NOTADB"];

/** A lead that is stored and rolled back, to check that leads can be stored. */
export const TEST_LEAD = JSON.stringify({
  submissionId: "storage-check-lead",
  origin: "",
  form: false,
  canonical: "",
  lead: "{}",
  custom: "{}",
  marks: [],
  hold: false,
  // Like a lead from a queue, not counted against the capacity.
  at: 0,
});

/** Monitors the store. Alerts when it fails, repeatedly while it keeps failing, and when it recovers. */
export class StoreMonitor {
  readonly #tryStore: () => Promise<void>;
  readonly #alert: (alert: Alert) => void;
  readonly #condition = new Condition();
  /** Why leads cannot be stored, as of the last check, and when to check again. */
  #readiness: { cause: Promise<string | undefined>; until: number } | undefined;
  /** Why the last lead could not be stored. */
  #failure: string | undefined;
  /** Why leads cannot be stored, and why they cannot be sent. */
  readonly #causes: { storing?: string | undefined; sending?: string | undefined } = {};
  #reported: string | undefined;

  /** `tryStore` rejects if leads cannot be stored. */
  constructor(tryStore: () => Promise<void>, alert: (alert: Alert) => void) {
    this.#tryStore = tryStore;
    this.#alert = alert;
  }

  /** @throws {Error} with a code in the message if leads cannot be stored. */
  async assertReady(): Promise<void> {
    if (!this.#readiness || now() >= this.#readiness.until) {
      this.#readiness = { cause: this.#check(), until: now() + READY_INTERVAL_MS };
    }
    const cause = await this.#readiness.cause;
    if (cause !== undefined) throw new Error(cause);
  }

  /** Records that a lead was stored. */
  onLeadStored(): void {
    this.#failure = undefined;
    if (this.#causes.storing === undefined) return;
    // A known lead is acknowledged while the disk is full, so only a check shows that the store works.
    this.#readiness = undefined;
    this.assertReady().catch(() => {});
  }

  /** Records why leads could not be stored. */
  onStoringFailed(cause: string): void {
    this.#failure = cause;
    this.#readiness = undefined;
    this.#observe("storing", cause);
  }

  /** Records why the store prevents leads from being sent, or `undefined`. */
  onSendingChecked(cause: string | undefined): void {
    this.#observe("sending", cause);
  }

  /** Tries to store a lead; returns the cause of a failure. */
  async #check(): Promise<string | undefined> {
    let cause: string | undefined;
    try {
      await this.#tryStore();
      if (this.#failure !== undefined && !CORRUPTION_CODES.includes(this.#failure)) this.#failure = undefined;
      cause = this.#failure;
    } catch (error) {
      cause = causeOf(error);
    }
    this.#observe("storing", cause);
    return cause;
  }

  #observe(what: "storing" | "sending", failure: string | undefined): void {
    this.#causes[what] = failure;
    const cause = this.#causes.storing ?? this.#causes.sending;
    const isSame = cause === this.#reported;
    this.#reported = cause;
    if (cause === undefined) {
      if (this.#condition.clear()) this.#alert({ kind: "store_restored" });
      return;
    }
    if (!isSame) this.#condition.clear();
    if (this.#condition.raise()) this.#alert({ kind: "store_failed", cause });
  }
}
