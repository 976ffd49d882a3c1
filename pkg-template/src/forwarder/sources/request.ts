import type { FetchResponse } from "../outbox/contract.js";

/** The timeout for a platform's response; shorter than the claim of a fetch in the outbox. */
const FETCH_TIMEOUT_MS = 15_000;

/** The maximum length of a response. */
const MAX_RESPONSE_CHARACTERS = 4_194_304;

/** Sends a GET with a token. Never rejects: a result without a status means no response. */
export async function request(url: string, token: string): Promise<FetchResponse> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      // The token must not be sent to another host.
      redirect: "manual",
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    const body = await response.text();
    const seconds = Number(response.headers.get("retry-after") ?? NaN);
    return {
      // Some runtimes report a redirect as status 0.
      status: response.status || 302,
      ...(body.length <= MAX_RESPONSE_CHARACTERS ? { body } : {}),
      ...(seconds >= 0 && seconds < Infinity ? { retryAfterMs: seconds * 1_000 } : {}),
    };
  } catch {
    return {};
  }
}
