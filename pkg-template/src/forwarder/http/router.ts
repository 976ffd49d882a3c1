import { isICloudReadyError } from "../../base/errors.js";
import { admin, health } from "./admin.js";
import { type PlainResponse, preflightResponse, errorResponse, toResponse } from "./responses.js";
import { mediaTypeOf } from "../message/body.js";
import { isOwnPage, readerOf } from "./cors.js";
import { handleSubmission } from "./submit.js";
import { recordRefusal } from "./rejections.js";
import { errorPage, thankYouPage } from "./html.js";
import { HttpError } from "../message/http-error.js";
import { logWarning } from "../outbox/log.js";
import type { Service } from "./service.js";
import { localeOf } from "./messages.js";

/** Answers a request. Whatever goes wrong is an answer too: a page whose request breaks off learns nothing. */
export async function handle(request: Request, service: () => Service): Promise<Response> {
  const matched: Route = { kind: "other", path: "" };
  let answer: PlainResponse;
  try {
    answer = await route(request, service, matched);
  } catch (error) {
    answer = errorResponse(httpErrorFor(error));
  }
  return toResponse(isPrivate(matched) ? undefined : readerOf(request), answer);
}

function httpErrorFor(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const isOurs = isICloudReadyError(error);
  // Another error's message may quote anything.
  logWarning(isOurs ? error.message : `internal error: ${error instanceof Error ? error.name : typeof error}`);
  return new HttpError(isOurs && error.code === "configuration" ? "configuration" : "unavailable");
}

/** What a request is for. */
interface Route {
  kind: "leads" | "thanks" | "health" | "admin" | "other";
  /** For `admin` what follows, else the whole path. */
  path: string;
}

/** Pages of other origins have no access to these. */
function isPrivate({ kind }: Route): boolean {
  return kind === "health" || kind === "admin";
}

async function route(request: Request, serviceFor: () => Service, matched: Route): Promise<PlainResponse> {
  let service: Service;
  try {
    service = serviceFor();
  } catch (error) {
    Object.assign(matched, routeOf(request.url, undefined));
    // So that the page can read the answer to what it then sends.
    if (request.method === "OPTIONS" && !isPrivate(matched)) return preflightResponse(request);
    throw error;
  }
  const { kind, path } = Object.assign(matched, routeOf(request.url, service.settings.path));
  if (isPrivate(matched)) {
    // Without a token there is no `/admin`, for anyone.
    if (kind === "admin" && service.settings.adminToken === undefined) throw new HttpError("not_found");
    if (request.headers.has("origin") && !isOwnPage(request)) throw new HttpError("origin");
    return kind === "health" ? health(request, service) : admin(path, request, service);
  }
  if (request.method === "OPTIONS") return preflightResponse(request);
  if (kind === "leads") {
    if (request.method !== "POST") throw new HttpError("method");
    return handleSubmission(request, service);
  }
  if (kind === "thanks") {
    if (request.method !== "GET" && request.method !== "HEAD") throw new HttpError("method", { allow: "GET, HEAD" });
    return thankYouPage(
      localeOf(new URL(request.url).searchParams.get("locale"), request.headers.get("accept-language")),
    );
  }
  return notFound(path, request, service);
}

/** `/health` and `/admin` are at the root and below the path, for servers with several paths. */
function routeOf(url: string, path: string | undefined): Route {
  // A lead's own address is known as it is written: to take a URL apart is the dearer way.
  if (url.slice(url.indexOf("/", 8)) === path) return { kind: "leads", path };
  const full = new URL(url).pathname;
  const pathname = full.length > 1 && full.endsWith("/") ? full.slice(0, -1) : full;
  if (pathname === path) return { kind: "leads", path };
  if (path !== undefined && pathname === `${path}/thanks`) return { kind: "thanks", path: pathname };
  // As long as the path is not known, it may be anything.
  const base = path ?? /^(.*?)\/(?:health|admin)(?:\/|$)/.exec(pathname)?.[1] ?? "";
  const below = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
  if (below === "/health") return { kind: "health", path: pathname };
  if (below === "/admin" || below.startsWith("/admin/")) return { kind: "admin", path: below.slice("/admin".length) };
  return { kind: "other", path: full };
}

/** A page that posts elsewhere has a wrong endpoint; what else asks for anything is no page's mistake. */
async function notFound(path: string, request: Request, service: Service): Promise<PlainResponse> {
  const isForm = mediaTypeOf(request.headers) === "form";
  const isPage = request.method === "POST" && request.headers.has("origin");
  const refusal = isPage ? await recordRefusal("path", path, request, service, isForm) : new HttpError("not_found");
  if (!isForm) throw refusal;
  return errorPage(localeOf(undefined, request.headers.get("accept-language")), refusal, undefined);
}
