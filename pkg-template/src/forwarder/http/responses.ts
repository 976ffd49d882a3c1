import { allowedHeaders } from "./cors.js";
import type { HttpError } from "../message/http-error.js";

/** A response as plain data: creating a `Response` once is faster than changing its headers. */
export interface PlainResponse {
  status: number;
  headers: Record<string, string>;
  body?: string;
}

/** A JSON response. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): PlainResponse {
  return {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

/** The response to a script. */
export function errorResponse(refusal: HttpError): PlainResponse {
  const { code, message, issues } = refusal;
  return jsonResponse(refusal.status, { error: { code, message, issues } }, errorHeaders(refusal));
}

/** The headers of an error response. */
export function errorHeaders({ code, retryAfter, allow }: HttpError): Record<string, string> {
  return {
    ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    ...(code === "method" ? { allow } : {}),
    ...(code === "unauthorized" ? { "www-authenticate": "Bearer" } : {}),
  };
}

/** Creates a `Response` that pages of this origin can read; caches must not serve it to other origins. */
export function toResponse(origin: string | undefined, { status, headers, body }: PlainResponse): Response {
  const shared: Record<string, string> = { ...headers, vary: "Origin" };
  if (origin !== undefined) {
    shared["access-control-allow-origin"] = origin;
    shared["access-control-expose-headers"] = "Retry-After";
  }
  return new Response(body ?? null, { status, headers: shared });
}

/**
 * The response to a preflight, the same for every origin: the response to the request itself reports what is wrong.
 * Cached for a day.
 */
export function preflightResponse({ headers }: Request): PlainResponse {
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": allowedHeaders(headers.get("access-control-request-headers")),
      "access-control-max-age": "86400",
    },
  };
}
