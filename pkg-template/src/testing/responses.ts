import type { TestCRMOptions } from "./options.js";

/** A response that a fault may still replace. @internal */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The reason why the CRM rejects a request. @internal */
export class Rejection extends Error {
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, message: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** @internal */
export const notFound = () => new Rejection(404, "Not found");

/** @internal */
export function emptyReply(status: number): Reply {
  return { status, headers: {}, body: "" };
}

/** @internal */
export function jsonReply(status: number, value: unknown): Reply {
  return textReply(status, JSON.stringify(value), "application/json");
}

/** @internal */
export function textReply(status: number, body: string, media = "text/plain"): Reply {
  return { status, headers: { "content-type": `${media}; charset=utf-8` }, body };
}

/** The response of a rejection, in the shape set by the options. @internal */
export function rejectionReply(rejection: Rejection, options: TestCRMOptions, now: number): Reply {
  const { status, message, retryAfterMs } = rejection;
  const reply = errorReply(status, message, options.errorShape);
  if (retryAfterMs !== undefined && options.retryAfter) {
    // A date has whole seconds: it is rounded up, so that waiting until then suffices.
    const seconds = Math.ceil((options.retryAfter === "date" ? now + retryAfterMs : retryAfterMs) / 1_000);
    reply.headers["retry-after"] =
      options.retryAfter === "date" ? new Date(seconds * 1_000).toUTCString() : String(seconds);
  }
  return reply;
}

function errorReply(status: number, message: string, shape: TestCRMOptions["errorShape"] = "message"): Reply {
  switch (shape) {
    case "message":
      return jsonReply(status, { message });
    case "error":
      return jsonReply(status, { error: message });
    case "nested":
      return jsonReply(status, { error: { message } });
    case "errors":
      return jsonReply(status, { errors: [{ message }] });
    case "text":
      return textReply(status, message);
    case "empty":
      return emptyReply(status);
  }
}

/** @internal */
export function toResponse({ status, headers, body }: Reply, method: string): Response {
  return new Response(method === "HEAD" || body === "" ? null : body, { status, headers });
}
