import { bindings } from "./platforms/bindings.js";
import type { ForwarderConfig } from "./rules/config.js";
import { assemble, type Forwarder } from "./http/forwarder.js";
import { register } from "./platforms/registry.js";

/**
 * A forwarder: it takes leads from public pages and hands each to the CRM once. The outbox is the
 * Durable Object bound as `LEAD_OUTBOX`; elsewhere than on Cloudflare use `serve` of
 * `icloud-ready/forwarder/node`. Call it where the script begins, not in a request: the Durable
 * Object works without one.
 *
 * @throws {ConfigurationError} for options that are wrong. What depends on `env` is checked with the
 * first request, which is then answered 500.
 */
export function createForwarder(config: ForwarderConfig): Forwarder {
  const forwarder = assemble(config, bindings);
  register(config);
  return forwarder;
}

export type {
  Challenge,
  ClientAddress,
  Defaults,
  ForwarderConfig,
  FromEnv,
  Limits,
  MembersFromEnv,
} from "./rules/config.js";
export type { Forwarder, MessageBatch } from "./http/forwarder.js";
export type { Alert } from "./outbox/contract.js";
