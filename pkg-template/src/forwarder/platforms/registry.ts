import type { ForwarderConfig } from "../rules/config.js";
import { type Settings, settingsFor } from "../rules/settings.js";

/** The configurations of this script by the option `outbox`. The last one for an outbox wins. */
const configs = new Map<unknown, ForwarderConfig>();

/** Registers a configuration for the Durable Object, which also runs without a request. */
export function register(config: ForwarderConfig): void {
  configs.set(config.outbox ?? "default", config);
}

/** The configuration of an outbox. */
export function registered(outbox: string, env: unknown): { config: ForwarderConfig; settings: Settings } | undefined {
  for (const config of configs.values()) {
    if (typeof config.outbox !== "function" && (config.outbox ?? "default") !== outbox) continue;
    const settings = settingsFor(config, env);
    if (settings.outbox === outbox) return { config, settings };
  }
  return undefined;
}
