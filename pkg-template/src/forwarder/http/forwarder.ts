import type { OptionNames } from "../../base/options.js";
import { alertHandler, Condition } from "../outbox/alerts.js";
import { createLog, type Log } from "../outbox/log.js";
import { Counts } from "./counts.js";
import type { ForwarderConfig } from "../rules/config.js";
import { handle } from "./router.js";
import type { Enqueue, OutboxApi } from "../outbox/contract.js";
import { check, type Settings, settingsFor } from "../rules/settings.js";

/** The handlers that a runtime calls: a worker's default export. */
export interface Forwarder {
  /** Handles a request. */
  fetch(request: Request, env?: any, context?: unknown): Promise<Response>;
  /** Wakes the outbox in case its alarm was lost; for a cron trigger. */
  scheduled(event?: unknown, env?: any, context?: unknown): Promise<void>;
  /** Stores the leads that went to the fallback queue while the outbox was unavailable. */
  queue(batch: MessageBatch, env?: any, context?: unknown): Promise<void>;
}

/** A batch of queue messages, as Cloudflare passes it. */
export interface MessageBatch {
  /** The messages. Each is acknowledged or retried later. */
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

/** A message in the format of earlier versions; a queue retains messages for days. */
interface EarlierQueueMessage {
  outbox: string;
  arrival: Enqueue;
}

/** The integration with a runtime. @internal */
export interface Host {
  /** The names of the host's own options, suggested for misspelled names. */
  options?: OptionNames;
  outbox(settings: Settings, env: any, log: Log): OutboxApi;
  /** Sends a lead to the fallback queue, if there is one. */
  fallbackQueue?(settings: Settings, env: any): ((arrival: Enqueue) => Promise<void>) | undefined;
  /** The remote address of the connection. */
  socket?(context: unknown): string | undefined;
  /** The host's gauges by metric name. */
  gauges?: () => Record<string, number>;
  /** The host's counters. */
  counts?: Counts;
  /** The names of options that the host found to be invalid. */
  wrongOptions?: Set<string>;
}

const SECRET = "challenge.secret";

/**
 * Creates a forwarder on a host. Throws a `ConfigurationError` for options that are invalid for every `env`. @internal
 */
export function assemble(config: ForwarderConfig, host: Host): Forwarder {
  check(config, host.options);
  const log = createLog(config);
  const alert = alertHandler(config.onAlert, log);
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
  const missingSecrets = new Map<string, Condition>();
  const onSourceSecret = (source: string, isSet: boolean) => {
    const condition = missingSecrets.get(source) ?? new Condition();
    missingSecrets.set(source, condition);
    if (isSet) {
      wrongOptions.delete(`sources.${source}`);
      if (condition.clear()) alert({ kind: "resolved", condition: "source_secret_missing", value: source });
    } else {
      wrongOptions.add(`sources.${source}`);
      if (condition.raise()) alert({ kind: "source_secret_missing", source });
    }
  };
  const contextFor = memoizeByEnv((env) => {
    const settings = settingsFor(config, env);
    const log = createLog(config, settings.outbox);
    return {
      settings,
      outbox: host.outbox(settings, env, log),
      fallbackQueue: host.fallbackQueue?.(settings, env),
      onSecretChecked,
      onSourceSecret,
      wrongOptions,
      log,
      counts: host.counts ?? new Counts(),
      gauges: host.gauges ?? (() => ({})),
    };
  });
  return {
    fetch: (request, env = {}, context) =>
      handle(
        request,
        () => ({ ...contextFor(env), socket: host.socket?.(context), waitUntil: waitUntilOf(context) }),
        log,
      ),
    scheduled: async (_event, env = {}) => contextFor(env).outbox.wake(),
    queue: async (batch, env = {}) => {
      for (const message of batch.messages) {
        try {
          const { outbox, ...lead } = message.body as QueueMessage | EarlierQueueMessage;
          await host
            .outbox({ ...contextFor(env).settings, outbox }, env, log)
            .enqueue("enqueue" in lead ? lead.enqueue : lead.arrival);
          message.ack();
        } catch {
          log("queue_message_deferred", "a lead in the fallback queue is retried later: the outbox is unavailable");
          message.retry({ delaySeconds: 30 });
        }
      }
    },
  };
}

/** The runtime's `waitUntil`; without one, the promise runs on its own. */
function waitUntilOf(context: unknown): (promise: Promise<unknown>) => void {
  return (promise) => (context as { waitUntil?(promise: Promise<unknown>): void } | undefined)?.waitUntil?.(promise);
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
