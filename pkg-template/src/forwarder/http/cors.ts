/** How many header names a preflight allows, and how many characters they have together. */
const MAX_NAMES = 32;
const MAX_CHARACTERS = 1_024;

/** Headers that carry a credential are never allowed; `*` would stand for any name. */
const NEVER = ["authorization", "cookie", "*"];

/**
 * The origin that may read an answer: any page's, since a page whose origin is not listed has to read why
 * it is refused. Without one the request is not a page's.
 */
export function readerOf({ headers }: Request): string | undefined {
  const origin = headers.get("origin");
  // What no browser sends is not echoed.
  return origin !== null && origin !== "*" && origin.length <= 2_048 && /^[\x21-\x7e]+$/.test(origin)
    ? origin
    : undefined;
}

/** Whether a request comes from a page of the forwarder's own. */
export function isOwnPage({ headers, url }: Request): boolean {
  try {
    // Behind a proxy the scheme may be another here than in the browser.
    return new URL(headers.get("origin") ?? "").host === new URL(url).host;
  } catch {
    return false;
  }
}

/**
 * The header names that a preflight allows: those asked for, since monitoring scripts add headers such as
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
