import { type Answer, jsonAnswer, refusalAnswer } from "./answers.js";
import type { Inbox, State } from "./inbox.js";
import { metricsText } from "./metrics.js";
import { Refusal } from "./refusal.js";
import { reached, type Service } from "./service.js";

const STATES: readonly State[] = ["ready", "inflight", "unsure", "looking", "done", "dead", "held"];

/** What can be done to a lead. */
const COMMANDS = ["replay", "release", "drop", "erase"] as const;

/** Guesses of the token that one address may make. */
const GUESSES = { perMinute: 5, burst: 10, form: false };

/** `GET /health`: whether leads can be stored; with the token, how they fare. */
export async function health(request: Request, service: Service): Promise<Answer> {
  if (request.method !== "GET" && request.method !== "HEAD") throw new Refusal("method", { allow: "GET, HEAD" });
  const authorized = request.headers.has("authorization") && service.settings.adminToken !== undefined;
  if (authorized) await authorize(request, service);
  try {
    const state = await reached(service.inbox.health());
    return jsonAnswer(200, authorized ? { ok: true, ...state } : { ok: true });
  } catch {
    return jsonAnswer(503, { ok: false }, { "retry-after": "5" });
  }
}

/** `/admin…`; `path` is what follows. */
export async function admin(path: string, request: Request, service: Service): Promise<Answer> {
  if (service.settings.adminToken === undefined) throw new Refusal("not_found");
  await authorize(request, service);
  const { inbox } = service;
  const [kind, id, command, ...more] = path.split("/").filter(Boolean).map(decodeURIComponentSafely);
  const only = (allow: "GET" | "POST"): void => {
    if (request.method !== allow) throw new Refusal("method", { allow });
  };
  if (kind === "leads" && id === undefined) {
    only("GET");
    return jsonAnswer(200, await reached(inbox.list(queryOf(new URL(request.url).searchParams))));
  }
  if (kind === "leads" && id !== undefined && command === undefined) {
    only("GET");
    const entry = await reached(inbox.inspect(id));
    return entry ? jsonAnswer(200, entry) : refusalAnswer(new Refusal("not_found"));
  }
  const name = COMMANDS.find((name) => name === command);
  if (kind === "leads" && id !== undefined && name && !more.length) {
    only("POST");
    return commanded(inbox, name, id);
  }
  if (kind === "probe" && id === undefined) {
    only("POST");
    return probed(inbox);
  }
  if (kind === "metrics" && id === undefined) {
    only("GET");
    const body = metricsText(await reached(inbox.metrics()));
    return { status: 200, headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" }, body };
  }
  throw new Refusal("not_found");
}

async function probed(inbox: Inbox): Promise<Answer> {
  try {
    return jsonAnswer(200, await inbox.probe());
  } catch {
    const message = "The CRM gave no answer to go by; the marked lead may be there all the same.";
    return jsonAnswer(502, { error: { code: "no_answer", message, issues: [] } });
  }
}

async function commanded(inbox: Inbox, name: (typeof COMMANDS)[number], id: string): Promise<Answer> {
  if (await reached(inbox[name](id))) return jsonAnswer(200, { submissionId: id, done: name });
  const entry = await reached(inbox.inspect(id));
  if (!entry) return refusalAnswer(new Refusal("not_found"));
  const message = `A lead in the state ${entry.state} cannot be given this command.`;
  return jsonAnswer(409, { error: { code: "state", message, issues: [] } });
}

function queryOf(query: URLSearchParams): { state?: State; after?: string; limit?: number } {
  const state = STATES.find((state) => state === query.get("state"));
  const after = query.get("after");
  const limit = Number(query.get("limit") ?? 50);
  if ((query.has("state") && !state) || !(Number.isInteger(limit) && limit >= 1 && limit <= 200)) throw new Refusal("not_found");
  return { ...(state ? { state } : {}), ...(after === null ? {} : { after }), limit };
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal("not_found");
  }
}

/** @throws {Refusal} `unauthorized`, or `rate_limited` for who guesses too often. */
async function authorize(request: Request, { settings, inbox, socket }: Service): Promise<void> {
  const [, token = ""] = /^bearer +(.*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (await same(token, settings.adminToken ?? "")) return;
  const client = `admin ${settings.address(request.headers, socket)}`;
  const knocked = await reached(inbox.knock({ rate: { client, ...GUESSES }, form: { origin: "admin" }, canonical: "" }));
  if (knocked.verdict === "limited") throw new Refusal("rate_limited", { retryAfterMs: knocked.retryAfterMs });
  throw new Refusal("unauthorized");
}

/** Compares by MACs under a random key, so that the time it takes tells nothing of the token. */
async function same(given: string, expected: string): Promise<boolean> {
  const key = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const sign = async (text: string) => new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
  const [one, other] = await Promise.all([sign(given), sign(expected)]);
  return expected !== "" && one.every((byte, index) => byte === other[index]);
}
