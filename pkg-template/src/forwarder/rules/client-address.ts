import { configError } from "../../base/options.js";
import type { ClientAddress } from "./config.js";

/** Returns the rate limit key of a visitor's address; requests without an address share one key. */
export type AddressReader = (headers: Headers, socket: string | undefined) => string;

/** The reader for an option's value. */
export function addressReader(option: ClientAddress): AddressReader {
  if (option === "socket") return (_headers, socket) => clientKey(socket);
  if (option === "cf-connecting-ip") return (headers) => clientKey(headers.get("cf-connecting-ip"));
  const { header, trustedProxies } = (option ?? {}) as { header: unknown; trustedProxies: unknown };
  if (typeof header !== "string" || !/^[\w-]+$/.test(header))
    throw configError("clientAddress", 'must be "cf-connecting-ip", "socket" or { header, trustedProxies }');
  if (typeof trustedProxies === "number") {
    if (!Number.isInteger(trustedProxies) || trustedProxies < 1) {
      throw configError("clientAddress.trustedProxies", "must be the number of proxies or a list of their addresses");
    }
    // Each proxy appends its client's address, so the nearest proxy wrote the last entry.
    return (headers) => clientKey(entries(headers, header).at(-trustedProxies));
  }
  if (!Array.isArray(trustedProxies)) {
    throw configError("clientAddress.trustedProxies", "must be the number of proxies or a list of their addresses");
  }
  const networks = trustedProxies.map(network);
  const trusted = (address: string | undefined) => {
    const bits = address === undefined ? undefined : bitsOf(address);
    return bits !== undefined && networks.some((start) => bits.startsWith(start));
  };
  return (headers, socket) => {
    const hops = [...entries(headers, header), ...(socket === undefined ? [] : [socket])];
    return clientKey(hops.reverse().find((hop, index) => index === hops.length - 1 || !trusted(hop)));
  };
}

/** Addresses that are not public: private, loopback, link-local, carrier-grade NAT. */
const PRIVATE = [
  ...["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
  ...["::1", "fc00::/7", "fe80::/10"],
];

/** Headers in which proxies report their client's address. */
const FORWARDING = [
  "x-forwarded-for",
  "forwarded",
  "x-real-ip",
  "cf-connecting-ip",
  "true-client-ip",
  "fly-client-ip",
  "x-client-ip",
];

/** The name of the forwarding header, if a proxy on a private network sent the request. */
export function forwardedBy(headers: Headers, socket: string | undefined): string | undefined {
  const header = FORWARDING.find((name) => headers.has(name));
  const bits = header === undefined || socket === undefined ? undefined : bitsOf(socket);
  return bits !== undefined && PRIVATE.some((text) => bits.startsWith(network(text))) ? header : undefined;
}

/** The IPv4 address, or the /64 network of the IPv6 address, which is typically one household. */
function clientKey(text: string | null | undefined): string {
  if (text == null) return "unknown";
  const v4 = addressBytes(text);
  if (v4) return v4.join(".");
  const bits = bitsOf(text);
  if (bits === undefined) return "unknown";
  const mapped = bits.startsWith(MAPPED);
  const bytes = (mapped ? bits.slice(96) : bits.slice(0, 64)).match(/.{8}/g) ?? [];
  return bytes.map((byte) => Number.parseInt(byte, 2)).join(mapped ? "." : ":");
}

function entries(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** The network's prefix in bits. */
function network(text: unknown): string {
  const [address = "", length, ...more] = String(text).split("/");
  const bits = bitsOf(address);
  const most = address.includes(":") ? 128 : 32;
  const prefix = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : NaN;
  if (bits === undefined || more.length || !(prefix <= most)) {
    throw configError("clientAddress.trustedProxies", "contains an entry that is not an IP address or a network");
  }
  return bits.slice(0, 128 - most + prefix);
}

const MAPPED = `${"0".repeat(80)}${"1".repeat(16)}`;

/** An address as 128 bits, with IPv4 mapped to IPv6. A port, brackets and a zone are ignored. */
function bitsOf(text: string): string | undefined {
  const v4 = addressBytes(text);
  if (v4) return MAPPED + v4.map((byte) => binary(byte, 8)).join("");
  const v6 = /^\[?([\da-f:.]+)(%[\w.-]+)?(\](:\d+)?)?$/i.exec(text)?.[1];
  if (v6 === undefined) return undefined;
  try {
    // The URL parser accepts every notation and serializes to one.
    const [head = "", tail] = new URL(`http://[${v6}]`).hostname.slice(1, -1).split("::");
    const [start, end] = [groups(head), groups(tail ?? "")];
    const gap = Array<number>(8 - start.length - end.length).fill(0);
    return [...start, ...gap, ...end].map((group) => binary(group, 16)).join("");
  } catch {
    return undefined;
  }
}

/** The bytes of an IPv4 address. */
function addressBytes(text: string): number[] | undefined {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(:\d+)?$/.exec(text)?.slice(1, 5).map(Number);
  return bytes?.every((byte) => byte < 256) ? bytes : undefined;
}

function groups(text: string): number[] {
  return text ? text.split(":").map((group) => Number.parseInt(group, 16)) : [];
}

function binary(value: number, width: number): string {
  return value.toString(2).padStart(width, "0");
}
