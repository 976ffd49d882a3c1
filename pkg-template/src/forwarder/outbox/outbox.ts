import type { OutboxCore } from "../../../wasm/forwarder.js";
import { now } from "../../base/environment.js";
import { wasm } from "../../loader/modules/forwarder.js";
import { ClientContext, type ClientOptions } from "../../client/context.js";
import { OutboxCall } from "./call.js";
import type { Alert, OutboxApi, OutboxOptions } from "./contract.js";
import { callWasm, generation } from "./wasm.js";
import { type BatchedRequest, RequestBatcher } from "./request-batcher.js";
import { openOutbox } from "./open-outbox.js";
import { StoreMonitor, TEST_LEAD } from "./store-monitor.js";
import { SecureDelete } from "./secure-delete.js";
import { logWarning } from "./log.js";
import { causeOf, retryWhileLocked } from "./store-errors.js";

/** How many requests a worker may have in progress. */
const MAX_CONCURRENCY = 6;

/** Work due within this time is awaited; for later work `wake` is called. */
const MAX_IN_PROCESS_WAIT_MS = 5_000;

/** The longest run: the platform limits the time of an alarm. */
const MAX_RUN_MS = 240_000;

/** How long new leads are collected before a run begins: searching for work takes longer than storing a lead. */
export const BATCH_DELAY_MS = 50;

/** Methods that create no work. */
const READ_METHODS: readonly (keyof OutboxApi)[] = [
  "signOrigin",
  "verifyOrigin",
  "health",
  "metrics",
  "list",
  "inspect",
];

/** How long to wait after the store was unavailable. */
const STORE_RETRY_MS = 2_000;

/** Methods that pages depend on. */
const STORE_METHODS: readonly (keyof OutboxApi)[] = ["precheck", "enqueue", "recordRefusal"];

