import { configError } from "../../base/options.js";

/** Returns whether a page of this origin may send leads. */
export type Origins = (origin: string) => boolean;

/** Parses the option `origins`: exact origins, and `https://*.host` for subdomains. */
export function originsOf(list: unknown): Origins {
  if (!Array.isArray(list) || !list.length) throw configError("origins", "must be a list of origins, at least one");
  const exact = new Set<string>();
  const wildcards: URL[] = [];
  for (const entry of list) {
    const [, scheme, star, host] = /^(https?:\/\/)(\*\.)?([^*/\\?#@\s]+)$/i.exec(String(entry)) ?? [];
    const url = host === undefined ? undefined : parsed(scheme + host);
    if (!url) throw configError("origins", "must be https://host, https://host:port or https://*.host");
    if (url.protocol === "http:" && !isLoopback(url.hostname))
      throw configError("origins", "may use http on loopback only");
    if (!star) exact.add(url.origin);
    else if (isSuffix(url.hostname)) wildcards.push(url);
    else
      throw configError(
        "origins",
        "may use a wildcard only below a registered domain, not below a top-level domain or an IP address",
      );
  }
  return (origin) => exact.has(origin) || wildcards.some((above) => isBelow(origin, above));
}

/** Whether a host is this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}

function isSuffix(host: string): boolean {
  return host === "localhost" || (/[^.]\.[^.]/.test(host) && !/(^|\.)\d+$/.test(host) && !host.startsWith("["));
}

/** The header is compared as sent: anything not in a browser's serialization is not an origin. */
function isBelow(origin: string, above: URL): boolean {
  const url = parsed(origin);
  if (!url || url.origin !== origin || url.protocol !== above.protocol || url.port !== above.port) return false;
  const end = `.${above.hostname}`;
  return url.hostname.endsWith(end) && /^[\w-]+(\.[\w-]+)*$/.test(url.hostname.slice(0, -end.length));
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
