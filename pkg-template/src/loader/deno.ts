import { runtime } from "../base/environment.js";

/** The part of Deno that is used here. */
interface Deno {
  createHttpClient?(options: { poolMaxIdlePerHost: number }): { close(): void };
}

/**
 * Uses a new connection for each POST in Deno: if a reused connection breaks, Deno resends the POST by itself, which
 * would duplicate a lead. Other runtimes do not, and nothing changes for them. Deno is detected at run time, because a
 * bundle or `require` may have selected the entry of another runtime. @internal
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
