// The cells of a browser: wherever one runs scripts.

import { cell } from "./cell.mjs";
import { strictest, strictestWithWorkers } from "./policy.mjs";
import { serve } from "./site.mjs";

/** A place, what `cell` in pages/page.mjs calls it, and the page's policy. */
const PLACES = [
  ["a module script", "page"],
  ["a module script under the strictest policy", "page", strictest],
  ["a web worker under the strictest policy", "worker", strictestWithWorkers],
  ["a service worker under the strictest policy", "serviceWorker", strictestWithWorkers],
];

/**
 * Declares the cells. `open` opens an address and gives a function that calls one of the page's
 * `cell` with the settings and gives what comes of it.
 */
export function browserCells(browser, open) {
  for (const [place, name, policy] of PLACES) {
    cell(`${browser}: ${place}`, async (settings, test) => {
      const site = await serve(test, { policy: policy?.(new URL(settings.baseURL).origin) });
      const ask = await open(test, site.url);
      return ask(name, settings);
    });
  }
}
