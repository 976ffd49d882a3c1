import type { Outbox as Core } from "../../wasm/forwarder.js";
import { wasm } from "../modules/forwarder.js";
import { Client, type ClientOptions } from "../state.js";
import { Errand } from "./errand.js";
import type { Accepted, Alert, Arrival, Detail, Entry, Health, Inbox, Knock, Knocked } from "./inbox.js";
import type { OutboxOptions, ProbeReport, State } from "./inbox.js";
import { enter, generation } from "./instance.js";

/** How many requests a worker may have waiting for their answer. */
const LANES = 6;

/** Work that is due within this time is waited for, in milliseconds; for other work `wake` is called. */
const PATIENCE = 5_000;

/** The longest that work goes on without `wake`: an alarm's time is bounded. */
const SHIFT = 240_000;

/** How long the store is left alone after it was out of reach. */
const RESPITE = 2_000;

/**
 * The outbox: the state machine in the wasm, driven over a store and the client's exchanges. What is
 * claimed is committed before its request leaves.
 */
export class Outbox implements Inbox {
  readonly #options: OutboxOptions;
  readonly #client: Client;
  readonly #lanes: number;
  #core: Core | undefined;
  #generation = -1;
  #working: Promise<void> | undefined;
  /** How many errands are under way. */
  #busy = 0;
  /** Ends a rest. */
  #rouse: (() => void) | undefined;
  /** Whether there may be something to do that the last claim did not see. */
  #stirred = false;
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#lanes = options.settings.lanes ?? LANES;
    this.#client = new Client({ ...(options.crm as ClientOptions), rateLimit: false });
  }

  knock(knock: Knock): Promise<Knocked> {
    return this.#ask("knock", knock);
  }

  async put(arrival: Arrival): Promise<Accepted> {
    const accepted = await this.#ask<Accepted>("put", arrival);
    this.#stir();
    return accepted;
  }

  health(): Promise<Health> {
    return this.#ask("health", null);
  }

  metrics(): Promise<Record<string, number>> {
    return this.#ask("metrics", null);
  }

  list(query: { state?: State; after?: string; limit?: number }): Promise<{ entries: Entry[]; next?: string }> {
    return this.#ask("list", query);
  }

  async inspect(submissionId: string): Promise<Detail | undefined> {
    return (await this.#ask<Detail | null>("inspect", submissionId)) ?? undefined;
  }

  replay(submissionId: string): Promise<boolean> {
    return this.#change("replay", submissionId);
  }

  release(submissionId: string): Promise<boolean> {
    return this.#change("release", submissionId);
  }

  drop(submissionId: string): Promise<boolean> {
    return this.#change("drop", submissionId);
  }

  erase(submissionId: string): Promise<boolean> {
    return this.#change("erase", submissionId);
  }

  async probe(): Promise<ProbeReport> {
    await this.#ready();
    const errand = new Errand(this.#client, this.#opened(), "probe");
    const report = await errand.go((core) => core.probe(errand));
    if (typeof report !== "string") throw new Error("the CRM gave no answer to go by");
    return JSON.parse(report) as ProbeReport;
  }

  async poke(): Promise<void> {
    this.#stir();
  }

  /**
   * Sends what is due, and what becomes due meanwhile; asks with `wake` to be called again for the
   * rest. Calls that overlap are one. Never throws.
   */
  work(): Promise<void> {
    return (this.#working ??= this.#work());
  }

  /** Takes up nothing more: `work()` is over once what is under way is. */
  stop(): void {
    this.#stopped = true;
    this.#stir();
  }

  async #work(): Promise<void> {
    let at: number;
    try {
      await this.#ready();
      at = await this.#shift(Date.now() + SHIFT);
    } catch {
      // The store is out of reach. What is claimed is unsure once its time is up.
      at = Date.now() + RESPITE;
    }
    // In one go, so that whoever stirs either finds it at work or is heard here.
    if (this.#stirred) at = Date.now();
    this.#working = undefined;
    if (at < Infinity) this.#options.wake(at);
  }

  /** Works until nothing is due for some time; gives when something is. */
  async #shift(end: number): Promise<number> {
    for (;;) {
      this.#stirred = false;
      let at = Infinity;
      while (this.#busy < this.#lanes && Date.now() < end && !this.#stopped) {
        const wait = this.#enter((core) => core.next(Date.now()));
        if (wait !== undefined) {
          at = wait;
          break;
        }
        void this.#errand(this.#opened());
      }
      if (!this.#busy) {
        if (this.#stopped) return Infinity;
        if (Date.now() >= end) return Date.now();
        if (at - Date.now() > PATIENCE) return at;
      }
      await this.#rest(at);
    }
  }

  /** Does what was claimed last. */
  async #errand(core: Core): Promise<void> {
    this.#busy++;
    try {
      const errand = new Errand(this.#client, core, "leads.create");
      await errand.go((core) => core.begin(errand));
      if (core === this.#core) this.#enter((core) => core.settle(errand.place, Date.now(), Math.random()));
    } catch {
      // Nobody knows what came of it: the lead is unsure once its claim's time is up.
    } finally {
      this.#busy--;
      this.#stir();
    }
  }

  /** Waits until then, or until there is something to do. */
  async #rest(at: number): Promise<void> {
    if (this.#stirred) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#rouse = resolve;
      if (at < Infinity) timer = setTimeout(resolve, Math.min(Math.max(at - Date.now(), 0), SHIFT));
    });
    clearTimeout(timer);
    this.#rouse = undefined;
  }

  /** There is something to do. */
  #stir(): void {
    this.#stirred = true;
    this.#rouse?.();
    if (!this.#working) this.#options.wake(Date.now());
  }

  async #change(name: string, submissionId: string): Promise<boolean> {
    const changed = await this.#ask<boolean>(name, submissionId);
    if (changed) this.#stir();
    return changed;
  }

  async #ask<T>(name: string, input: unknown): Promise<T> {
    await this.#ready();
    const text = JSON.stringify(input) ?? "null";
    return JSON.parse(this.#enter((core) => core.request(name, text, Date.now()))) as T;
  }

  #ready(): Promise<void> | undefined {
    return wasm.ready();
  }

  /** Enters the wasm in one transaction, and passes on what somebody should know. */
  #enter<T>(step: (core: Core) => T): T {
    const core = this.#opened();
    try {
      return this.#options.store.transaction(() => enter(() => step(core)));
    } finally {
      if (this.#generation === generation) this.#alert(enter(() => core.alerts()));
    }
  }

  /** The outbox in the present instance. */
  #opened(): Core {
    if (!this.#core || this.#generation !== generation) {
      const { store, settings, crm } = this.#options;
      const random = crypto.getRandomValues(new Uint8Array(32));
      const entropy = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const { timeout, reconcile, submissionField, itemsKey, firstPage } = crm as ClientOptions;
      const behaviour = { ...settings, timeout: timeout || 30_000 };
      const speech = {
        integrationToken: (crm as ClientOptions).apiKey !== undefined,
        tokenFunction: this.#client.tokens.isFunction,
        requestIdField: submissionField === "idengagerRequestId",
        byIdAlone: reconcile === "id",
        itemsKey,
        firstPage,
      };
      this.#core = store.transaction(() =>
        enter((wasm) => new wasm.Outbox(store, JSON.stringify(behaviour), JSON.stringify(speech), Date.now(), entropy)),
      );
      this.#generation = generation;
    }
    return this.#core;
  }

  #alert(alerts: string | undefined): void {
    if (!alerts) return;
    for (const alert of JSON.parse(alerts) as Alert[]) {
      this.#client.observe(this.#options.onAlert, () => alert);
    }
  }
}
