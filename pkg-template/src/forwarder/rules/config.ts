import type { ClientOptions } from "../../client/context.js";
import type { Alert } from "../outbox/contract.js";
import type { Source } from "../sources/definition.js";
import type { LogOptions } from "../outbox/log.js";
import type { Notify } from "../outbox/notify.js";

/** A value, or a function of the runtime's `env`: bindings in a worker, `process.env` elsewhere. */
export type FromEnv<T> = T | ((env: any) => T);

/** An object of which every member may be a function of `env`. */
export type MembersFromEnv<T> = { [Name in keyof T]: FromEnv<T[Name]> };

/** Fields that the server sets in every lead: a value, or values by the page's origin. */
export type Defaults = { [field: string]: unknown };

/** How visitors prove that they are not bots. */
export interface Challenge {
  /** The challenge's provider. */
  provider: "turnstile";
  /** The provider's secret for this site. */
  secret: string;
  /**
   * What to do with a lead whose token is missing, used or invalid: `mark` sends it with the mark `unverified`, `hold`
   * keeps it until it is released, `require` rejects it (403). Default `mark`.
   */
  mode?: "mark" | "hold" | "require" | undefined;
  /** What to do while the provider is unavailable. Default `mark`; `refuse` responds with 503. */
  onUnavailable?: "mark" | "refuse" | undefined;
  /** The verification endpoint. Default: Turnstile's. */
  verifyURL?: string | undefined;
}

/** The source of the visitor's address. */
export type ClientAddress =
  /** Cloudflare's header. The default in a worker. */
  | "cf-connecting-ip"
  /** The connection's remote address. The default of `serve`. */
  | "socket"
  /**
   * A header that proxies append to. `trustedProxies` is their number, or their networks, such as `10.0.0.0/8` or
   * `fd00::/8`; entries to the left of theirs are not trusted.
   */
  | { header: string; trustedProxies: number | readonly string[] };

