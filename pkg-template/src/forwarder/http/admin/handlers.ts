import { malformed, readText } from "../../message/body.js";
import { HttpError } from "../../message/http-error.js";
import { isObject } from "../../message/json.js";
import type { AuditRecord, CommandName, LeadQuery } from "../../outbox/contract.js";
import type { TokenIdentity } from "../../rules/tokens.js";
import { NO_COUNTS } from "../counts.js";
import { metricsText } from "../metrics.js";
import { errorResponse, jsonResponse, type PlainResponse } from "../responses.js";
import { callOutbox, type Service } from "../service.js";
import { CSV_HEADER, csvLine } from "./csv.js";
import { invalid, parametersOf, readParameters } from "./query.js";

/** An authorized request to the admin API. */
export interface AdminRequest {
  request: Request;
  service: Service;
  identity: TokenIdentity;
  /** The submission id in the path. */
  id: string;
}

/** The maximum length of an export, and the number of leads per read. */
const MAX_EXPORT_CHARACTERS = 8_000_000;
const EXPORT_BATCH = 20;

const PAGE = ["after", "limit"] as const;
const FILTERS = ["state", "reason", "from", "to"] as const;

/** The default number of leads in a list. */
const DEFAULT_LIMIT = 50;

/** Lists leads, without visitors' data. */
export async function list({ request, service }: AdminRequest): Promise<PlainResponse> {
  const query = readParameters(parametersOf(request.url), [...FILTERS, ...PAGE]);
  return jsonResponse(200, await callOutbox(service.log, service.outbox.list({ limit: DEFAULT_LIMIT, ...query })));
}

/** Finds the leads of a person. The search terms are in the body because URLs are logged. */
export async function search(admin: AdminRequest): Promise<PlainResponse> {
  const { request, service } = admin;
  const query: LeadQuery = readParameters(await objectOf(request), [
    "submissionId",
    "phone",
    "email",
    ...FILTERS,
    ...PAGE,
  ]);
  const found = await callOutbox(service.log, service.outbox.list({ limit: DEFAULT_LIMIT, ...query }));
  await record(admin, { action: "search", count: found.entries.length });
  return jsonResponse(200, found);
}

/** Returns all data of one lead. */
export async function inspect(admin: AdminRequest): Promise<PlainResponse> {
  const { service, id } = admin;
  const entry = await callOutbox(service.log, service.outbox.inspect(id));
  if (!entry) throw new HttpError("not_found");
  await record(admin, { action: "view", submissionId: entry.submissionId });
  return jsonResponse(200, entry);
}

/** Exports dead letters, or leads in another state, as CSV. */
export async function exportLeads(admin: AdminRequest): Promise<PlainResponse> {
  const { request, service } = admin;
  const given = readParameters(parametersOf(request.url), [...FILTERS, "after"]);
  const lines = [CSV_HEADER];
  let characters = 0;
  let next = given.after;
  do {
    const query = { state: "dead", ...given, limit: EXPORT_BATCH, ...(next === undefined ? {} : { after: next }) };
    const page = await callOutbox(service.log, service.outbox.export(query as LeadQuery));
    for (const entry of page.entries) {
      const line = csvLine(entry);
      characters += line.length;
      lines.push(line);
    }
    next = page.next;
  } while (next !== undefined && characters < MAX_EXPORT_CHARACTERS);
  await record(admin, { action: "export", count: lines.length - 1 });
  const url = new URL(request.url);
  if (next !== undefined) url.searchParams.set("after", next);
  return {
    status: 200,
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="leads.csv"',
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...(next === undefined ? {} : { link: `<${url.pathname}${url.search}>; rel="next"` }),
    },
    body: lines.join(""),
  };
}

/** Creates the handler of a command for one lead. */
export function command(name: CommandName) {
  return async ({ service, identity, id }: AdminRequest): Promise<PlainResponse> => {
    const { outbox, log } = service;
    const token = identity.label;
    if (await callOutbox(log, outbox.command({ command: name, submissionId: id, token }))) {
      log("admin_action", `${name}: one lead`, { token, action: name, submissionId: id });
      return jsonResponse(200, { submissionId: id, done: name });
    }
    const entry = await callOutbox(log, outbox.inspect(id));
    if (!entry) return errorResponse(new HttpError("not_found"));
    return conflict("state", `A lead in the state ${entry.state} does not accept this command.`);
  };
}

/**
 * Creates the handler of a command for all leads that are dead or held for a reason. Irreversible commands require the
 * expected count.
 */
export function commandAll(name: CommandName) {
  return async ({ request, service, identity }: AdminRequest): Promise<PlainResponse> => {
    const { outbox, log } = service;
    const query = readParameters(parametersOf(request.url), ["reason", "from", "to", "count"]);
    const reason = query.reason ?? (name === "release" ? "challenge" : undefined);
    if (reason === undefined) throw invalid("reason", "is required, as in ?reason=refused");
    if (name === "release" && reason !== "challenge") throw invalid("reason", "must be challenge");
    const isFinal = name === "drop" || name === "erase";
    // Without a count, nothing is changed and the response says how many leads match.
    const expected = isFinal && query.count === undefined ? { count: -1 } : {};
    const token = identity.label;
    const bulk = { command: name, token, ...query, reason, ...expected };
    const { count, done } = await callOutbox(log, outbox.commandAll(bulk));
    if (done) {
      log("admin_action", `${name}: ${count} leads`, { token, action: name, reason, count });
      return jsonResponse(200, { done: name, count });
    }
    return conflict("count", `${count} leads match: repeat the request with count=${count}.`, { count });
  };
}

/** Creates a marked lead in the CRM and reports the key's permissions. */
export async function probe(admin: AdminRequest): Promise<PlainResponse> {
  await record(admin, { action: "probe" });
  try {
    return jsonResponse(200, await admin.service.outbox.probe());
  } catch {
    const message = "The CRM did not respond as expected; the marked lead may have been created.";
    return jsonResponse(502, { error: { code: "no_answer", message, issues: [] } });
  }
}

/** Returns the metrics in Prometheus format. */
export async function metrics({ service }: AdminRequest): Promise<PlainResponse> {
  const { outbox, log, counts, gauges } = service;
  await counts.handOver(outbox);
  const values = { ...NO_COUNTS, ...(await callOutbox(log, outbox.metrics())), ...gauges() };
  return {
    status: 200,
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
    body: metricsText(values),
  };
}

/** Returns the audit log. */
export async function audit({ request, service }: AdminRequest): Promise<PlainResponse> {
  const query = readParameters(parametersOf(request.url), PAGE);
  return jsonResponse(200, await callOutbox(service.log, service.outbox.audit(query)));
}

/** Records an action that changes no lead in the audit log. */
async function record({ service, identity }: AdminRequest, entry: Omit<AuditRecord, "token">): Promise<void> {
  const { outbox, log } = service;
  const audited = { token: identity.label, ...entry };
  await callOutbox(log, outbox.recordAudit(audited));
  log("admin_action", `${entry.action}`, audited);
}

function conflict(code: string, message: string, more: object = {}): PlainResponse {
  return jsonResponse(409, { error: { code, message, issues: [] }, ...more });
}

/** Parses a body that must be a JSON object. */
async function objectOf(request: Request): Promise<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(await readText(request));
  } catch (error) {
    throw error instanceof HttpError ? error : malformed("is not JSON");
  }
  if (!isObject(body)) throw malformed("must be an object");
  return body;
}
