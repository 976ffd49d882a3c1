// What the HTTP handler and the outbox exchange. All of it is plain JSON, since it crosses a
// Durable Object's RPC. Times are milliseconds since 1970.
import type { Cleanable } from "./secure-delete.js";

/** The state of a lead. */
export type LeadState = "pending" | "sending" | "unconfirmed" | "reconciling" | "delivered" | "dead" | "held";

/** The limit that a request counts against. */
export interface RateLimit {
  /** The address or site key. The outbox stores a digest of it, never itself. */
  client: string;
  /** How many requests a minute. */
  perMinute: number;
  /** How many at once. */
  burst: number;
  /** Whether a form post is counted, which is accepted and marked up to ten times the limit. */
  form?: boolean;
}

/** The check before the challenge is verified. */
export interface Precheck {
  /** Counted, where it is given. */
  rate?: RateLimit;
  /** The id, where the page gave one. */
  submissionId?: string;
  /** Where it did not: what the id is made from, together with `canonical`. */
  form?: { origin: string };
  /** As in `Enqueue`. */
  canonical: string;
}

/** Whether a lead is known. `marked`: the mark `rate` is due. */
export type PrecheckResult =
  | { outcome: "limited"; retryAfterMs: number }
  | { outcome: "new" | "duplicate" | "conflict"; submissionId: string; marked: boolean };

/** A lead that a page sent. */
export interface Enqueue {
  /** Counts against this limit, unless the precheck did. */
  rate?: RateLimit;
  /** The address or site key it came from. The outbox stores a digest of it, never itself. */
  client?: string;
  /**
   * 8 to 64 of `[A-Za-z0-9_-]`. Without one the id is made from origin and canonical text, the same
   * for ten minutes.
   */
  submissionId?: string;
  /** When it was taken, where it comes later than that: what an id is made by. */
  at?: number;
  /** The page's origin. */
  origin: string;
  /** Whether a form posted it. */
  form: boolean;
  /** The canonical JSON text of what the page sent as lead and consents: what a repeat is compared by. */
  canonical: string;
  /** The JSON text of the lead as it goes out: allowed fields, defaults applied, no `customField`. */
  lead: string;
  /** The JSON text of an object: attribution, consent, page, landingPage, referrer, locale, phone. */
  custom: string;
  /** The JSON text of the other data that the page sent; stored, never sent to the CRM. */
  dropped?: string;
  /** The JSON text of the validation's warnings; kept. */
  warnings?: string;
  /** What scores the lead: time_trap, honeypot, unverified, rate, dropped_fields. */
  marks: string[];
  /** Not sent until released. */
  hold: boolean;
}

/** The result of storing a lead. An accepted lead, now or earlier, is on disk. */
export type EnqueueResult =
  { outcome: "limited"; retryAfterMs: number } | { outcome: "accepted" | "conflict"; submissionId: string };

/**
 * A page of the forwarder's own, which shows a visitor's form again: where the visitor came from, and its signature.
 */
export interface SignedPage {
  origin: string;
  signature: string;
}

/** A request that is refused for a mistake in a configuration, or for its token. */
export interface RecordRefusal {
  rate: RateLimit;
  /**
   * `origin`: the page's origin is not listed; `path`: the page posts to a path that does not exist; `token`: it is
   * wrong.
   */
  kind: "origin" | "path" | "token";
  /** The origin or the path. */
  value?: string;
}

/** `report`: the mistake is new and to be logged; `value`: the origin or path as it can be logged. */
export type RecordRefusalResult =
  { outcome: "limited"; retryAfterMs: number } | { outcome: "recorded"; shouldLog: boolean; value: string };

/** An origin or a path that was refused. */
export interface RefusalSummary {
  /** The origin, or the path. */
  value: string;
  /** How often since it is remembered. */
  count: number;
  firstAt: number;
  lastAt: number;
}

