import { isICloudReadyError } from "../errors.js";
import { admin, health } from "./admin.js";
import { type Answer, preflightAnswer, refusalAnswer, responseTo } from "./answers.js";
import { take } from "./intake.js";
import { thankYouPage } from "./pages.js";
import { Refusal } from "./refusal.js";
import { report, type Service } from "./service.js";
import { localeOf } from "./words.js";

/** Answers a request. Whatever goes wrong is an answer too: a page whose request breaks off learns nothing. */
export async function handle(request: Request, service: () => Service): Promise<Response> {
  let origin: string | undefined;
  try {
    const ready = service();
    const sent = request.headers.get("origin");
    if (sent !== null && ready.settings.origins(sent)) origin = sent;
    return responseTo(origin, await route(request, ready, origin));
  } catch (error) {
    if (error instanceof Refusal) return responseTo(origin, refusalAnswer(error));
    const isOurs = isICloudReadyError(error);
    // Another error's message may quote anything.
    report(isOurs ? error.message : `a defect: ${error instanceof Error ? error.name : typeof error}`);
    return responseTo(origin, refusalAnswer(new Refusal(isOurs && error.code === "configuration" ? "configuration" : "unavailable")));
  }
}

/** `/health` and `/admin` stand at the root and below the path, for whoever serves several paths. */
async function route(request: Request, service: Service, origin: string | undefined): Promise<Answer> {
  const { path } = service.settings;
  // A lead's own address is known as it is written: to take a URL apart is the dearer way.
  if (request.url.slice(request.url.indexOf("/", 8)) === path) return intake(request, service, origin);
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === path) return intake(request, service, origin);
  if (pathname === `${path}/thanks`) {
    if (request.method !== "GET" && request.method !== "HEAD") throw new Refusal("method", { allow: "GET, HEAD" });
    const locale = localeOf(searchParams.get("locale"), request.headers.get("accept-language"));
    return thankYouPage(locale);
  }
  const below = pathname.startsWith(`${path}/`) ? pathname.slice(path.length) : pathname;
  if (below === "/health") return health(request, service);
  if (below === "/admin" || below.startsWith("/admin/")) return admin(below.slice("/admin".length), request, service);
  throw new Refusal("not_found");
}

async function intake(request: Request, service: Service, origin: string | undefined): Promise<Answer> {
  if (request.method === "OPTIONS") {
    if (origin === undefined) throw new Refusal("origin");
    return preflightAnswer();
  }
  if (request.method !== "POST") throw new Refusal("method");
  return take(request, service);
}
