// What the tests call in the page: `cell[place](task, settings)`, which resolves with JSON.

import { count } from "./counts.mjs";

globalThis.cell = { page, worker, serviceWorker, imported };

/** The page itself does the task. */
async function page(task, settings) {
  const tasks = await import("./tasks.mjs");
  return tasks[task](settings);
}

/** A web worker does the task. */
function worker(task, settings) {
  const worker = new Worker("/worker.mjs", { type: "module" });
  return new Promise((resolve) => {
    worker.addEventListener("error", ({ message }) => resolve({ failed: message }));
    resolve(postTask(worker, task, settings));
  });
}

/** A service worker does the task. */
async function serviceWorker(task, settings) {
  const registration = await navigator.serviceWorker.register("/worker.mjs", { type: "module" });
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (worker.state !== "activated") {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
  const result = await postTask(worker, task, settings);
  await registration.unregister();
  return result;
}

/** The side effects of importing the package and constructing clients, and then of loading. */
async function imported() {
  const counts = count();
  const { entries } = await import("./entries.mjs");
  new entries.sdk.ICloudReady({ accessToken: () => "token" }).withOptions({ strict: true }).leads.list();
  new entries.slim.ICloudReady({ accessToken: () => "token", wasm: new URL("/none.wasm", location.href) });
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const before = { ...counts };
  await Promise.all([entries.sdk.preload(), entries.sdk.preload()]);
  return { before, fetched: counts.fetch, compiled: counts.compile };
}

function postTask(worker, task, settings) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ task, settings }, [port2]);
  });
}
