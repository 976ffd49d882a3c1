import { HttpError } from "../message/http-error.js";
import { callOutbox, type Service } from "./service.js";

/**
 * Counts a request that is rejected because of a configuration mistake, against its address, and logs new mistakes.
 * Returns the error for the page: the mistake, or `rate_limited`.
 */
export async function recordRefusal(
  kind: "origin" | "path",
  value: string,
  request: Request,
  { settings, outbox, socket, log }: Service,
  form: boolean,
): Promise<HttpError> {
  const client = `address ${settings.address(request.headers, socket)}`;
  try {
    const result = await callOutbox(
      log,
      outbox.recordRefusal({ rate: { client, ...settings.rate, form }, kind, value }),
    );
    if (result.outcome === "limited") return new HttpError("rate_limited", { retryAfterMs: result.retryAfterMs });
    if (result.shouldLog) {
      const { value } = result;
      if (kind === "origin")
        log("origin_refused", "refused a page whose origin is not in the option origins", { value });
      else
        log("path_not_found", `a page posted to a path that does not exist: leads go to ${settings.path}`, { value });
    }
  } catch {
    // The page must receive the error even while the store is unavailable.
  }
  return new HttpError(kind === "origin" ? "origin" : "not_found");
}
