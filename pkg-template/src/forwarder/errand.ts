import { Exchange } from "../exchange.js";
import type { Client } from "../state.js";
import { enter, generation } from "./instance.js";
import type { Outbox as Core } from "../../wasm/forwarder.js";

/** What the outbox has to say to the CRM: a lead, a look, a probe. It is sent as a client's calls are. */
export class Errand extends Exchange {
  readonly #core: Core;
  readonly #instance = generation;
  #place: number | undefined;

  constructor(client: Client, core: Core, operation: string) {
    super(client, client.settings(undefined), operation, 0, [], []);
    this.#core = core;
  }

  /** Begins, and resolves with what came of it; `begin` gives its number. */
  async go(begin: (core: Core, errand: this) => number | undefined): Promise<unknown> {
    this.#place = enter(() => begin(this.#core, this));
    return this.promise;
  }

  /** By which the outbox knows it. */
  get place(): number {
    return this.#place!;
  }

  protected override resume(value: unknown): void {
    try {
      if (this.#instance !== generation) throw new Error("internal");
      enter(() => this.#core.resume(this.#place!, value));
    } catch (cause) {
      this.lost(cause);
    }
  }
}
