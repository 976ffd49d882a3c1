/** What a visit came by. All text, empty where there is none; `at` is an ISO date. */
export type Touch = Readonly<Record<(typeof MEMBERS)[number], string>>;

/** How a visitor came here: the first time, and the last time that something brought them. */
export interface Attribution {
  /** The first time. */
  first: Touch;
  /** The last time that something brought them. */
  last: Touch;
  /** The page they came to first, its query cut to what names a campaign. */
  landingPage: string;
  /** Where they came from, cut likewise; empty where the browser does not tell. */
  referrer: string;
}

/** Where attribution is kept: nowhere, for the tab's life, or for good once the visitor agreed. */
export type AttributionMode = "none" | "session" | "persistent";

const KEY = "icloud-ready-attribution";
const PARAMETERS = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "fbclid"];
const MEMBERS = ["source", "medium", "campaign", "term", "content", "gclid", "fbclid", "at"] as const;

/** No campaign's parameter is longer; an attack is. */
const LONGEST = 256;

/** An address without what may be personal in it: of its query only what names a campaign stays. */
export function clean(address: string): string {
  try {
    const { origin, pathname, searchParams } = new URL(address);
    const kept = new URLSearchParams();
    for (const name of PARAMETERS) {
      const value = searchParams.get(name);
      if (value) kept.set(name, value.slice(0, LONGEST));
    }
    const query = kept.toString();
    return origin + pathname + (query && `?${query}`);
  } catch {
    return "";
  }
}

/**
 * Notes what brought the visitor to this page and gives all that is known. A form does it by
 * itself; a landing page without one calls it.
 */
export function captureAttribution(mode: AttributionMode = "session"): Attribution | undefined {
  if (mode === "none") return;
  const parameters = new URLSearchParams(location.search);
  const values = PARAMETERS.map((name) => parameters.get(name)?.slice(0, LONGEST) ?? "");
  const touch = touchOf([...values, new Date().toISOString()]);
  const kept = read(mode);
  const known: Attribution = kept ?? { first: touch, last: touch, landingPage: clean(location.href), referrer: clean(document.referrer) };
  // The same link, as on a reload, is no further touch.
  const isNew = MEMBERS.some((member) => member !== "at" && touch[member] !== known.last[member]);
  if (values.some(Boolean) && isNew) known.last = touch;
  write(known, mode);
  return known;
}

/** The visitor agrees: what the tab knows is kept for good. */
export function grantConsent(): void {
  const known = captureAttribution();
  if (known) set("localStorage", known);
}

function touchOf(values: readonly unknown[]): Touch {
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, LONGEST) : "");
  return Object.fromEntries(MEMBERS.map((member, index) => [member, text(values[index])])) as Touch;
}

/** What is kept is anyone's to write: only what should be there is taken. */
function read(mode: AttributionMode): Attribution | undefined {
  for (const place of mode === "persistent" ? (["sessionStorage", "localStorage"] as const) : (["sessionStorage"] as const)) {
    try {
      const { first, last, landingPage, referrer } = JSON.parse(globalThis[place].getItem(KEY) ?? "");
      const touch = (kept: Touch) => touchOf(MEMBERS.map((member) => kept[member]));
      return { first: touch(first), last: touch(last), landingPage: clean(landingPage), referrer: clean(referrer) };
    } catch {
      // Nothing kept, nothing that can be read, or storage is refused.
    }
  }
  return undefined;
}

function write(known: Attribution, mode: AttributionMode): void {
  set("sessionStorage", known);
  try {
    // It is there only if the visitor agreed.
    if (mode === "persistent" && localStorage.getItem(KEY)) set("localStorage", known);
  } catch {
    // Storage is refused.
  }
}

function set(place: "sessionStorage" | "localStorage", known: Attribution): void {
  try {
    globalThis[place].setItem(KEY, JSON.stringify(known));
  } catch {
    // Full or refused: this page alone will know.
  }
}