/** A lead in the outbox, without its text. */
export interface LeadEntry {
  submissionId: string;
  state: LeadState;
  /** Why, as a code: `challenge`, `lookup_forbidden`, `refused`, … */
  reason?: string;
  /** The status of the CRM's last answer that was no success. */
  status?: number;
  /** Why the last request had no response, as a code such as `ECONNREFUSED`. */
  cause?: string;
  /** How often it was sent. */
  attempts: number;
  createdAt: number;
  updatedAt: number;
  /** When something is due for it. */
  nextAt?: number;
  marks: string[];
  /** The CRM's id of it. */
  crmId?: string;
  /** Whether its body was erased. */
  erased: boolean;
}

/** A lead with its text. */
export interface LeadDetail extends LeadEntry {
  lead?: unknown;
  custom?: unknown;
  dropped?: unknown;
  warnings?: unknown;
  /** What the CRM last responded where it did not take the lead; 4 kB at most. */
  response?: string;
  /** Later bodies under the same id, oldest first. */
  revisions: { at: number; lead?: unknown }[];
}

/** How the outbox is. */
export interface Health {
  /** Leads that are not with the CRM yet, without those that wait for an operator. */
  backlog: number;
  /** The age of the oldest of them that does not fail by itself. */
  oldestAgeMs: number | null;
  /** Dead letters whose text is still there. */
  dead: number;
  /** Leads that wait for an operator. */
  held: number;
  /** Leads of the backlog that failed five times each while the CRM took others. */
  poison: number;
  /**
   * Why the last request to the CRM failed, until one succeeds: a code such as `ECONNREFUSED` where there was no
   * response.
   */
  lastFailure?: { cause?: string; status?: number; at: number };
  /** Whether nothing is sent, or leads are sent slowly. */
  paused: boolean;
  /** Why, as a code; `refusals`: leads are sent slowly. */
  pauseReason?: string;
  /** How far the machine's clock is ahead of the CRM's, where that is over a day: nothing is deleted meanwhile. */
  clockOffsetMs?: number;
  /** Whether the key may read leads. */
  reconcile: "available" | "unavailable" | "unknown";
  /** The origins of pages that were refused within the last week because they are not listed, if there are any. */
  refusedOrigins?: RefusalSummary[];
  /** The paths that pages posted to within the last week though they do not exist, if there are any. */
  unknownPaths?: RefusalSummary[];
}

/** What an operator should know. It contains no personal data. */
export type Alert =
  | { kind: "paused"; reason: string; status?: number; cause?: string }
  | { kind: "resumed"; reason: string }
  | { kind: "backlog_age"; oldestAgeMs: number; backlog: number }
  | { kind: "lead_dead"; submissionId: string; status?: number }
  | { kind: "dead_letters" | "held_leads" | "poison_leads"; count: number; oldestAgeMs: number }
  | { kind: "unconfirmable"; sends: number }
  | { kind: "lead_held"; submissionId: string; reason: "unconfirmed_response" | "absence_unproven" }
  | { kind: "reconcile_unavailable"; status: number }
  | { kind: "lead_expiring"; submissionId: string }
  | { kind: "challenge_secret_rejected" }
  | { kind: "store_failed"; cause: string }
  | { kind: "store_restored" }
  | { kind: "clock_skew"; offsetMs?: number }
  | { kind: "origin_refused"; origin: string; count: number }
  | { kind: "path_not_found"; path: string; count: number }
  | { kind: "admin_auth_failed"; count: number }
  /** `condition` is the kind of an alert that no longer holds; `value` the origin or path it was about. */
  | { kind: "resolved"; condition: string; value?: string };

/** What a probe found out about an account. */
export interface ProbeReport {
  canCreate: boolean;
  /** Unknown where no lead could be made. */
  canRead: boolean | null;
  /** The first way of looking that found the lead. */
  finds: "id" | "phone" | "recent" | "none" | null;
  /** How long after the CRM's answer that was. */
  lagMs: number | null;
  /** Whether lists show the submission id in the lead's field: without it no list proves that a lead is absent. */
  showsId: boolean | null;
  /** Whether the first page of the list is in the order of `createdAt`, the most recent first. */
  isSorted: boolean | null;
  /** Whether the list has other pages than the first, or ends; `false` if `page` has no effect. */
  hasPages: boolean | null;
  /** What to set in the forwarder's configuration. */
  configuration: Record<string, unknown>;
}

