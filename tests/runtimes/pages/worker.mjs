// The scenario in a web worker, or a service worker.

import { run } from "./run.mjs";

addEventListener("message", (event) => {
  const report = run(event.data).then((report) => event.ports[0].postMessage(report));
  // A service worker is let live until it is done.
  event.waitUntil?.(report);
});
