import type { OptionNames } from "../../base/options.js";
import { alertHandler, Condition } from "../outbox/alerts.js";
import type { ForwarderConfig } from "../rules/config.js";
import { handle } from "./router.js";
import type { Enqueue, OutboxApi } from "../outbox/contract.js";
import { logWarning } from "../outbox/log.js";
import { check, type Settings, settingsFor } from "../rules/settings.js";

/** What a runtime calls: a worker's default export. */
export interface Forwarder {
  /** Answers a request. */
  fetch(request: Request, env?: any, context?: unknown): Promise<Response>;
  /** Wakes the outbox in case its alarm was lost; for a cron trigger. */
  scheduled(event?: unknown, env?: any, context?: unknown): Promise<void>;
  /** Stores the leads that went to the fallback queue while the outbox was unavailable. */
  queue(batch: MessageBatch, env?: any, context?: unknown): Promise<void>;
}

/** A queue's messages, as Cloudflare hands them over. */
export interface MessageBatch {
  /** Each is acknowledged or retried later. */
  readonly messages: readonly {
    readonly body: unknown;
    ack(): void;
    retry(options?: { delaySeconds?: number }): void;
  }[];
}

/** A message of the fallback queue. @internal */
export interface QueueMessage {
  /** The outbox's name. */
  outbox: string;
  enqueue: Enqueue;
}

/** A message as earlier versions wrote it; a queue holds one for days. */
interface EarlierQueueMessage {
  outbox: string;
  arrival: Enqueue;
}

/** Where a runtime keeps leads. @internal */
export interface Host {
  /** The names of options of the host's own, which a misspelled one may mean. */
  options?: OptionNames;
  outbox(settings: Settings, env: any): OutboxApi;
  /** Sends a lead to the fallback queue, if there is one. */
  fallbackQueue?(settings: Settings, env: any): ((arrival: Enqueue) => Promise<void>) | undefined;
  /** The other end of the connection. */
  socket?(context: unknown): string | undefined;
  /** The options that the host found to be wrong, by name. */
  wrongOptions?: Set<string>;
}

const SECRET = "challenge.secret";

/** A forwarder on a host. Throws a `ConfigurationError` for what is wrong whatever `env` will be. @internal */
export function assemble(config: ForwarderConfig, host: Host): Forwarder {
  check(config, host.options);
  const alert = alertHandler(config.onAlert);
  const wrongOptions = host.wrongOptions ?? new Set();
  const wrongSecret = new Condition();
  const onSecretChecked = (isRight: boolean) => {
    if (isRight) {
      wrongOptions.delete(SECRET);
      if (wrongSecret.clear()) alert({ kind: "resolved", condition: "challenge_secret_rejected" });
    } else {
      wrongOptions.add(SECRET);
      if (wrongSecret.raise()) alert({ kind: "challenge_secret_rejected" });
    }
  };
  const contextFor = memoizeByEnv((env) => {
    const settings = settingsFor(config, env);
    return {
      settings,
      outbox: host.outbox(settings, env),
      fallbackQueue: host.fallbackQueue?.(settings, env),
      onSecretChecked,
      wrongOptions,
    };
  });
  return {
    fetch: (request, env = {}, context) =>
      handle(request, () => ({ ...contextFor(env), socket: host.socket?.(context) })),
    scheduled: async (_event, env = {}) => contextFor(env).outbox.wake(),
    queue: async (batch, env = {}) => {
      for (const message of batch.messages) {
        try {
          const { outbox, ...lead } = message.body as QueueMessage | EarlierQueueMessage;
          await host
            .outbox({ ...contextFor(env).settings, outbox }, env)
            .enqueue("enqueue" in lead ? lead.enqueue : lead.arrival);
          message.ack();
        } catch {
          logWarning("a lead in the fallback queue is retried later: the outbox is unavailable");
          message.retry({ delaySeconds: 30 });
        }
      }
    },
  };
}

/** Memoizes by `env`. */
function memoizeByEnv<T>(make: (env: any) => T): (env: object) => T {
  const made = new WeakMap<object, T>();
  return (env) => {
    const found = made.get(env) ?? make(env);
    made.set(env, found);
    return found;
  };
}
