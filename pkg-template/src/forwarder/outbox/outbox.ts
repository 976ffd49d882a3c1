import type { OutboxCore } from "../../../wasm/forwarder.js";
import { now } from "../../base/environment.js";
import { wasm } from "../../loader/modules/forwarder.js";
import { ClientContext, type ClientOptions } from "../../client/context.js";
import { OutboxCall } from "./call.js";
import type {
  Alert,
  AttemptEvent,
  Enqueue,
  EnqueueResult,
  OutboxApi,
  OutboxOptions,
  PrecheckResult,
} from "./contract.js";
import { callWasm, generation } from "./wasm.js";
import { type BatchedRequest, RequestBatcher } from "./request-batcher.js";
import { openOutbox } from "./open-outbox.js";
import { StoreMonitor, TEST_LEAD } from "./store-monitor.js";
import { SecureDelete } from "./secure-delete.js";
import { SourceRunner } from "./source-runner.js";
import { consoleLog, type Log } from "./log.js";
import { causeOf, retryWhileLocked, StoreError } from "./store-errors.js";

/** The maximum number of concurrent requests of a worker. */
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
  "export",
  "audit",
  "recordAudit",
  "recordCounts",
];

/** How long to wait after the store was unavailable. */
const STORE_RETRY_MS = 2_000;

