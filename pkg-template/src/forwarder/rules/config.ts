import type { ClientOptions } from "../../client/context.js";
import type { Alert } from "../outbox/contract.js";

/** A value, or a function of the runtime's `env`: bindings in a worker, `process.env` elsewhere. */
export type FromEnv<T> = T | ((env: any) => T);

/** An object of which every member may be a function of `env`. */
export type MembersFromEnv<T> = { [Name in keyof T]: FromEnv<T[Name]> };

/** What the server sets in every lead, by field: a value, or values by the page's origin. */
export type Defaults = { [field: string]: unknown };

/** How visitors prove that they are not bots. */
export interface Challenge {
  /** The challenge's provider. */
  provider: "turnstile";
  /** The provider's secret for this site. */
  secret: string;
  /**
   * What happens to a lead whose token is missing, spent or refused: `mark` sends it with the mark
   * `unverified`, `hold` keeps it from the CRM until it is released, `require` refuses it (403).
   * Default `mark`.
   */
  mode?: "mark" | "hold" | "require" | undefined;
  /** What happens while the provider cannot be asked. Default `mark`; `refuse` answers 503. */
  onUnavailable?: "mark" | "refuse" | undefined;
  /** Where tokens are verified. Default: Turnstile's own address. */
  verifyURL?: string | undefined;
}

/** Where the visitor's address is read. */
export type ClientAddress =
  /** Cloudflare's header. The default in a worker. */
  | "cf-connecting-ip"
  /** The connection itself. The default of `serve`. */
  | "socket"
  /**
   * A header that proxies append to. `trustedProxies` is how many there are, or their addresses,
   * as `10.0.0.0/8` or `fd00::/8`; what stands to the left of them is not believed.
   */
  | { header: string; trustedProxies: number | readonly string[] };

/** The forwarder's options. Each may be a function of `env`. */
export interface ForwarderConfig {
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
   * The pages' origins: `https://host[:port]`, or `https://*.host` for its subdomains, which does not
   * let the host itself in. http on loopback only.
   */
  origins: FromEnv<readonly string[]>;
  /**
   * Changes what a page may set: `["status", "-region"]` adds one field and removes another. Members
   * of `leadInformation` are named as in `leadInformation.title`.
   */
  allowFields?: FromEnv<readonly string[] | undefined>;
  /**
   * Fields that the server sets, whatever the page says: `{ leadOwner: "…", tags: ["web"] }`. A value
   * may differ by origin: `{ leadSource: { "https://a.example": "a", "https://b.example": "b" } }`.
   */
  defaults?: FromEnv<MembersFromEnv<Defaults> | undefined>;
  /** Addresses a form post may ask to go to by `_next`. Compared exactly. */
  redirects?: FromEnv<readonly string[] | undefined>;
  /** Where a form post goes otherwise. Default: a page of the forwarder's own. */
  thankYouURL?: FromEnv<string | undefined>;
  /** Public IDs accepted when the page's referrer policy hides its origin (`Origin: null`). */
  siteKeys?: FromEnv<readonly string[] | undefined>;
  /** Asks visitors to show that they are people. */
  challenge?: FromEnv<MembersFromEnv<Challenge> | undefined>;
  /** Leads a minute, and at once, from one address. Default 10 and 20. */
  rate?: FromEnv<{ perMinute?: number | undefined; burst?: number | undefined } | undefined>;
  /** Where the visitor's address is read. */
  clientAddress?: FromEnv<ClientAddress | undefined>;
  /** Opens `/admin`. At least 32 characters; without one `/admin` is 404. */
  adminToken?: FromEnv<string | undefined>;
  /** Days that bodies stay once the CRM has the lead, that dead letters stay, that ids stay. Default 7, 90, 90. */
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
   * The CRM's published limits, of which the forwarder takes a little less. Default 480 a minute and
   * 4,800 an hour. `minute` and `hour` are the windows' lengths in milliseconds, for tests.
   */
  limits?: FromEnv<Partial<Limits> | undefined>;
  /** Where a Durable Object's data has to stay, as `eu`. workerd on one's own machine knows none. */
  jurisdiction?: FromEnv<string | undefined>;
  /** Called with each alert. Default: a console line. Its errors are ignored. */
  onAlert?: ((alert: Alert) => unknown) | undefined;
}

/** How many calls the CRM takes, in two windows. */
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
