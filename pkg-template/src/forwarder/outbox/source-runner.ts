import type { OutboxCore } from "../../../wasm/forwarder.js";
import { now } from "../../base/environment.js";
import type { BackfillJob, ClaimedEvent, FetchResponse, SourceHost } from "./contract.js";
import type { Log } from "./log.js";
import { withTimeout } from "./with-timeout.js";

/** The maximum number of concurrent requests to platforms, in addition to those to the CRM. */
const MAX_REQUESTS = 6;

/**
 * The timeout of a request in milliseconds, including the token function, which might never resolve. It is shorter than
 * the claim of the event.
 */
const REQUEST_TIMEOUT_MS = 30_000;

/** A job of the outbox: `SourceJob` in `src/outbox/contract/source.rs`. */
type SourceJob =
  | { step: "map"; events: ClaimedEvent[] }
  | { step: "fetch"; event: ClaimedEvent }
  | ({ step: "backfill" } & BackfillJob);

/** Calls the outbox in one transaction. */
type Transact = <T>(step: (core: OutboxCore) => T) => T | Promise<T>;

/** Runs the outbox's jobs for the sources, independently of requests to the CRM. */
export class SourceRunner {
  readonly #host: SourceHost;
  readonly #transact: Transact;
  readonly #onDone: () => void;
  readonly #log: Log;
  #active = 0;

  /** `onDone` is called whenever a request has ended. */
  constructor(host: SourceHost, transact: Transact, onDone: () => void, log: Log) {
    this.#host = host;
    this.#transact = transact;
    this.#onDone = onDone;
    this.#log = log;
  }

  /** Whether requests are in progress. */
  get isActive(): boolean {
    return this.#active > 0;
  }

  /** Starts due jobs; returns the milliseconds until the next call. */
  async start(): Promise<number> {
    for (;;) {
      const next = await this.#transact((core): string | number =>
        core.nextSource(this.#active < MAX_REQUESTS, now(), Date.now()),
      );
      if (typeof next === "number") return next;
      const job = JSON.parse(next) as SourceJob;
      if (job.step === "map") {
        await this.#record("map", this.#host.map(job.events, this.#log));
        // Lets other work run between two batches.
        return 0;
      }
      void this.#request(job);
    }
  }

  async #request(job: Exclude<SourceJob, { step: "map" }>): Promise<void> {
    this.#active++;
    try {
      if (job.step === "fetch") {
        const { id, claim, source, account } = job.event;
        const response = await orNone(this.#host.fetch(job.event));
        await this.#record("fetch", { id, claim, source, account, response });
      } else {
        const { source, form, account } = job;
        const response = await orNone(this.#host.readForm(job));
        await this.#record("backfill", { source, kind: this.#host.kindOf(source), form, account, response });
      }
    } catch {
      // The store is unavailable: the job runs again when its claim expires.
    } finally {
      this.#active--;
      this.#onDone();
    }
  }

  async #record(step: SourceJob["step"], result: unknown): Promise<void> {
    const text = JSON.stringify(result);
    await this.#transact((core) => core.recordSource(step, text, Math.random(), now(), Date.now()));
  }
}

async function orNone(response: Promise<FetchResponse>): Promise<FetchResponse> {
  try {
    return await withTimeout(response, REQUEST_TIMEOUT_MS, () => ({}));
  } catch {
    return {};
  }
}
