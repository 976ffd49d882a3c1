// A web worker or a service worker that runs tasks.

import * as tasks from "./tasks.mjs";

addEventListener("message", (event) => {
  const { task, settings } = event.data;
  const done = tasks[task](settings).then((result) => event.ports[0].postMessage(result));
  // Keeps a service worker alive until it is done.
  event.waitUntil?.(done);
});
