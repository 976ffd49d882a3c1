import { HttpError } from "../../message/http-error.js";
import type { PlainResponse } from "../responses.js";

/** The content security policy: only the page's own script, style sheet and requests. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/**
 * Serves the admin page, a client of the admin API, and its assets; `path` is the path after `/admin`. It contains no
 * outbox data: the operator enters the token.
 *
 * @returns `undefined` for any other path
 */
export async function adminPage(path: string, { method, url }: Request): Promise<PlainResponse | undefined> {
  const isPage = path === "" || path === "/";
  if (!isPage && path !== "/page.js" && path !== "/page.css") return undefined;
  if (method !== "GET" && method !== "HEAD") throw new HttpError("method", { allow: "GET, HEAD" });
  const { pathname } = new URL(url);
  // The page's URLs are relative, so its own URL must end with a slash.
  if (isPage && !pathname.endsWith("/")) return response("", "text/html", 308, { location: `${pathname}/` });
  const { html, script, style } = await import("../../generated/admin-page.js");
  if (isPage) return response(html, "text/html");
  return path === "/page.js" ? response(script, "text/javascript") : response(style, "text/css");
}

function response(body: string, type: string, status = 200, headers: Record<string, string> = {}): PlainResponse {
  return {
    status,
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": POLICY,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      ...headers,
    },
    body,
  };
}
