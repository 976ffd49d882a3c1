// Everything crossing it is plain JSON (it crosses a Durable Object's RPC).

export type State = "ready" | "inflight" | "unsure" | "looking" | "done" | "dead" | "held";

/** What a request is counted against. */
export interface Rate { client: string /* opaque key of address or site key, never the address itself in clear in logs */; perMinute: number; burst: number; form: boolean /* form posts are let in, marked, up to 10 x the limit */ }

export interface Knock { rate?: Rate; submissionId?: string; form?: { origin: string }; canonical: string }
export type Knocked =
  | { verdict: "limited"; retryAfterMs: number }
  | { verdict: "new" | "same" | "conflict"; submissionId: string; marked: boolean /* rate mark due */ };

export interface Arrival {
  /** As in Knock; counted here when the handler did not knock first. */
  rate?: Rate;
  /** 8 to 64 of [A-Za-z0-9_-]; absent for a form post, whose id the outbox derives (HMAC, secret in the outbox, origin + canonical, 10 minutes). */
  submissionId?: string;
  origin: string;
  form: boolean;
  /** Canonical JSON text (sorted keys) of what the page sent as lead: what a repeat is compared by. */
  canonical: string;
  /** JSON text of the lead as it goes out: allowed fields, defaults applied, no customField. */
  lead: string;
  /** JSON text of an object: attribution, consent, page, landingPage, referrer, locale, phone, in this order, absent ones left out. */
  custom: string;
  /** JSON text of what the page sent besides; kept, never sent. */
  dropped?: string;
  /** Warnings of validation, as JSON text (path, code, severity, message); kept. */
  warnings?: string;
  marks: string[];           // time_trap honeypot unverified rate dropped_fields (conflict is the outbox's)
  hold: boolean;             // challenge mode "hold": not sent until released
}
export type Accepted =
  | { verdict: "limited"; retryAfterMs: number }
  | { verdict: "accepted" | "conflict"; submissionId: string };

export interface Entry { submissionId: string; state: State; reason?: string /* held/dead/unsure: a code, e.g. "challenge", "may_not_look", "bad_request" */; status?: number; attempts: number; createdAt: number; updatedAt: number; nextAt?: number; marks: string[]; crmId?: string; erased: boolean }
export interface Detail extends Entry { lead?: unknown; custom?: unknown; dropped?: unknown; warnings?: unknown; revisions: { at: number; lead?: unknown }[] }
export interface Health { backlog: number; oldestAgeMs: number | null; parked: boolean | string /* reason code */; reconcile: "available" | "unavailable" | "unknown" }

export interface Inbox {
  knock(knock: Knock): Promise<Knocked>;
  put(arrival: Arrival): Promise<Accepted>;       // resolves when on disk; rejects when the store is out of reach
  health(): Promise<Health>;
  metrics(): Promise<Record<string, number>>;     // names like leads_accepted_total, leads{state="ready"}; handler prints Prometheus text
  list(query: { state?: State; after?: string; limit?: number }): Promise<{ entries: Entry[]; next?: string }>;
  inspect(submissionId: string): Promise<Detail | undefined>;
  replay(submissionId: string): Promise<boolean>; // dead or held -> ready (a look first where it was ambiguous)
  release(submissionId: string): Promise<boolean>;// held by challenge -> ready
  drop(submissionId: string): Promise<boolean>;   // dead letter or held: body gone, id stays
  erase(submissionId: string): Promise<boolean>;  // one person's body at once, any state not inflight/looking (those: after the answer); the id stays
  probe(): Promise<ProbeReport>;
  poke(): Promise<void>;                          // dead man's switch: sees to it that work goes on
}
export interface ProbeReport { canCreate: boolean; canRead: boolean | null; finds: "id" | "phone" | "recent" | "none" | null; lagMs: number | null; configuration: Record<string, unknown> /* what to set */ }

// The driver (owner: outbox helper), pkg-template/src/forwarder/outbox.ts:
export type Value = string | number | null;
export interface Store {
  exec(sql: string, params: Value[]): Value[][];
  /** Runs the steps as one transaction. Durable Objects' writes without an await between them are one already. */
  transaction<T>(steps: () => T): T;
}
export interface OutboxOptions {
  store: Store;
  crm: unknown /* ClientOptions of the SDK: apiKey/organizationId or accessToken, baseURL, fetch, submissionField, … */;
  settings: { retention: { done: number; dead: number; ids: number }; ambiguous: "reconcile" | "resend" | "hold"; settle: number[]; limits?: { perMinute: number; perHour: number; minute?: number; hour?: number /* window lengths in ms, for tests */ } };
  onAlert?: (alert: { kind: string; [detail: string]: unknown }) => void;
  /** Asks to have `work()` called at this time (ms since 1970), or earlier. */
  wake(at: number): void;
}
// class Outbox implements Inbox { constructor(options: OutboxOptions); work(): Promise<void> /* until nothing is due; calls wake() for the next time; never throws */ }
