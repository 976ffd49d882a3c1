import type { Refusal } from "./refusal.js";

/** An answer, of which the handler makes a `Response` in one go: each change of one's headers costs. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body?: string;
}

/** An answer in JSON. */
export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers },
    body: JSON.stringify(body),
  };
}

/** What a script is told of a refusal. */
export function refusalAnswer(refusal: Refusal): Answer {
  const { code, message, issues } = refusal;
  return jsonAnswer(refusal.status, { error: { code, message, issues } }, refusalHeaders(refusal));
}

/** The headers that go with a refusal, in whatever form it is told. */
export function refusalHeaders({ code, retryAfter, allow }: Refusal): Record<string, string> {
  return {
    ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    ...(code === "method" ? { allow } : {}),
    ...(code === "unauthorized" ? { "www-authenticate": "Bearer" } : {}),
  };
}

/** Lets a listed page read the answer. Pages of others must not be given it from a cache either. */
export function responseTo(origin: string | undefined, { status, headers, body }: Answer): Response {
  const shared: Record<string, string> = { ...headers, vary: "Origin" };
  if (origin !== undefined) {
    shared["access-control-allow-origin"] = origin;
    shared["access-control-expose-headers"] = "Retry-After";
  }
  return new Response(body ?? null, { status, headers: shared });
}

/** The answer to a listed page's browser that asks whether it may send; good for a day. */
export function preflightAnswer(): Answer {
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": "86400",
    },
  };
}