/**
 * The outbox: the state machine in the wasm, driven over a store and the client's requests. A claim
 * is committed before its request is sent.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #client: ClientContext;
  readonly #maxConcurrency: number;
  readonly #batcher = new RequestBatcher((requests) => void this.#answerBatch(requests));
  readonly #secureDelete: SecureDelete | undefined;
  #core: OutboxCore | undefined;
  #generation = -1;
  #working: Promise<void> | undefined;
  /** How many calls to the CRM are in progress. */
  #activeCalls = 0;
  /** Ends the sleep. */
  #wakeSleeper: (() => void) | undefined;
  /** Ends the sleep soon. */
  #wakeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether work may have appeared since the last claim. */
  #isDirty = false;
  #stopped = false;
  readonly #storeMonitor: StoreMonitor;
  /** Why the CRM could not be reached, as last logged. */
  #loggedCause: string | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#maxConcurrency = options.settings.maxConcurrency ?? MAX_CONCURRENCY;
    this.#client = new ClientContext({ ...(options.crm as ClientOptions), rateLimit: false });
    this.#storeMonitor = new StoreMonitor(
      () => this.#tryStore(),
      (alert) => this.#client.callHook(options.onAlert, () => alert),
    );
    const { vacuum, truncateJournal } = options.store;
    if (vacuum && truncateJournal) {
      this.#secureDelete = new SecureDelete({ vacuum, truncateJournal }, () =>
        this.#inTransaction((core) => core.vacuumed()),
      );
    }
  }

  /**
   * Opens the store, where that has not been done yet.
   *
   * @throws {ConfigurationError} for the store of another program or of a later version.
   */
  async open(): Promise<void> {
    await wasm.ready();
    await retryWhileLocked(() => this.#openCore());
  }

  /** Calls a method; argument and result are JSON text. */
  async call(method: keyof OutboxApi, argument: string): Promise<string> {
    const loading = wasm.ready();
    if (loading) await loading;
    if (method === "probe") return this.#probe();
    if (method === "ready") {
      await this.#storeMonitor.assertReady();
      return "null";
    }
    return this.#batcher.add(method, argument);
  }

  /** Answers the requests in one transaction. */
  async #answerBatch(requests: readonly BatchedRequest[]): Promise<void> {
    try {
      const entered = retryWhileLocked(() =>
        this.#inTransaction((core) => requests.map((request) => answerOne(request, core))),
      );
      const results = entered instanceof Promise ? await entered : entered;
      requests.forEach(({ resolve, reject }, index) => {
        const result = results[index]!;
        if (typeof result === "string") resolve(result);
        else reject(result);
      });
      if (requests.some(({ method }) => method === "enqueue")) this.#storeMonitor.onLeadStored();
    } catch (error) {
      // What was stored is unknown; a retry finds out.
      for (const { reject } of requests) reject(error);
      if (requests.some(({ method }) => STORE_METHODS.includes(method))) {
        this.#storeMonitor.onStoringFailed(causeOf(error));
      }
    }
    if (requests.some(({ method }) => !READ_METHODS.includes(method))) this.#onRequestsDone();
  }

  /**
   * Sends what is due, and what becomes due meanwhile; asks with `wake` to be called again for the
   * rest. Calls that overlap are one. Never throws.
   */
  work(): Promise<void> {
    return (this.#working ??= this.#work());
  }

  /** Starts no more calls: `work()` ends with those in progress. */
  stop(): void {
    this.#stopped = true;
    this.#markDirty();
    this.#secureDelete?.stop();
  }

  async #work(): Promise<void> {
    let wait: number;
    try {
      await wasm.ready();
      wait = await this.#runUntilIdle(now() + MAX_RUN_MS);
      this.#storeMonitor.onSendingChecked(undefined);
    } catch (error) {
      // The store is unavailable. A claimed lead becomes unconfirmed when its claim expires.
      wait = STORE_RETRY_MS;
      this.#storeMonitor.onSendingChecked(causeOf(error));
    }
    // Without an await in between, so that no `#markDirty` is missed.
    if (this.#isDirty) wait = 0;
    this.#working = undefined;
    if (wait < Infinity) this.#options.wake(wait);
  }

  /** Runs until nothing is due for some time; returns how long that is. */
  async #runUntilIdle(end: number): Promise<number> {
    for (;;) {
      this.#isDirty = false;
      let wait = Infinity;
      while (this.#activeCalls < this.#maxConcurrency && now() < end && !this.#stopped) {
        const entered = retryWhileLocked(() => this.#inTransaction((core) => core.next(now(), Date.now())));
        const next = entered instanceof Promise ? await entered : entered;
        if (next !== undefined) {
          wait = next;
          break;
        }
        void this.#runCall(this.#openCore());
      }
      if (!this.#activeCalls) {
        if (this.#stopped) return Infinity;
        if (now() >= end) return 0;
        if (wait > MAX_IN_PROCESS_WAIT_MS) return wait;
      }
      await this.#sleepUntil(wait);
    }
  }

  /** Performs the job that was claimed last. */
  async #runCall(core: OutboxCore): Promise<void> {
    this.#activeCalls++;
    try {
      const call = new OutboxCall(this.#client, core, "leads.create");
      await call.run((core) => core.begin(call));
      this.#logCause(call.cause());
      await retryWhileLocked(() => {
        if (core === this.#core)
          this.#inTransaction((core) => core.recordOutcome(call.slot, Math.random(), now(), Date.now()));
      });
    } catch {
      // The outcome is unknown: the lead becomes unconfirmed when its claim expires.
    } finally {
      this.#activeCalls--;
      this.#markDirty();
    }
  }

  /** Sleeps for `wait` milliseconds, or until there is work. */
  async #sleepUntil(wait: number): Promise<void> {
    if (this.#isDirty) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wakeSleeper = resolve;
      if (wait < Infinity) timer = setTimeout(resolve, Math.min(Math.max(wait, 0), MAX_RUN_MS));
    });
    clearTimeout(timer);
    this.#wakeSleeper = undefined;
  }

  /** There is work. */
  #markDirty(): void {
    this.#isDirty = true;
    this.#wakeSleeper?.();
    if (!this.#working) this.#options.wake(0);
  }

  /** There may be work soon. */
  #onRequestsDone(): void {
    if (!this.#wakeSleeper) return this.#markDirty();
    if (this.#wakeTimer !== undefined) return;
    this.#wakeTimer = setTimeout(() => {
      this.#wakeTimer = undefined;
      this.#markDirty();
    }, BATCH_DELAY_MS);
  }

  /** Tries to store a lead. */
  async #tryStore(): Promise<void> {
    await retryWhileLocked(() => this.#inTransaction((core) => core.request("ready", "null", now(), Date.now())));
    const { store } = this.#options;
    await retryWhileLocked(() =>
      store.dryRun?.(() => callWasm(() => this.#openCore().request("enqueue", TEST_LEAD, now(), Date.now()))),
    );
  }

  /** Logs why the CRM cannot be reached, if the cause has changed. */
  #logCause(cause: string | undefined): void {
    if (cause !== undefined && cause !== this.#loggedCause) logWarning(`the CRM cannot be reached: ${cause}`);
    this.#loggedCause = cause;
  }

  async #probe(): Promise<string> {
    const call = new OutboxCall(this.#client, await retryWhileLocked(() => this.#openCore()), "probe");
    const report = await call.run((core) => core.probe(call));
    if (typeof report !== "string") throw new Error("the CRM did not respond as expected");
    return report;
  }

  /** Calls the wasm in one transaction and raises its alerts. */
  #inTransaction<T>(step: (core: OutboxCore) => T): T {
    const core = this.#openCore();
    try {
      return this.#options.store.transaction(() => callWasm(() => step(core)));
    } finally {
      if (this.#generation === generation) {
        this.#alert(callWasm(() => core.alerts()));
        this.#secureDelete?.observe(core.deletion());
      }
    }
  }

  /** The outbox in the current instance. */
  #openCore(): OutboxCore {
    if (!this.#core || this.#generation !== generation) {
      this.#core = openOutbox(this.#options, this.#client);
      this.#generation = generation;
    }
    return this.#core;
  }

  #alert(alerts: string | undefined): void {
    if (!alerts) return;
    for (const alert of JSON.parse(alerts) as Alert[]) {
      this.#client.callHook(this.#options.onAlert, () => alert);
    }
  }
}

/** The result of one request, or the error of this request alone. */
function answerOne({ method, argument }: BatchedRequest, core: OutboxCore): string | Error {
  if (method === "wake") return "null";
  try {
    return core.request(method, argument, now(), Date.now());
  } catch (cause) {
    if (cause !== "malformed") throw cause;
    return new Error(cause);
  }
}
