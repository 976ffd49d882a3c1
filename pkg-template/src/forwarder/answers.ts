import type { Refusal } from "./refusal.js";

/** An answer in JSON. */
export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers },
  });
}

/** What a script is told of a refusal. */
export function refusalAnswer(refusal: Refusal): Response {
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
export function withOrigin(answer: Response, origin: string | undefined): Response {
  answer.headers.append("vary", "Origin");
  if (origin !== undefined) {
    answer.headers.set("access-control-allow-origin", origin);
    answer.headers.set("access-control-expose-headers", "Retry-After");
  }
  return answer;
}

/** The answer to a listed page's browser that asks whether it may send; good for a day. */
export function preflightAnswer(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": "86400",
    },
  });
}
