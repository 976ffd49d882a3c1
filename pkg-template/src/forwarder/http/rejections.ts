import { HttpError } from "../message/http-error.js";
import { logWarning } from "../outbox/log.js";
import { callOutbox, type Service } from "./service.js";

/**
 * Counts a request that is refused for a mistake in a configuration, against its address, and logs a new
 * mistake. Returns what the page is answered: the mistake, or that it asks too often.
 */
export async function recordRefusal(
  kind: "origin" | "path",
  value: string,
  request: Request,
  { settings, outbox, socket }: Service,
  form: boolean,
): Promise<HttpError> {
  const client = `address ${settings.address(request.headers, socket)}`;
  try {
    const result = await callOutbox(outbox.recordRefusal({ rate: { client, ...settings.rate, form }, kind, value }));
    if (result.outcome === "limited") return new HttpError("rate_limited", { retryAfterMs: result.retryAfterMs });
    if (result.shouldLog) logWarning(logLine(kind, result.value, settings.path));
  } catch {
    // The page has to read of its mistake even while the store is unavailable.
  }
  return new HttpError(kind === "origin" ? "origin" : "not_found");
}

function logLine(kind: "origin" | "path", value: string, path: string): string {
  return kind === "origin"
    ? `refused a page of the origin ${value}: it is not in the option origins`
    : `a page posted to ${value}, which does not exist: leads go to ${path}`;
}