/** Methods that pages depend on. */
const STORE_METHODS: readonly (keyof OutboxApi)[] = ["precheck", "enqueue", "storeEvents", "recordRefusal"];

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
  readonly #sources: SourceRunner | undefined;
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
  readonly #log: Log;
  /** Why the CRM could not be reached, as last logged. */
  #loggedCause: string | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#log = options.log ?? consoleLog;
    this.#maxConcurrency = options.settings.maxConcurrency ?? MAX_CONCURRENCY;
    this.#client = new ClientContext({ ...(options.crm as ClientOptions), rateLimit: false });
    this.#storeMonitor = new StoreMonitor(
      () => this.#tryStore(),
      (alert) => this.#client.callHook(options.onAlert, () => alert),
    );
    if (options.sources) {
      this.#sources = new SourceRunner(
        options.sources,
        (step) => retryWhileLocked(() => this.#inTransaction(step)),
        () => this.#markDirty(),
        this.#log,
      );
    }
    const { vacuum, truncateJournal } = options.store;
    if (vacuum && truncateJournal) {
      this.#secureDelete = new SecureDelete(
        { vacuum, truncateJournal },
        () => this.#inTransaction((core) => core.vacuumed()),
        this.#log,
      );
    }
  }

  /**
   * Opens the store if it is not open yet.
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
        this.#inTransaction((core) => requests.map((request) => this.#answerOne(request, core))),
      );
      const results = entered instanceof Promise ? await entered : entered;
      requests.forEach(({ resolve, reject }, index) => {
        const result = results[index]!;
        if (typeof result === "string") resolve(result);
        else reject(result);
      });
      const enqueued = results.filter((_, index) => ["enqueue", "storeEvents"].includes(requests[index]!.method));
      const failure = enqueued.find((result) => result instanceof StoreError);
      if (failure) this.#storeMonitor.onStoringFailed(causeOf(failure));
      else if (enqueued.length) this.#storeMonitor.onLeadStored();
      if (this.#options.onNewLead) this.#reportNew(requests, results);
    } catch (error) {
      // It is unknown which requests were stored; their retries show it.
      for (const { reject } of requests) reject(error);
      if (requests.some(({ method }) => STORE_METHODS.includes(method))) {
        this.#storeMonitor.onStoringFailed(causeOf(error));
      }
    }
    if (requests.some(({ method }) => !READ_METHODS.includes(method))) this.#onRequestsDone();
  }

  /**
   * Sends due leads, including those that become due meanwhile; schedules the next call with `wake`. Overlapping calls
   * share one run. Never throws.
   */
  work(): Promise<void> {
    return (this.#working ??= this.#work());
  }

  /** Starts no more calls: `work()` resolves after those in progress. */
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
    // No await in between, so that no `#markDirty` is missed.
    if (this.#isDirty) wait = 0;
    this.#working = undefined;
    if (wait < Infinity) this.#options.wake(wait);
  }

  /** Runs until nothing is due for some time; returns that time. */
  async #runUntilIdle(end: number): Promise<number> {
    for (;;) {
      this.#isDirty = false;
      // Leads that are mapped now are sent at once.
      const sourceWait = this.#stopped || now() >= end ? Infinity : await this.#sources?.start();
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
      wait = Math.min(wait, sourceWait ?? Infinity);
      if (!this.#activeCalls && !this.#sources?.isActive) {
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

  /** Records that there is work. */
  #markDirty(): void {
    this.#isDirty = true;
    this.#wakeSleeper?.();
    if (!this.#working) this.#options.wake(0);
  }

  /** Records that there may be work soon. */
  #onRequestsDone(): void {
    if (!this.#wakeSleeper) return this.#markDirty();
    if (this.#wakeTimer !== undefined) return;
    this.#wakeTimer = setTimeout(() => {
      this.#wakeTimer = undefined;
      this.#markDirty();
    }, BATCH_DELAY_MS);
  }

  /** Reports the leads that were stored for the first time. */
  #reportNew(requests: readonly BatchedRequest[], results: readonly (string | Error)[]): void {
    requests.forEach(({ method, argument }, index) => {
      const result = results[index];
      if (method !== "enqueue" || typeof result !== "string") return;
      const stored = JSON.parse(result) as EnqueueResult;
      if (stored.outcome === "accepted" && stored.isNew)
        this.#options.onNewLead?.(JSON.parse(argument) as Enqueue, stored.submissionId);
    });
  }

  /** Returns the result of one request, or an error that affects only this request. */
  #answerOne({ method, argument }: BatchedRequest, core: OutboxCore): string | Error {
    if (method === "wake") return "null";
    const answer = (method: keyof OutboxApi, argument: string) => core.request(method, argument, now(), Date.now());
    const refuseForDisk = () => {
      answer("recordCounts", JSON.stringify([['leads_refused_total{limit="disk"}', 1]]));
      return new StoreError("disk_low");
    };
    try {
      if (method === "enqueue" && this.#options.isDiskLow?.()) {
        // A lead that is stored already is still acknowledged.
        const { submissionId, origin, canonical } = JSON.parse(argument) as Enqueue;
        const known = answer("precheck", JSON.stringify({ submissionId, form: { origin }, canonical }));
        if ((JSON.parse(known) as PrecheckResult).outcome === "new") return refuseForDisk();
      }
      // Its platform delivers it again. One whose events are all stored already is still acknowledged.
      if (method === "storeEvents" && this.#options.isDiskLow?.()) {
        const isKnown = core.request("knowsEvents", argument, now(), Date.now()) === "true";
        if (!isKnown) return refuseForDisk();
      }
      return answer(method, argument);
    } catch (cause) {
      if (cause !== "malformed") throw cause;
      return new Error(cause);
    }
  }

  /** Tries to store a lead. */
  async #tryStore(): Promise<void> {
    if (this.#options.isDiskLow?.()) throw new StoreError("disk_low");
    await retryWhileLocked(() => this.#inTransaction((core) => core.request("ready", "null", now(), Date.now())));
    const { store } = this.#options;
    await retryWhileLocked(() =>
      store.dryRun?.(() => callWasm(() => this.#openCore().request("enqueue", TEST_LEAD, now(), Date.now()))),
    );
  }

  /** Logs why the CRM cannot be reached, if the cause has changed. */
  #logCause(cause: string | undefined): void {
    if (cause !== undefined && cause !== this.#loggedCause)
      this.#log("crm_unreachable", "the CRM cannot be reached", { cause });
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
        this.#logAttempts(callWasm(() => core.attempts()));
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

  #logAttempts(attempts: string | undefined): void {
    if (!attempts) return;
    for (const { durationMs, ...attempt } of JSON.parse(attempts) as AttemptEvent[])
      this.#log("attempt", `${attempt.kind}: ${attempt.cause ?? "ok"}`, {
        ...attempt,
        durationMs: Math.round(durationMs),
      });
  }

  #alert(alerts: string | undefined): void {
    if (!alerts) return;
    for (const alert of JSON.parse(alerts) as Alert[]) {
      this.#client.callHook(this.#options.onAlert, () => alert);
    }
  }
}