/** The outbox as the handler sees it. Everything rejects where the store is unavailable. */
export interface OutboxApi {
  /** Counts a request and reports whether its lead is known. */
  precheck(precheck: Precheck): Promise<PrecheckResult>;
  /** Stores a lead; resolves when it is on disk. */
  enqueue(enqueue: Enqueue): Promise<EnqueueResult>;
  /** Counts a request that is refused for a mistake in a configuration. */
  recordRefusal(request: RecordRefusal): Promise<RecordRefusalResult>;
  /** Signs a page of the forwarder's own. */
  signOrigin(origin: string): Promise<string>;
  /** Whether a page of the forwarder's own was signed today or yesterday. */
  verifyOrigin(page: SignedPage): Promise<boolean>;
  /**
   * Finds out whether leads can be stored, by storing something, once in 5 s at most. Rejects with a message that says
   * why not, as a code.
   */
  ready(): Promise<null>;
  health(): Promise<Health>;
  /** Numbers by name, as in `leads_delivered_total` and `leads{state="pending"}`. */
  metrics(): Promise<Record<string, number>>;
  /** The leads, newest first; `next` is the `after` of what follows. */
  list(query: { state?: LeadState; after?: string; limit?: number }): Promise<{ entries: LeadEntry[]; next?: string }>;
  inspect(submissionId: string): Promise<LeadDetail | undefined>;
  /** Sends a dead or held lead again; where the CRM may have it, looks first. */
  replay(submissionId: string): Promise<boolean>;
  /** Replays all that are dead or held for this reason, since a time between these two; returns how many. */
  replayAll(query: { reason: string; from?: number; to?: number }): Promise<number>;
  /** Lets a lead go that is held for its challenge. */
  release(submissionId: string): Promise<boolean>;
  /** Gives up a lead that is not delivered, at once or as soon as its answer is there: its body goes, its id stays. */
  drop(submissionId: string): Promise<boolean>;
  /** Erases a lead's body, at once or as soon as its answer is there; its id stays. */
  erase(submissionId: string): Promise<boolean>;
  /** Makes one marked lead in the account and finds out what can be found of it. */
  probe(): Promise<ProbeReport>;
  /** Starts a run if work is due. */
  wake(): Promise<void>;
}

/** What a store holds in one place. */
export type Value = string | number | null;

/** A SQLite database; `Cleanable` where deleted text would stay in it otherwise. */
export interface Store extends Partial<Cleanable> {
  /**
   * Runs one statement with its parameters, and returns its rows. An error's `code` that begins with one of SQLite's,
   * as `SQLITE_FULL`, is passed on as the message of what the outbox throws.
   */
  exec(sql: string, params: Value[]): Value[][];
  /** Runs the steps as one transaction. */
  transaction<T>(steps: () => T): T;
  /** Runs the steps as a transaction that is taken back at its end, where the store can. */
  dryRun?<T>(steps: () => T): T;
}

/** What an outbox is made of. */
export interface OutboxOptions {
  store: Store;
  /** The client's options; `reconcile`, `submissionField`, `itemsKey`, `firstPage` and `timeout` count too. */
  crm: unknown;
  settings: {
    /** Days. */
    retention: { delivered: number; dead: number; ids: number };
    ambiguous: "reconcile" | "resend" | "hold";
    /** The waits before each lookup for a lead that the CRM may have, in milliseconds. */
    reconcileDelays: number[];
    /** The CRM's limits, if others than the published ones; `minute` and `hour` are the windows' lengths. */
    limits?: { perMinute: number; perHour: number; minute?: number; hour?: number };
    /** How many leads are sent at once. Default 6, as many as a worker may have requests waiting. */
    maxConcurrency?: number;
  };
  onAlert?: (alert: Alert) => void;
  /** Asks to have `work()` called in so many milliseconds, or earlier. */
  wake(wait: number): void;
}
