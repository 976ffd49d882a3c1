import type { Outbox as Core } from "../../wasm/forwarder.js";
import { wasm } from "../modules/forwarder.js";
import { Client, type ClientOptions } from "../state.js";
import { Errand } from "./errand.js";
import type { Alert, Inbox, OutboxOptions } from "./inbox.js";
import { enter, generation } from "./instance.js";
import { type Question, Questions } from "./questions.js";

/** How many requests a worker may have waiting for their answer. */
const LANES = 6;

/** Work that is due within this time is waited for, in milliseconds; for other work `wake` is called. */
const PATIENCE = 5_000;

/** The longest that work goes on without `wake`: an alarm's time is bounded. */
const SHIFT = 240_000;

/** How long new leads are gathered before work begins on them, in milliseconds: to look for work takes longer than to store one. */
export const GATHER = 50;

/** What is asked without anything being to do afterwards. */
const READING: readonly (keyof Inbox)[] = ["health", "metrics", "list", "inspect"];

/** How long the store is left alone after it was out of reach. */
const RESPITE = 2_000;

/**
 * The outbox: the state machine in the wasm, driven over a store and the client's exchanges. What is
 * claimed is committed before its request leaves.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #client: Client;
  readonly #lanes: number;
  readonly #questions = new Questions((asked) => this.#answer(asked));
  #core: Core | undefined;
  #generation = -1;
  #working: Promise<void> | undefined;
  /** How many errands are under way. */
  #busy = 0;
  /** Ends a rest. */
  #rouse: (() => void) | undefined;
  /** Ends a rest soon. */
  #rousing: ReturnType<typeof setTimeout> | undefined;
  /** Whether there may be something to do that the last claim did not see. */
  #stirred = false;
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#lanes = options.settings.lanes ?? LANES;
    this.#client = new Client({ ...(options.crm as ClientOptions), rateLimit: false });
  }

  /** Answers what is asked of it, in JSON text both ways. */
  async ask(method: keyof Inbox, argument: string): Promise<string> {
    const loading = wasm.ready();
    if (loading) await loading;
    if (method === "probe") return this.#probe();
    return this.#questions.ask(method, argument);
  }

  /** Answers what was asked, in one transaction. */
  #answer(asked: readonly Question[]): void {
    try {
      const answers = this.#enter((core) => asked.map((question) => answerTo(question, core)));
      asked.forEach(({ resolve, reject }, index) => {
        const answer = answers[index]!;
        if (typeof answer === "string") resolve(answer);
        else reject(answer);
      });
    } catch (error) {
      // Nobody knows what was stored. Who asks again is told.
      for (const { reject } of asked) reject(error);
    }
    if (asked.some(({ method }) => !READING.includes(method))) this.#arrived();
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
      await wasm.ready();
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

  /** There may be something to do soon. */
  #arrived(): void {
    if (!this.#rouse) return this.#stir();
    this.#rousing ??= setTimeout(() => {
      this.#rousing = undefined;
      this.#stir();
    }, GATHER);
  }

  async #probe(): Promise<string> {
    const errand = new Errand(this.#client, this.#opened(), "probe");
    const report = await errand.go((core) => core.probe(errand));
    if (typeof report !== "string") throw new Error("the CRM gave no answer to go by");
    return report;
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

/** The answer to a question, or why there is none for this one alone. */
function answerTo({ method, argument }: Question, core: Core): string | Error {
  if (method === "poke") return "null";
  try {
    return core.request(method, argument, Date.now());
  } catch (cause) {
    if (cause !== "malformed") throw cause;
    return new Error(cause);
  }
}
