import type { Attribution, AttributionMode } from "../background/attribution.js";

type Background = typeof import("../background/index.js");

let loading: Promise<Background | undefined> | undefined;

/** Loads the background script; resolves with `undefined` if that fails. @internal */
export function loadBackground(): Promise<Background | undefined> {
  loading ??= import("../background/index.js").catch(() => (loading = undefined));
  return loading;
}

/** Stores the attribution of the URL that the page has now, once `start` resolves. @internal */
export async function captureAfter(
  mode: AttributionMode = "session",
  start?: Promise<void>,
): Promise<Attribution | undefined> {
  const { href } = location;
  await start;
  return (await loadBackground())?.capture(mode, href);
}

/**
 * Stores the attribution of this page and resolves with all that is known. A form does it automatically; a landing page
 * without one calls it.
 */
export const captureAttribution: (mode?: AttributionMode) => Promise<Attribution | undefined> = captureAfter;
