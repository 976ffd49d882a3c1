import { HttpError } from "../../message/http-error.js";
import { identify, type TokenIdentity } from "../../rules/tokens.js";
import { callOutbox, type Service } from "../service.js";

/** How many wrong tokens one address may send. */
const TOKEN_GUESS_LIMIT = { perMinute: 5, burst: 10 };

/**
 * The identity of the request's token.
 *
 * @throws {HttpError} `unauthorized`, or `rate_limited` after too many wrong tokens.
 */
export async function authorize(request: Request, { settings, outbox, socket, log }: Service): Promise<TokenIdentity> {
  const [, token = ""] = /^bearer +(.*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const identity = await identify(token, settings.tokens);
  if (identity) return identity;
  const client = `admin ${settings.address(request.headers, socket)}`;
  const refusal = { rate: { client, ...TOKEN_GUESS_LIMIT }, kind: "token" } as const;
  const result = await callOutbox(log, outbox.recordRefusal(refusal));
  if (result.outcome === "limited") throw new HttpError("rate_limited", { retryAfterMs: result.retryAfterMs });
  if (result.shouldLog) log("admin_auth_failed", "a request to /admin or /health had a wrong token");
  throw new HttpError("unauthorized");
}
