// What the tests ask of the page; each gives JSON.

import { firstCall, run } from "./run.mjs";

globalThis.cell = { page: run, firstCall, worker, serviceWorker };

/** Has a web worker run the scenario. */
function worker(settings) {
  const worker = new Worker("/worker.mjs", { type: "module" });
  return ask(worker, settings, (failed) => worker.addEventListener("error", ({ message }) => failed(message)));
}

/** Has a service worker run the scenario. */
async function serviceWorker(settings) {
  const registration = await navigator.serviceWorker.register("/worker.mjs", { type: "module" });
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker.state !== "activated") {
    await new Promise((resolve) => worker.addEventListener("statechange", () => worker.state === "activated" && resolve()));
  }
  const report = await ask(worker, settings);
  await registration.unregister();
  return report;
}

function ask(worker, settings, watch) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    watch?.((failed) => resolve({ failed }));
    worker.postMessage(settings, [port2]);
  });
}
