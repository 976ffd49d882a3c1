import { runtime } from "../dist/environment.js";
import { wasm } from "../dist/modules/client.js";

// A source phase import needs no `--allow-read`.
wasm.provide(() => import.source("../icloud-ready.wasm"));

// Where a connection that was used before breaks off, Deno sends a POST again by itself: the lead would be there
// twice. So each POST has a connection of its own, wherever Deno lets one be had.
runtime.fetch = async (url, init) => {
  if (init.method !== "POST" || !Deno.createHttpClient) return fetch(url, init);
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  try {
    return await fetch(url, { ...init, client });
  } finally {
    client.close();
  }
};

export * from "../dist/index.js";
