// Waits that end: each says what it waited for, and what there was in its place.

import { setTimeout as pause } from "node:timers/promises";

/** A guard against hanging, never a measurement: a slow machine takes its time. */
export const MAX_WAIT_MS = 120_000;

/**
 * Asks until the result is truthy, and returns it. After `maxMs` it throws, with `what` it waited for
 * and what `describe` returns, which may fail or hang itself.
 */
export async function waitUntil(what, ask, { describe, maxMs = MAX_WAIT_MS, pauseMs = 20 } = {}) {
  const deadline = Date.now() + maxMs;
  for (;;) {
    const result = await within(`${what} (one look)`, maxMs, ask());
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`waited ${maxMs / 1_000} s for ${what}${await details(describe)}`);
    await pause(pauseMs);
  }
}

/** A promise's result; an error that says so if it takes longer than `maxMs`. */
export async function within(what, maxMs, promise) {
  const controller = new AbortController();
  const late = pause(maxMs, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`waited ${maxMs / 1_000} s for ${what}`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    controller.abort();
  }
}

async function details(describe) {
  if (!describe) return "";
  try {
    const found = await within("a description of what there is", 30_000, describe());
    return `\n${typeof found === "string" ? found : JSON.stringify(found, null, 2)}`;
  } catch (error) {
    return `\n(what there is cannot be described: ${error.message})`;
  }
}
