// A web worker or a service worker that does what it is asked.

import * as tasks from "./tasks.mjs";

addEventListener("message", (event) => {
  const { task, settings } = event.data;
  const told = tasks[task](settings).then((result) => event.ports[0].postMessage(result));
  // A service worker is let live until it is done.
  event.waitUntil?.(told);
});
