import { isICloudReadyError } from "../../base/errors.js";
import { now } from "../../base/environment.js";
import { live, ready } from "./admin/health.js";
import { adminPage } from "./admin/page.js";
import { admin } from "./admin/routes.js";
import { type PlainResponse, preflightResponse, errorResponse, toResponse } from "./responses.js";
import { mediaTypeOf } from "../message/body.js";
import { isOwnPage, readerOf } from "./cors.js";
import { handleDelivery } from "./deliveries.js";
import { handleSubmission } from "./submit.js";
import { recordRefusal } from "./rejections.js";
import { errorPage, thankYouPage } from "./html.js";
import { HttpError } from "../message/http-error.js";
import type { Log } from "../outbox/log.js";
import { hasAdmin, type Service } from "./service.js";
import { localeOf } from "./messages.js";

/** Handles a request. Every failure becomes a response, because a page cannot read the cause of a network error. */
export async function handle(request: Request, service: () => Service, log: Log): Promise<Response> {
  const matched: Route = { kind: "other", path: "" };
  const began = now();
  let answer: PlainResponse;
  try {
    answer = await route(request, service, matched);
  } catch (error) {
    answer = errorResponse(httpErrorFor(error, log));
  }
  if (matched.service) count(matched.service, matched, request, answer, now() - began);
  return toResponse(isPrivate(matched) ? undefined : readerOf(request), answer);
}

/** Counts a response, and flushes the counters when that is due. */
function count(
  { counts, outbox, waitUntil }: Service,
  { kind }: Route,
  { method }: Request,
  answer: PlainResponse,
  durationMs: number,
): void {
  counts.addResponse(kind, answer.status, kind === "leads" && method === "POST" ? durationMs : undefined);
  if (counts.isDue) waitUntil(counts.handOver(outbox));
}

function httpErrorFor(error: unknown, log: Log): HttpError {
  if (error instanceof HttpError) return error;
  const isOurs = isICloudReadyError(error);
  const isMisconfigured = isOurs && error.code === "configuration";
  // The messages of other errors may contain personal data or secrets.
  if (isMisconfigured) log("configuration_invalid", error.message);
  else log("internal_error", "internal error", { error: error instanceof Error ? error.name : typeof error });
  return new HttpError(isMisconfigured ? "configuration" : "unavailable");
}

/** The route of a request. */
interface Route {
  kind: "leads" | "thanks" | "health" | "admin" | "source" | "other";
  /** For `admin` and `health` the rest of the path, for `source` the source's name, else the whole path. */
  path: string;
  /** The service, once the configuration is known. */
  service?: Service;
}

/** Whether pages of other origins have no access to a route. */
function isPrivate({ kind }: Route): boolean {
  return kind === "health" || kind === "admin" || kind === "source";
}

async function route(request: Request, serviceFor: () => Service, matched: Route): Promise<PlainResponse> {
  let service: Service;
  try {
    service = serviceFor();
  } catch (error) {
    Object.assign(matched, routeOf(request.url, undefined));
    // Liveness does not depend on the configuration.
    if (matched.kind === "health" && matched.path === "/live") return live(request);
    // So that the page can read the response to its actual request.
    if (request.method === "OPTIONS" && !isPrivate(matched)) return preflightResponse(request);
    throw error;
  }
  const { kind, path } = Object.assign(matched, routeOf(request.url, service.settings.path), { service });
  if (kind === "source") {
    const source = service.settings.sources.get(path);
    if (!source) throw new HttpError("not_found");
    return handleDelivery(path, source, request, service);
  }
  if (isPrivate(matched)) {
    // `/admin` exists only if a token is configured.
    if (kind === "admin" && !hasAdmin(service.settings)) throw new HttpError("not_found");
    if (request.headers.has("origin") && !isOwnPage(request)) throw new HttpError("origin");
    if (kind === "admin") {
      const page = service.settings.adminPage ? await adminPage(path, request) : undefined;
      return page ?? admin(path, request, service);
    }
    return path === "/live" ? live(request) : ready(request, service);
  }
  if (request.method === "OPTIONS") return preflightResponse(request);
  if (kind === "leads") {
    if (request.method !== "POST") throw new HttpError("method");
    return handleSubmission(request, service);
  }
  if (kind === "thanks") {
    if (request.method !== "GET" && request.method !== "HEAD") throw new HttpError("method", { allow: "GET, HEAD" });
    const { searchParams } = new URL(request.url);
    const from = searchParams.get("from");
    return thankYouPage(
      localeOf(searchParams.get("locale"), request.headers.get("accept-language")),
      from !== null && service.settings.origins(from) ? from : undefined,
    );
  }
  return notFound(path, request, service);
}

/** `/health` and `/admin` are at the root and below the path, for servers with several paths. */
function routeOf(url: string, path: string | undefined): Route {
  // Most requests match the path exactly, and comparing strings is cheaper than parsing the URL.
  if (url.slice(url.indexOf("/", 8)) === path) return { kind: "leads", path };
  const full = new URL(url).pathname;
  const pathname = full.length > 1 && full.endsWith("/") ? full.slice(0, -1) : full;
  if (pathname === path) return { kind: "leads", path };
  if (path !== undefined && pathname === `${path}/thanks`) return { kind: "thanks", path: pathname };
  const source = path === undefined ? undefined : /^\/sources\/([^/]+)$/.exec(pathname.slice(path.length))?.[1];
  if (source !== undefined && pathname.startsWith(path!)) return { kind: "source", path: source };
  // Until the configuration is known, any path is possible.
  const base = path ?? /^(.*?)\/(?:health|admin)(?:\/|$)/.exec(pathname)?.[1] ?? "";
  const below = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
  if (/^\/health(\/(live|ready))?$/.test(below)) return { kind: "health", path: below.slice("/health".length) };
  if (below === "/admin" || below.startsWith("/admin/")) return { kind: "admin", path: below.slice("/admin".length) };
  return { kind: "other", path: full };
}

/** A page that posts to an unknown path has a wrong endpoint, which is recorded; other requests are not. */
async function notFound(path: string, request: Request, service: Service): Promise<PlainResponse> {
  const isForm = mediaTypeOf(request.headers) === "form";
  const isPage = request.method === "POST" && request.headers.has("origin");
  const refusal = isPage ? await recordRefusal("path", path, request, service, isForm) : new HttpError("not_found");
  if (!isForm) throw refusal;
  return errorPage(localeOf(undefined, request.headers.get("accept-language")), refusal, undefined, undefined);
}
