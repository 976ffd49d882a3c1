import type { ForwarderConfig } from "./config.js";
import { handle } from "./handler.js";
import type { Arrival, Inbox } from "./inbox.js";
import { report } from "./service.js";
import { check, type Settings, settingsFor } from "./settings.js";

/** What a runtime calls: a worker's default export. */
export interface Forwarder {
  /** Answers a request. */
  fetch(request: Request, env?: any, context?: unknown): Promise<Response>;
  /** Sees to it that the outbox goes on, should its alarm have been lost: for a cron. */
  scheduled(event?: unknown, env?: any, context?: unknown): Promise<void>;
  /** Takes what went to the spare queue while the outbox was out of reach. */
  queue(batch: MessageBatch, env?: any, context?: unknown): Promise<void>;
}

/** A queue's messages, as Cloudflare hands them over. */
export interface MessageBatch {
  /** Each is acknowledged, or comes again later. */
  readonly messages: readonly { readonly body: unknown; ack(): void; retry(options?: { delaySeconds?: number }): void }[];
}

/** What goes through the spare queue. @internal */
export interface Spared {
  /** The outbox's name. */
  outbox: string;
  arrival: Arrival;
}

/** Where a runtime keeps leads. @internal */
export interface Host {
  inbox(settings: Settings, env: any): Inbox;
  /** The spare way in, if there is one. */
  spare?(settings: Settings, env: any): ((arrival: Arrival) => Promise<void>) | undefined;
  /** The other end of the connection. */
  socket?(context: unknown): string | undefined;
}

/** A forwarder on a host. Throws a `ConfigurationError` for what is wrong whatever `env` will be. @internal */
export function assemble(config: ForwarderConfig, host: Host): Forwarder {
  check(config);
  const known = remembered((env) => {
    const settings = settingsFor(config, env);
    return { settings, inbox: host.inbox(settings, env), spare: host.spare?.(settings, env) };
  });
  return {
    fetch: (request, env = {}, context) => handle(request, () => ({ ...known(env), socket: host.socket?.(context) })),
    scheduled: async (_event, env = {}) => known(env).inbox.poke(),
    queue: async (batch, env = {}) => {
      for (const message of batch.messages) {
        try {
          const { outbox, arrival } = message.body as Spared;
          await host.inbox({ ...known(env).settings, outbox }, env).put(arrival);
          message.ack();
        } catch {
          report("a lead in the spare queue waits: the outbox is out of reach");
          message.retry({ delaySeconds: 30 });
        }
      }
    },
  };
}

/** Makes what an `env` leads to once. */
function remembered<T>(make: (env: any) => T): (env: object) => T {
  const made = new WeakMap<object, T>();
  return (env) => {
    const found = made.get(env) ?? make(env);
    made.set(env, found);
    return found;
  };
}
