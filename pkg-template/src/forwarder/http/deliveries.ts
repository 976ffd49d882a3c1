import { type PlainResponse, jsonResponse } from "./responses.js";
import { readBytes } from "../message/body.js";
import { HttpError } from "../message/http-error.js";
import { exactNumbers, limitDepth } from "../message/json.js";
import { assertReadable } from "../sources/content.js";
import type { SourceDefinition } from "../sources/definition.js";
import { callOutbox, type Service } from "./service.js";

/** The maximum size of a delivery. */
const MAX_DELIVERY_BYTES = 1_048_576;

/** The limit for deliveries from one address that fail verification. */
const FAILURE_LIMIT = { perMinute: 30, burst: 60 };

/** Handles a request to a source: `<path>/sources/<name>`. */
export async function handleDelivery(
  name: string,
  source: SourceDefinition,
  request: Request,
  service: Service,
): Promise<PlainResponse> {
  try {
    if (request.method === "GET" && source.handshake) {
      const challenge = await source.handshake(new URL(request.url).searchParams, service.settings.env);
      return {
        status: 200,
        headers: {
          "content-type": "text/plain; charset=utf-8",
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
        },
        body: challenge,
      };
    }
    if (request.method !== "POST") throw new HttpError("method", { allow: source.handshake ? "GET, POST" : "POST" });
    const { headers, url } = request;
    assertReadable(headers);
    const bytes = await readBytes(request, MAX_DELIVERY_BYTES);
    const { events, unreadable = 0 } = await source.receive({ bytes, headers, url }, service.settings.env);
    service.onSourceSecret(name, true);
    if (unreadable) {
      service.counts.add(`source_unreadable_total{source="${name}"}`, unreadable);
      service.log("source_unreadable", "verified events have no readable id", { source: name, count: unreadable });
    }
    if (events.length) {
      const delivered = events.map(({ id, account, data, thin, marks }) => ({
        ...(id === undefined ? {} : { id }),
        ...(account ? { account } : {}),
        data: exactNumbers(JSON.stringify(limitDepth(data ?? null))),
        ...(thin ? { thin } : {}),
        ...(marks?.length ? { marks } : {}),
      }));
      const delivery = { source: name, kind: source.kind, events: delivered };
      const { retryAfterMs } = await callOutbox(service.log, service.outbox.storeEvents(delivery));
      if (retryAfterMs !== undefined) throw new HttpError("full", { retryAfterMs });
    }
    // Must be 200: some senders accept no other 2xx status.
    return jsonResponse(200, {});
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.reason === "secret_missing") service.onSourceSecret(name, false);
    if (error.code === "unauthorized") throw await recordFailure(name, request, service);
    throw error;
  }
}

/**
 * Counts a failed verification against its address. Verified deliveries are not counted, because senders share
 * addresses.
 */
async function recordFailure(
  name: string,
  request: Request,
  { settings, outbox, socket, log }: Service,
): Promise<HttpError> {
  const client = `source ${settings.address(request.headers, socket)}`;
  try {
    const rate = { client, ...FAILURE_LIMIT };
    const result = await callOutbox(log, outbox.recordRefusal({ rate, kind: "source", value: name }));
    if (result.outcome === "limited") return new HttpError("rate_limited", { retryAfterMs: result.retryAfterMs });
    if (result.shouldLog) log("source_auth_failed", "a delivery to a source failed the verification", { source: name });
  } catch {
    // The sender must learn that its signature is wrong even while the store is unavailable.
  }
  return new HttpError("unauthorized");
}
