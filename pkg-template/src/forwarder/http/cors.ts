/** The maximum number of header names that a preflight allows, and their maximum total length. */
const MAX_NAMES = 32;
const MAX_CHARACTERS = 1_024;

/** Headers with credentials are never allowed; `*` would allow any name. */
const NEVER = ["authorization", "cookie", "*"];

/**
 * The origin that may read the response: that of any page, because a page whose origin is not listed must be able to
 * read the error. Requests without an origin do not come from a page.
 */
export function readerOf({ headers }: Request): string | undefined {
  const origin = headers.get("origin");
  // Values that no browser sends are not echoed.
  return origin !== null && origin !== "*" && origin.length <= 2_048 && /^[\x21-\x7e]+$/.test(origin)
    ? origin
    : undefined;
}

/** Whether a request comes from one of the forwarder's own pages. */
export function isOwnPage({ headers, url }: Request): boolean {
  try {
    // Behind a proxy the scheme may differ from the browser's.
    return new URL(headers.get("origin") ?? "").host === new URL(url).host;
  } catch {
    return false;
  }
}

/**
 * The header names that a preflight allows: the requested ones, because monitoring scripts add headers such as
 * `traceparent`.
 */
export function allowedHeaders(requested: string | null): string {
  const names = (requested ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const allowed: string[] = [];
  let left = MAX_CHARACTERS;
  for (const name of new Set(["content-type", ...names])) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || NEVER.includes(name)) continue;
    left -= name.length + 2;
    if (left < 0 || allowed.length === MAX_NAMES) break;
    allowed.push(name);
  }
  return allowed.join(", ");
}
