// Bounded waits: a timeout error names the expected condition and the actual state.

import { setTimeout as sleep } from "node:timers/promises";

/** Protects against hanging; generous, because a slow machine must not fail a test. */
export const MAX_WAIT_MS = 240_000;

// Captured because tests replace the clock.
const now = performance.now.bind(performance);

/**
 * Calls `probe`, which may be asynchronous, until its result is truthy, and returns the result. After `maxMs` it throws
 * an error with `what`, the condition, and the result of `describe`.
 */
export async function waitUntil(what, probe, { describe, maxMs = MAX_WAIT_MS, intervalMs = 20 } = {}) {
  const deadline = now() + maxMs;
  for (;;) {
    const result = await within(`${what} (one probe)`, maxMs, probe());
    if (result) return result;
    if (now() > deadline) throw new Error(`waited ${maxMs / 1_000} s for ${what}${await details(describe)}`);
    await sleep(intervalMs);
  }
}

/** Returns a promise's result, or throws if it takes longer than `maxMs`. */
export async function within(what, maxMs, promise) {
  const controller = new AbortController();
  const timeout = sleep(maxMs, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`waited ${maxMs / 1_000} s for ${what}`);
  });
  timeout.catch(() => {});
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    controller.abort();
  }
}

async function details(describe) {
  if (!describe) return "";
  try {
    const found = await within("the description", 30_000, describe());
    return `\n${typeof found === "string" ? found : JSON.stringify(found, null, 2)}`;
  } catch (error) {
    return `\n(the state cannot be described: ${error.message})`;
  }
}
