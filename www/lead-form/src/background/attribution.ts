import { warn } from "../base/warn.js";

/** The parameters of a visit. All are strings, empty if absent; `at` is an ISO date. */
export type Touch = Readonly<Record<(typeof MEMBERS)[number], string>>;

/** The attribution of a visitor: first and last touch. */
export interface Attribution {
  /** The first touch. */
  first: Touch;
  /** The last touch. */
  last: Touch;
  /** The first page, with only the campaign parameters of its query. */
  landingPage: string;
  /** The referrer, shortened the same way; empty if the browser sends none. */
  referrer: string;
}

/** Where attribution is stored: nowhere, in the tab, or permanently after the visitor's consent. */
export type AttributionMode = "none" | "session" | "persistent";

const KEY = "icloud-ready-attribution";

const CAMPAIGN = ["source", "medium", "campaign", "term", "content"] as const;
const CLICK_IDS = ["gclid", "gbraid", "wbraid", "fbclid", "ttclid", "ScCid", "msclkid"] as const;
const PARAMETERS = [...CAMPAIGN.map((name) => `utm_${name}`), ...CLICK_IDS];
const MEMBERS = [...CAMPAIGN, ...CLICK_IDS, "at"] as const;

/** Longer campaign parameters are truncated. */
const MAX_LENGTH = 256;

/** A truncated click id is useless: a longer one is omitted. */
const MAX_CLICK_ID_LENGTH = 1_024;

const MODES = ["none", "session", "persistent"];

/** Stores the attribution of a URL of this page, and returns the known attribution. @internal */
export function capture(wanted: AttributionMode | null | undefined, href: string): Attribution | undefined {
  const mode = wanted ?? "session";
  if (!MODES.includes(mode)) warn(`unknown attribution "${mode}": session is used`);
  if (mode === "none") return;
  const page = pageAt(href);
  const values = valuesIn(page.href);
  const touch = touchOf([...values, new Date().toISOString()]);
  const stored = read(mode);
  const known: Attribution = stored ?? {
    first: touch,
    last: touch,
    landingPage: clean(page.href),
    referrer: clean(page.referrer),
  };
  // The same URL, as on a reload, is not a new touch.
  const isNew = MEMBERS.some((member) => member !== "at" && touch[member] !== known.last[member]);
  if (values.some(Boolean) && isNew) known.last = touch;
  write(known, mode);
  return known;
}

/** The page and its attribution, for a lead's context. @internal */
export function describeVisit(mode: AttributionMode | null, href: string): object {
  const page = clean(pageAt(href).href);
  const known = capture(mode, href);
  // Attribution that is not stored is not sent.
  if (!known) return { page: page.split("?")[0], referrer: "", landingPage: "" };
  const { first, last, landingPage, referrer } = known;
  return { page, referrer, landingPage, attribution: { first, last } };
}

/** Stores the tab's attribution permanently, after the visitor's consent. @internal */
export function persist(href: string): void {
  const known = capture("session", href);
  if (known) set("localStorage", known);
}

/**
 * The page that the visitor sees, and its referrer. A frame without its own URL (`srcdoc`, `about:blank`, `blob:`,
 * `data:`) is part of the embedding page; if that is not accessible, its origin is the frame's referrer.
 */
function pageAt(href: string): { href: string; referrer: string } {
  let frame: Window | null = window;
  let address = href;
  try {
    for (let depth = 0; frame && depth < MAX_DEPTH; depth += 1) {
      if (isWeb(address)) return { href: address, referrer: frame.document.referrer };
      frame = frame.parent === frame ? (frame.opener as Window | null) : frame.parent;
      address = frame?.location.href ?? "";
    }
  } catch {
    // The embedding page has another origin.
  }
  return { href: isWeb(document.referrer) ? new URL(document.referrer).origin : "", referrer: "" };
}

/** How many levels of frames are searched: windows can have opened each other. */
const MAX_DEPTH = 10;

const isWeb = (address: string): boolean => /^https?:/.test(address);

function parse(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** The values of `PARAMETERS` in a URL, also after its `#`, ignoring the case of their names. */
function valuesIn(address: string): string[] {
  const found = new Map<string, string>();
  const { search = "", hash = "" } = parse(address) ?? {};
  // A route in the fragment can have a query: `#/villas?utm_source=…`.
  for (const text of [search, hash.slice(1).replace("?", "&")]) {
    for (const [name, value] of new URLSearchParams(text)) {
      const key = name.toLowerCase();
      if (value && !found.has(key)) found.set(key, value);
    }
  }
  return PARAMETERS.map((name) => bounded(name, found.get(name.toLowerCase())));
}

/**
 * A URL without potential personal data: only campaign parameters of its query are kept. Empty if it is not the URL of
 * a page.
 */
function clean(address: string): string {
  const { protocol = "", host = "", pathname = "" } = parse(address) ?? {};
  // Android apps are referrers too.
  if (!/^(https?|android-app):$/.test(protocol)) return "";
  const values = valuesIn(address);
  const parameters = PARAMETERS.map((name, index) => [name, values[index] ?? ""]).filter(([, value]) => value);
  const query = new URLSearchParams(parameters).toString();
  return `${protocol}//${host}${pathname}${query && `?${query}`}`;
}

function touchOf(values: readonly unknown[]): Touch {
  return Object.fromEntries(MEMBERS.map((member, index) => [member, bounded(member, values[index])])) as Touch;
}

/** A parameter's value as stored. */
function bounded(name: string, value: unknown): string {
  if (typeof value !== "string") return "";
  if ((CLICK_IDS as readonly string[]).includes(name)) return value.length > MAX_CLICK_ID_LENGTH ? "" : value;
  return value.slice(0, MAX_LENGTH);
}

/** Any script of the page can write to storage: only valid members are read. */
function read(mode: AttributionMode): Attribution | undefined {
  for (const place of mode === "persistent"
    ? (["sessionStorage", "localStorage"] as const)
    : (["sessionStorage"] as const)) {
    try {
      const { first, last, landingPage, referrer } = JSON.parse(globalThis[place].getItem(KEY) ?? "");
      const touch = (stored: Touch) => touchOf(MEMBERS.map((member) => stored[member]));
      return { first: touch(first), last: touch(last), landingPage: clean(landingPage), referrer: clean(referrer) };
    } catch {
      // Nothing is stored, it is not valid, or storage is blocked.
    }
  }
  return undefined;
}

function write(known: Attribution, mode: AttributionMode): void {
  set("sessionStorage", known);
  try {
    // It exists only if the visitor agreed.
    if (mode === "persistent" && localStorage.getItem(KEY)) set("localStorage", known);
  } catch {
    // Storage is blocked.
  }
}

function set(place: "sessionStorage" | "localStorage", known: Attribution): void {
  try {
    globalThis[place].setItem(KEY, JSON.stringify(known));
  } catch {
    // Storage is full or blocked: the attribution is only in this page.
  }
}
