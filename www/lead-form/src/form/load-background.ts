import type { Attribution, AttributionMode } from "../background/attribution.js";

type Background = typeof import("../background/index.js");

let loading: Promise<Background | undefined> | undefined;

/** Loads the background script; resolves with `undefined` if that fails. @internal */
export function loadBackground(): Promise<Background | undefined> {
  loading ??= import("../background/index.js").catch(() => (loading = undefined));
  return loading;
}

/** Stores the attribution of the page's current URL after `start` resolves. @internal */
export async function captureAfter(
  mode?: AttributionMode | null,
  start?: Promise<void> | boolean,
): Promise<Attribution | undefined> {
  const { href } = location;
  await start;
  return (await loadBackground())?.capture(mode, href);
}

/**
 * Stores the attribution of this page and resolves with the known attribution. Forms call it automatically; call it on
 * landing pages without a form.
 */
export const captureAttribution: (mode?: AttributionMode) => Promise<Attribution | undefined> = captureAfter;
