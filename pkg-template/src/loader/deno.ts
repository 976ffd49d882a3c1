import { runtime } from "../base/environment.js";

/** What is used of Deno. */
interface Deno {
  createHttpClient?(options: { poolMaxIdlePerHost: number }): { close(): void };
}

/**
 * Gives each POST a connection of its own in Deno: where one that was used before breaks off, Deno sends the POST again
 * by itself, and the lead would be there twice. Deno is detected where the code runs, since a bundle, or `require`, may
 * have taken another runtime's entry. In other runtimes, none of which does that, nothing changes. @internal
 */
export function isolatePostConnections(): void {
  const { Deno: deno } = globalThis as { Deno?: Deno };
  if (!deno?.createHttpClient) return;
  runtime.fetch = async (url, init) => {
    if (init.method !== "POST") return fetch(url, init);
    const client = deno.createHttpClient!({ poolMaxIdlePerHost: 0 });
    try {
      return await fetch(url, { ...init, client } as RequestInit);
    } finally {
      client.close();
    }
  };
}
