import { type PlainResponse, jsonResponse, errorResponse } from "./responses.js";
import type { Health, OutboxApi, LeadState } from "../outbox/contract.js";
import { metricsText } from "./metrics.js";
import { HttpError } from "../message/http-error.js";
import { logWarning } from "../outbox/log.js";
import { callOutbox, type Service } from "./service.js";

const STATES: readonly LeadState[] = ["pending", "sending", "unconfirmed", "reconciling", "delivered", "dead", "held"];

/** What can be done to a lead. */
const COMMANDS = ["replay", "release", "drop", "erase"] as const;

/** How many wrong tokens one address may send. */
const TOKEN_GUESS_LIMIT = { perMinute: 5, burst: 10 };

/** `GET /health`: whether leads can be stored; with the token, how they fare. */
export async function health(request: Request, service: Service): Promise<PlainResponse> {
  if (request.method !== "GET" && request.method !== "HEAD") throw new HttpError("method", { allow: "GET, HEAD" });
  const authorized = request.headers.has("authorization") && service.settings.adminToken !== undefined;
  if (authorized) await authorize(request, service);
  const { outbox } = service;
  let state: Health | undefined;
  let cause: string | undefined;
  const failed = (error: unknown) => {
    cause ??= (error instanceof HttpError && error.reason) || "unknown";
  };
  await callOutbox(outbox.ready()).catch(failed);
  // With a full disk it can still be read.
  if (cause !== "timeout") state = await callOutbox(outbox.health()).catch((error: unknown) => void failed(error));
  const ok = cause === undefined;
  const wrong = service.wrongOptions.size ? { wrongOptions: [...service.wrongOptions] } : {};
  const body = authorized ? { ok, ...(ok ? {} : { cause }), ...wrong, ...state } : { ok };
  return jsonResponse(ok ? 200 : 503, body, ok ? {} : { "retry-after": "5" });
}

/** `/admin…`; `path` is what follows. */
export async function admin(path: string, request: Request, service: Service): Promise<PlainResponse> {
  await authorize(request, service);
  const { outbox } = service;
  const [kind, id, command, ...more] = path.split("/").filter(Boolean).map(decodeURIComponentSafely);
  const allowOnly = (allow: "GET" | "POST"): void => {
    if (request.method !== allow) throw new HttpError("method", { allow });
  };
  if (kind === "leads" && id === undefined) {
    allowOnly("GET");
    return jsonResponse(200, await callOutbox(outbox.list(parseListQuery(new URL(request.url).searchParams))));
  }
  // No submission id is as short as this.
  if (kind === "leads" && id === "replay" && command === undefined) {
    allowOnly("POST");
    return replayMany(outbox, new URL(request.url).searchParams);
  }
  if (kind === "leads" && id !== undefined && command === undefined) {
    allowOnly("GET");
    const entry = await callOutbox(outbox.inspect(id));
    return entry ? jsonResponse(200, entry) : errorResponse(new HttpError("not_found"));
  }
  const name = COMMANDS.find((name) => name === command);
  if (kind === "leads" && id !== undefined && name && !more.length) {
    allowOnly("POST");
    return runCommand(outbox, name, id);
  }
  if (kind === "probe" && id === undefined) {
    allowOnly("POST");
    return runProbe(outbox);
  }
  if (kind === "metrics" && id === undefined) {
    allowOnly("GET");
    const body = metricsText(await callOutbox(outbox.metrics()));
    return {
      status: 200,
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
      body,
    };
  }
  throw new HttpError("not_found");
}

async function runProbe(outbox: OutboxApi): Promise<PlainResponse> {
  try {
    return jsonResponse(200, await outbox.probe());
  } catch {
    const message = "The CRM did not respond as expected; the marked lead may have been created.";
    return jsonResponse(502, { error: { code: "no_answer", message, issues: [] } });
  }
}

async function runCommand(outbox: OutboxApi, name: (typeof COMMANDS)[number], id: string): Promise<PlainResponse> {
  if (await callOutbox(outbox[name](id))) return jsonResponse(200, { submissionId: id, done: name });
  const entry = await callOutbox(outbox.inspect(id));
  if (!entry) return errorResponse(new HttpError("not_found"));
  const message = `A lead in the state ${entry.state} does not accept this command.`;
  return jsonResponse(409, { error: { code: "state", message, issues: [] } });
}

/** Replays many leads at once, by `reason` and, if given, by when they became dead or held. */
async function replayMany(outbox: OutboxApi, query: URLSearchParams): Promise<PlainResponse> {
  const reason = query.get("reason") ?? "";
  const [from, to] = [parseTime(query.get("from")), parseTime(query.get("to"))];
  if (!/^[a-z_]{1,40}$/.test(reason) || Number.isNaN(from) || Number.isNaN(to)) {
    const message = "Give a reason, as in ?reason=refused; from and to are dates, as in 2027-01-31T09:00:00Z.";
    return jsonResponse(400, { error: { code: "query", message, issues: [] } });
  }
  const count = await callOutbox(
    outbox.replayAll({ reason, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }),
  );
  return jsonResponse(200, { replayed: count });
}

/** Milliseconds since 1970 of a date, or of such a number; NaN for anything else. */
function parseTime(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
}

function parseListQuery(query: URLSearchParams): { state?: LeadState; after?: string; limit?: number } {
  const state = STATES.find((state) => state === query.get("state"));
  const after = query.get("after");
  const limit = Number(query.get("limit") ?? 50);
  if (
    (query.has("state") && !state) ||
    !/^\d{1,15}$/.test(after ?? "0") ||
    !(Number.isInteger(limit) && limit >= 1 && limit <= 200)
  )
    throw new HttpError("not_found");
  return { ...(state ? { state } : {}), ...(after === null ? {} : { after }), limit };
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError("not_found");
  }
}

/** @throws {HttpError} `unauthorized`, or `rate_limited` after too many wrong tokens. */
async function authorize(request: Request, { settings, outbox, socket }: Service): Promise<void> {
  const [, token = ""] = /^bearer +(.*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (await isSameToken(token, settings.adminToken ?? "")) return;
  const client = `admin ${settings.address(request.headers, socket)}`;
  const result = await callOutbox(outbox.recordRefusal({ rate: { client, ...TOKEN_GUESS_LIMIT }, kind: "token" }));
  if (result.outcome === "limited") throw new HttpError("rate_limited", { retryAfterMs: result.retryAfterMs });
  if (result.shouldLog) logWarning("a request to /admin or /health had a wrong token");
  throw new HttpError("unauthorized");
}

/** Compares by MACs under a random key, so that the time it takes tells nothing of the token. */
async function isSameToken(given: string, expected: string): Promise<boolean> {
  const key = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const sign = async (text: string) =>
    new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
  const [one, other] = await Promise.all([sign(given), sign(expected)]);
  return expected !== "" && one.every((byte, index) => byte === other[index]);
}
