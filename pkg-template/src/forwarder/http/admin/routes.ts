import { HttpError } from "../../message/http-error.js";
import type { Role } from "../../rules/tokens.js";
import type { PlainResponse } from "../responses.js";
import type { Service } from "../service.js";
import { authorize } from "./authorize.js";
import * as handlers from "./handlers.js";

/** A route of the admin API. */
interface AdminRoute {
  method: "GET" | "POST";
  /** Below `/admin`; `ID` is a submission id. */
  path: string;
  /** The required role. */
  role: Role;
  handle: (request: handlers.AdminRequest) => Promise<PlainResponse>;
}

/** The routes of the admin API, also listed in the operator's reference. The first match wins. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [
  { method: "GET", path: "/leads", role: "read", handle: handlers.list },
  { method: "POST", path: "/leads/search", role: "read", handle: handlers.search },
  { method: "GET", path: "/leads/export", role: "read", handle: handlers.exportLeads },
  ...(["replay", "release", "drop", "erase"] as const).flatMap((name): AdminRoute[] => [
    { method: "POST", path: `/leads/${name}`, role: "admin", handle: handlers.commandAll(name) },
    { method: "POST", path: `/leads/ID/${name}`, role: "admin", handle: handlers.command(name) },
  ]),
  { method: "GET", path: "/leads/ID", role: "read", handle: handlers.inspect },
  { method: "POST", path: "/probe", role: "admin", handle: handlers.probe },
  { method: "GET", path: "/metrics", role: "read", handle: handlers.metrics },
  { method: "GET", path: "/audit", role: "read", handle: handlers.audit },
];

/** Handles `/admin…`; `path` is the path after `/admin`. */
export async function admin(path: string, request: Request, service: Service): Promise<PlainResponse> {
  const identity = await authorize(request, service);
  const parts = path.split("/").filter(Boolean).map(decodeURIComponentSafely);
  const matches = ADMIN_ROUTES.filter((route) => isMatch(route.path.split("/").filter(Boolean), parts));
  const [first] = matches;
  if (!first) throw new HttpError("not_found");
  const route = matches.find(({ path, method }) => path === first.path && method === request.method);
  if (!route) throw new HttpError("method", { allow: first.method });
  if (route.role === "admin" && identity.role !== "admin") throw new HttpError("forbidden");
  return route.handle({ request, service, identity, id: parts[1] ?? "" });
}

function isMatch(pattern: string[], parts: string[]): boolean {
  return pattern.length === parts.length && pattern.every((name, index) => name === "ID" || name === parts[index]);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError("not_found");
  }
}
