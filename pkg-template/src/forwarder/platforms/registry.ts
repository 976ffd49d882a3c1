import type { ForwarderConfig } from "../rules/config.js";
import { type Settings, settingsFor } from "../rules/settings.js";

/** The configurations of this script, by the option `outbox`. A later one for the same outbox counts. */
const configs = new Map<unknown, ForwarderConfig>();

/** Makes a configuration known to the Durable Object, which is woken without a request. */
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
