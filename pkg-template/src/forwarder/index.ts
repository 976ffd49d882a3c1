import { bindings } from "./platforms/bindings.js";
import type { ForwarderConfig } from "./rules/config.js";
import { assemble, type Forwarder } from "./http/forwarder.js";
import { register } from "./platforms/registry.js";

/**
 * Creates a forwarder, which accepts leads from public pages and delivers each to the CRM once. The outbox is the
 * Durable Object bound as `LEAD_OUTBOX`; outside Cloudflare use `serve` of `icloud-ready/forwarder/node`. Call it at
 * the top level of the script, not in a request: the Durable Object runs without one.
 *
 * @throws {ConfigurationError} for invalid options. Options that depend on `env` are checked at the first request,
 * which fails with 500 if one is invalid.
 */
export function createForwarder(config: ForwarderConfig): Forwarder {
  const forwarder = assemble(config, bindings);
  register(config);
  return forwarder;
}

export type {
  Capacity,
  Challenge,
  ClientAddress,
  Defaults,
  ForwarderConfig,
  FromEnv,
  Limits,
  MembersFromEnv,
} from "./rules/config.js";
export type { Source } from "./sources/definition.js";
export type { Forwarder, MessageBatch } from "./http/forwarder.js";
export type { Alert } from "./outbox/contract.js";
export type { Logger, LogEvent, LogLevel, LogRecord } from "./outbox/log.js";
export type { LeadNotification, Notify } from "./outbox/notify.js";
