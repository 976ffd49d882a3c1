import type { Accepted, Arrival, Detail, Entry, Health, Inbox, Knock, Knocked, ProbeReport, State } from "./inbox.js";

/**
 * Asks an outbox by a method's name, in JSON text both ways: a Durable Object's RPC carries a text
 * with less ado than any other value, and the wasm takes nothing else.
 */
export type Ask = (method: keyof Inbox, argument: string) => Promise<string>;

/** An outbox that is asked in text. */
export class AskedInbox implements Inbox {
  readonly #text: Ask;

  constructor(ask: Ask) {
    this.#text = ask;
  }

  knock(knock: Knock): Promise<Knocked> {
    return this.#ask("knock", knock);
  }

  put(arrival: Arrival): Promise<Accepted> {
    return this.#ask("put", arrival);
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
    return this.#ask("replay", submissionId);
  }

  release(submissionId: string): Promise<boolean> {
    return this.#ask("release", submissionId);
  }

  drop(submissionId: string): Promise<boolean> {
    return this.#ask("drop", submissionId);
  }

  erase(submissionId: string): Promise<boolean> {
    return this.#ask("erase", submissionId);
  }

  probe(): Promise<ProbeReport> {
    return this.#ask("probe", null);
  }

  poke(): Promise<void> {
    return this.#ask("poke", null);
  }

  async #ask<T>(method: keyof Inbox, argument: unknown): Promise<T> {
    return JSON.parse(await this.#text(method, JSON.stringify(argument))) as T;
  }
}