/** The forwarder's options. Each may be a function of `env`. */
export interface ForwarderConfig extends LogOptions {
  /**
   * The options of the client that sends to the CRM. A credential that is a function is called with
   * `env` at each send, so a key can be rotated while leads wait.
   */
  crm: FromEnv<
    MembersFromEnv<Omit<ClientOptions, "apiKey" | "accessToken">> & {
      apiKey?: string | ((env: any) => string | Promise<string>) | undefined;
      accessToken?: string | ((env: any) => string | Promise<string>) | undefined;
    }
  >;
  /** The store's name, one for each CRM organization, never derived from the key. Default `default`. */
  outbox?: FromEnv<string | undefined>;
  /** Where pages send leads. Default `/leads`. */
  path?: FromEnv<string | undefined>;
  /**
   * The pages' origins: `https://host[:port]`, or `https://*.host` for its subdomains, which does not include the host
   * itself. http only on loopback.
   */
  origins: FromEnv<readonly string[]>;
  /**
   * Changes what a page may set: `["status", "-region"]` adds one field and removes another. Members of
   * `leadInformation` are written as `leadInformation.title`.
   */
  allowFields?: FromEnv<readonly string[] | undefined>;
  /**
   * Fields that the server sets, overriding the page: `{ leadOwner: "…", tags: ["web"] }`. A value can depend on the
   * origin: `{ leadSource: { "https://a.example": "a", "https://b.example": "b" } }`.
   */
  defaults?: FromEnv<MembersFromEnv<Defaults> | undefined>;
  /** URLs that a form post can redirect to with `_next`. Compared exactly. */
  redirects?: FromEnv<readonly string[] | undefined>;
  /** The redirect target of other form posts. Default: the forwarder's own page. */
  thankYouURL?: FromEnv<string | undefined>;
  /** Public IDs accepted when the page's referrer policy hides its origin (`Origin: null`). */
  siteKeys?: FromEnv<readonly string[] | undefined>;
  /** Requires visitors to pass a bot challenge. */
  challenge?: FromEnv<MembersFromEnv<Challenge> | undefined>;
  /** Leads per minute, and at once, from one address. Default 10 and 20. */
  rate?: FromEnv<{ perMinute?: number | undefined; burst?: number | undefined } | undefined>;
  /** The source of the visitor's address. */
  clientAddress?: FromEnv<ClientAddress | undefined>;
  /**
   * Grants access to `/admin`. At least 32 characters, or a list of two during rotation; without one `/admin` is 404.
   */
  adminToken?: FromEnv<string | readonly string[] | undefined>;
  /** Grants read-only access to `/admin`, for dashboards and colleagues. The same format as `adminToken`. */
  adminReadToken?: FromEnv<string | readonly string[] | undefined>;
  /** Serves a page for operators at `/admin/`, which asks for a token. Default false. */
  adminPage?: FromEnv<boolean | undefined>;
  /** The limits of the store. */
  capacity?: FromEnv<Partial<Capacity> | undefined>;
  /** Also sends a valid `traceparent` of the page's request to the CRM. Default false. */
  propagateTraceparent?: FromEnv<boolean | undefined>;
  /**
   * The outbox is a restored backup: its unsent leads may have been sent since, so each is looked up before it is sent.
   * Remove the option after the start. Default false.
   */
  restored?: FromEnv<boolean | undefined>;
  /** Days to keep the bodies of delivered leads, dead letters, and ids. Default 7, 90, 90. */
  retention?: FromEnv<
    { delivered?: number | undefined; dead?: number | undefined; ids?: number | undefined } | undefined
  >;
  /**
   * What to do if a response does not say whether the CRM has the lead. `reconcile`, the default,
   * looks it up; `resend` sends it again and may duplicate it; `hold` leaves it to an operator.
   */
  ambiguous?: FromEnv<"reconcile" | "resend" | "hold" | undefined>;
  /** Milliseconds before the first lookup of such a lead, and before the next. Default 15,000 and 30,000. */
  reconcileDelays?: FromEnv<readonly number[] | undefined>;
  /**
   * The CRM's published limits, of which the forwarder uses slightly less. Default 480 per minute and 4,800 per hour.
   * `minute` and `hour` are the windows' lengths in milliseconds, for tests.
   */
  limits?: FromEnv<Partial<Limits> | undefined>;
  /**
   * Ad platforms and form tools that push leads, by name: each has the URL `<path>/sources/<name>`. Create them with
   * the functions of `icloud-ready/forwarder/sources`.
   */
  sources?: FromEnv<{ readonly [name: string]: Source } | undefined>;
  /** The jurisdiction of the Durable Object's data, such as `eu`. Not supported by a local workerd. */
  jurisdiction?: FromEnv<string | undefined>;
  /** Called with each alert. Default: a console line. Its errors are ignored. */
  onAlert?: ((alert: Alert) => unknown) | undefined;
  /**
   * Called with each new lead after it is acknowledged, at most once. It gets no personal data, unless it is `{ send,
   * personalData: true }`. Its errors are only logged.
   */
  notify?: Notify | undefined;
}

/** Limits of the store. Beyond them pages must retry later. */
export interface Capacity {
  /** Undelivered leads. Default 200,000. */
  leads: number;
  /** Bytes of their text. Default 1 GB. */
  bytes: number;
  /** Undelivered leads of one address. Default 5,000. */
  leadsPerAddress: number;
  /** Bytes of their text. Default 50 MB. */
  bytesPerAddress: number;
  /** `serve`: open connections. Default 10,000. */
  connections: number;
  /** `serve`: free disk space in bytes to reserve, so that stored leads can be sent. Default 32 MB. */
  freeDisk: number;
}

/** The CRM's rate limits in two windows. */
export interface Limits {
  /** Calls in the short window. */
  perMinute: number;
  /** Calls in the long window. */
  perHour: number;
  /** The short window's length in milliseconds. */
  minute: number;
  /** The long window's length in milliseconds. */
  hour: number;
}
