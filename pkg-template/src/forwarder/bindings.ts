import type { Host, Spared } from "./forwarder.js";
import type { Arrival, Inbox, Knock, State } from "./inbox.js";
import { report } from "./service.js";
import type { Settings } from "./settings.js";

/** The methods of an outbox that a Durable Object lets be called. */
export const METHODS = [
  ...["knock", "put", "health", "metrics", "list", "inspect", "replay", "release", "drop", "erase", "probe", "poke"],
] as readonly (keyof Inbox)[];

/** The Durable Object, as the binding gives it. */
interface Stub {
  ask(outbox: string, method: keyof Inbox, argument?: unknown): Promise<unknown>;
}

interface Namespace {
  jurisdiction(name: string): Namespace;
  idFromName(name: string): unknown;
  get(id: unknown): Stub;
}

/** Cloudflare: the outbox is a Durable Object, the spare way in a Queue. */
export const bindings: Host = {
  inbox: (settings, env) => new RemoteInbox(settings, env.LEAD_OUTBOX),
  spare: ({ outbox }, env) =>
    env.LEAD_INLET &&
    (async (arrival: Arrival) => env.LEAD_INLET.send({ outbox, arrival } satisfies Spared, { contentType: "json" })),
};

/** An outbox that is asked over RPC. */
class RemoteInbox implements Inbox {
  readonly #settings: Settings;
  readonly #namespace: Namespace | undefined;

  constructor(settings: Settings, namespace: Namespace | undefined) {
    this.#settings = settings;
    this.#namespace = namespace;
  }

  knock = (knock: Knock) => this.#again("knock", knock);
  put = (arrival: Arrival) => this.#again("put", arrival);
  health = () => this.#ask("health");
  metrics = () => this.#ask("metrics");
  list = (query: { state?: State; after?: string; limit?: number }) => this.#ask("list", query);
  inspect = (id: string) => this.#ask("inspect", id);
  replay = (id: string) => this.#ask("replay", id);
  release = (id: string) => this.#ask("release", id);
  drop = (id: string) => this.#ask("drop", id);
  erase = (id: string) => this.#ask("erase", id);
  probe = () => this.#ask("probe");
  poke = () => this.#ask("poke");

  /** An object that was moved or restarted is asked again: asking twice changes nothing. */
  async #again<Method extends keyof Inbox>(method: Method, argument: unknown): Promise<Awaited<ReturnType<Inbox[Method]>>> {
    try {
      return await this.#ask(method, argument);
    } catch (error) {
      const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
      if (!retryable || overloaded) throw error;
      return this.#ask(method, argument);
    }
  }

  async #ask<Method extends keyof Inbox>(method: Method, argument?: unknown): Promise<Awaited<ReturnType<Inbox[Method]>>> {
    const namespace = this.#placed();
    const { outbox } = this.#settings;
    // A stub that failed once stays broken, so each call has its own.
    const stub = namespace.get(namespace.idFromName(outbox));
    return (await stub.ask(outbox, method, argument)) as Awaited<ReturnType<Inbox[Method]>>;
  }
  #placed(): Namespace {
    const { jurisdiction } = this.#settings;
    if (!this.#namespace) report("the binding LEAD_OUTBOX is missing");
    else if (jurisdiction === undefined) return this.#namespace;
    else {
      try {
        return this.#namespace.jurisdiction(jurisdiction);
      } catch {
        report(`the runtime has no jurisdiction ${jurisdiction}: workerd on one's own machine has none`);
      }
    }
    throw new Error("there is no outbox");
  }
}
