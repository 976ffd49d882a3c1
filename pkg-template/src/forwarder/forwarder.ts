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
  const settings = remembered((env) => settingsFor(config, env));
  return {
    fetch: (request, env = {}, context) =>
      handle(request, () => ({
        settings: settings(env),
        inbox: host.inbox(settings(env), env),
        spare: host.spare?.(settings(env), env),
        socket: host.socket?.(context),
      })),
    scheduled: async (_event, env = {}) => host.inbox(settings(env), env).poke(),
    queue: async (batch, env = {}) => {
      for (const message of batch.messages) {
        try {
          const { outbox, arrival } = message.body as Spared;
          await host.inbox({ ...settings(env), outbox }, env).put(arrival);
          message.ack();
        } catch {
          report("a lead in the spare queue waits: the outbox is out of reach");
          message.retry({ delaySeconds: 30 });
        }
      }
    },
  };
}

/** Makes the settings of an `env` once. */
function remembered(make: (env: any) => Settings): (env: any) => Settings {
  const known = new WeakMap<object, Settings>();
  return (env: object) => {
    const settings = known.get(env) ?? make(env);
    known.set(env, settings);
    return settings;
  };
}
