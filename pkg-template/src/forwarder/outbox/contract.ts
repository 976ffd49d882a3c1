// The interface between the HTTP handler and the outbox. All values are plain JSON because they cross a Durable
// Object's RPC. Times are milliseconds since 1970.
import type { Log } from "./log.js";
import type { Cleanable } from "./secure-delete.js";

/** The state of a lead. */
export type LeadState =
  "fetching" | "pending" | "sending" | "unconfirmed" | "reconciling" | "delivered" | "dead" | "held" | "skipped";

/** The limit that a request counts against. */
export interface RateLimit {
  /** The address or site key. The outbox stores only its digest. */
  client: string;
  /** Requests per minute. */
  perMinute: number;
  /** Requests at once. */
  burst: number;
  /** Whether the request is a form post, which is accepted but marked up to ten times the limit. */
  form?: boolean;
}

/** The check before the challenge is verified. */
export interface Precheck {
  /** The limit to count against, if any. */
  rate?: RateLimit;
  /** The id, if the page sent one. */
  submissionId?: string;
  /** If it did not: the origin, from which the id is derived together with `canonical`. */
  form?: { origin: string };
  /** The same as in `Enqueue`. */
  canonical: string;
}

/** Whether a lead is known. `marked`: the lead gets the mark `rate`. */
export type PrecheckResult =
  | { outcome: "limited"; retryAfterMs: number }
  | { outcome: "new" | "duplicate" | "conflict"; submissionId: string; marked: boolean };

/** A lead that a page sent. */
export interface Enqueue {
  /** The limit to count against, unless the precheck already counted the request. */
  rate?: RateLimit;
  /**
   * The client: `address …`, to which the limits of an address apply, or another key. The outbox stores only its
   * digest.
   */
  client?: string;
  /**
   * 8 to 64 of `[A-Za-z0-9_-]`. Without one the id is derived from origin and canonical text and is the same for ten
   * minutes.
   */
  submissionId?: string;
  /** When the lead was accepted, if it is stored later; used to derive the id. */
  at?: number;
  /** The page's origin. */
  origin: string;
  /** Whether a form posted it. */
  form: boolean;
  /** The canonical JSON text of lead and consents as sent by the page, to recognize repeats. */
  canonical: string;
  /** The JSON text of the lead as sent to the CRM: allowed fields, defaults applied, no `customField`. */
  lead: string;
  /** The JSON text of an object: attribution, consent, page, landingPage, referrer, locale, phone. */
  custom: string;
  /** The JSON text of the other data that the page sent; stored, never sent to the CRM. */
  dropped?: string;
  /** The JSON text of the validation's warnings; stored. */
  warnings?: string;
  /** The lead's spam marks: time_trap, honeypot, unverified, rate, dropped_fields. */
  marks: string[];
  /** Not sent until released. */
  hold: boolean;
  /** The `traceparent` of the page's request, also sent to the CRM. */
  traceparent?: string;
}

/**
 * The result of storing a lead. An accepted lead, now (`isNew`) or earlier, is on disk. `full`: too many leads are
 * waiting, and this one is not stored.
 */
export type EnqueueResult =
  | { outcome: "limited"; retryAfterMs: number }
  | { outcome: "full"; limit: CapacityLimit; retryAfterMs: number }
  | { outcome: "accepted"; submissionId: string; isNew: boolean }
  | { outcome: "conflict"; submissionId: string };

/** A limit of the option `capacity` that the outbox checks. */
export type CapacityLimit = "leads" | "bytes" | "address_leads" | "address_bytes";

/** The signed origin in the forwarder's own page, which shows a visitor's form again. */
export interface SignedPage {
  origin: string;
  signature: string;
}

/** The events that a source delivered with one request. */
export interface Delivery {
  /** The source's name. */
  source: string;
  /** Its kind. */
  kind: string;
  events: DeliveredEvent[];
}

/** One event of a source. */
export interface DeliveredEvent {
  /** The platform's id. Without one it is derived from `data` and is the same for ten minutes. */
  id?: string;
  /** The account that the lead belongs to, if each has its own token. */
  account?: string;
  /** The JSON text of the event, without secrets. */
  data: string;
  /** Whether the lead must be fetched. */
  thin?: boolean;
  marks?: string[];
}

/** The number of events stored, and of those already known. */
export interface DeliveryResult {
  stored: number;
  known: number;
  /** When to retry, if nothing was stored because too many leads are waiting. */
  retryAfterMs?: number;
}

/** A request that is rejected because of a configuration mistake or its token. */
export interface RecordRefusal {
  rate: RateLimit;
  /**
   * `origin`: the page's origin is not listed; `path`: the page posts to a path that does not exist; `token`: the token
   * is wrong; `source`: a source's delivery fails verification.
   */
  kind: "origin" | "path" | "token" | "source";
  /** The origin, the path or the source. */
  value?: string;
}

/** `report`: the mistake is new and must be logged; `value`: the origin or path in a form that can be logged. */
export type RecordRefusalResult =
  { outcome: "limited"; retryAfterMs: number } | { outcome: "recorded"; shouldLog: boolean; value: string };

/** A rejected origin or path. */
export interface RefusalSummary {
  /** The origin, or the path. */
  value: string;
  /** How often it was rejected since it was first recorded. */
  count: number;
  firstAt: number;
  lastAt: number;
}

/** A lead in the outbox, without its text. */
export interface LeadEntry {
  submissionId: string;
  state: LeadState;
  /** The reason as a code: `challenge`, `lookup_forbidden`, `refused`, … */
  reason?: string;
  /** The status of the CRM's last unsuccessful response. */
  status?: number;
  /** Why the last request had no response, as a code such as `ECONNREFUSED`. */
  cause?: string;
  /** The number of attempts to send it. */
  attempts: number;
  createdAt: number;
  updatedAt: number;
  /** When its next step is due. */
  nextAt?: number;
  marks: string[];
  /** The lead's id in the CRM. */
  crmId?: string;
  /** Whether its body was erased. */
  erased: boolean;
  /** The source that delivered it. */
  source?: string;
}

/** A lead with its text. */
export interface LeadDetail extends LeadEntry {
  lead?: unknown;
  /** The event that its source delivered. */
  event?: unknown;
  custom?: unknown;
  dropped?: unknown;
  warnings?: unknown;
  /** The page's origin, or the site key. */
  origin: string;
  /** The CRM's last response that did not accept the lead; at most 4 kB. */
  response?: string;
  /** Later bodies under the same id, oldest first. */
  revisions: { at: number; lead?: unknown }[];
}

/** A filter for leads: all given conditions must match. */
export interface LeadQuery {
  submissionId?: string;
  state?: LeadState;
  reason?: string;
  /** The time range of arrival. */
  from?: number;
  to?: number;
  /** Matches leads with a telephone number that ends with these digits. */
  phone?: string;
  /** Matches leads with a value equal to this address, ignoring case. */
  email?: string;
  /** The cursor: `next` of the previous page. */
  after?: string;
  limit?: number;
}

/** A page of a list, newest first; `next` is the `after` of the following page. */
export interface ResultPage<T> {
  entries: T[];
  next?: string;
}

/** The commands for leads. */
export type CommandName = "replay" | "release" | "drop" | "erase";

/** A command for one lead; `token` is the label of the operator's token. */
export interface Command {
  command: CommandName;
  submissionId: string;
  token: string;
}

/** A command for all leads that have been dead or held for a reason since a time in the given range. */
export interface BulkCommand {
  command: CommandName;
  token: string;
  reason: string;
  from?: number;
  to?: number;
  /** The number that the operator expects; if it differs, nothing is changed. */
  count?: number;
}

/** A record for the audit log. */
export interface AuditRecord {
  token: string;
  action: string;
  submissionId?: string;
  count?: number;
}

/** An entry of the audit log. */
export interface AuditEntry extends AuditRecord {
  at: number;
}

/** The log event of an attempt to send a lead or to look it up. @internal */
export interface AttemptEvent {
  kind: "send" | "lookup" | "scan" | "date";
  submissionId?: string;
  attempt: number;
  state?: LeadState;
  reason?: string;
  cause?: string;
  durationMs: number;
}

/** The state of the outbox. */
export interface Health {
  /** Undelivered leads, except those that wait for an operator. */
  backlog: number;
  /** The age of the oldest of them, without those counted in `poison`. */
  oldestAgeMs: number | null;
  /** Dead letters whose text is still stored. */
  dead: number;
  /** Leads that wait for an operator. */
  held: number;
  /** Leads of the backlog that failed five times each while the CRM accepted others. */
  poison: number;
  /**
   * Why the last request to the CRM failed, until one succeeds: a code such as `ECONNREFUSED` if there was no response.
   */
  lastFailure?: { cause?: string; status?: number; at: number };
  /** Whether sending is paused or slowed down. */
  paused: boolean;
  /** The reason as a code; `refusals`: sending is slowed down. */
  pauseReason?: string;
  /** How far the machine's clock is ahead of the CRM's, if by over a day: until then nothing is deleted. */
  clockOffsetMs?: number;
  /** Whether the key may read leads. */
  reconcile: "available" | "unavailable" | "unknown";
  /** The origins of pages that were rejected within the last week because they are not listed, if any. */
  refusedOrigins?: RefusalSummary[];
  /** The nonexistent paths that pages posted to within the last week, if any. */
  unknownPaths?: RefusalSummary[];
  /** The sources, if any. */
  sources?: SourceHealth[];
}

/** The state of a source. */
export interface SourceHealth {
  name: string;
  /** Events that are not leads yet. */
  fetching: number;
  /** The age of the oldest of them. */
  oldestAgeMs: number | null;
  /** Leads that wait for an operator. */
  held: number;
  /** The reason why fetching is paused, as a code. */
  pauseReason?: string;
  lastEventAt?: number;
}

/** A condition that needs an operator's attention. It contains no personal data. */
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
  | { kind: "capacity_reached"; limit: CapacityLimit; refused: boolean; leads: number; bytes: number }
  | { kind: "connections_full"; connections: number }
  | { kind: "challenge_secret_rejected" }
  | { kind: "store_failed"; cause: string }
  | { kind: "store_restored" }
  | { kind: "clock_skew"; offsetMs?: number }
  | { kind: "origin_refused"; origin: string; count: number }
  | { kind: "path_not_found"; path: string; count: number }
  | { kind: "admin_auth_failed"; count: number }
  | { kind: "source_auth_failed"; source: string; count: number }
  | { kind: "source_secret_missing"; source: string }
  | { kind: "source_paused"; source: string; account?: string; reason: string; code?: number }
  | { kind: "source_fetch_age"; source: string; oldestAgeMs: number; count: number }
  | { kind: "source_leads_held"; source: string; reason: string; count: number }
  | { kind: "source_backfill_failed"; source: string; form: string }
  /** `condition` is the kind of an alert that no longer holds, `value` its origin, path or source. */
  | { kind: "resolved"; condition: string; value?: string };

/** The result of probing an account. */
export interface ProbeReport {
  canCreate: boolean;
  /** Unknown if no lead could be created. */
  canRead: boolean | null;
  /** The first lookup method that found the lead. */
  finds: "id" | "phone" | "recent" | "none" | null;
  /** The time between the CRM's response and the first successful lookup. */
  lagMs: number | null;
  /**
   * Whether lists contain the submission id in the lead's field: without it a list cannot prove that a lead is absent.
   */
  showsId: boolean | null;
  /** Whether the first page of the list is sorted by `createdAt`, newest first. */
  isSorted: boolean | null;
  /** Whether the list is paginated or ends; `false` if `page` has no effect. */
  hasPages: boolean | null;
  /** The recommended forwarder options. */
  configuration: Record<string, unknown>;
}

/** The outbox as seen by the HTTP handler. All methods reject if the store is unavailable. */
export interface OutboxApi {
  /** Counts a request and reports whether its lead is known. */
  precheck(precheck: Precheck): Promise<PrecheckResult>;
  /** Stores a lead; resolves when it is on disk. */
  enqueue(enqueue: Enqueue): Promise<EnqueueResult>;
  /** Stores a delivery's events; resolves when they are on disk. */
  storeEvents(delivery: Delivery): Promise<DeliveryResult>;
  /** Counts a request that is rejected because of a configuration mistake. */
  recordRefusal(request: RecordRefusal): Promise<RecordRefusalResult>;
  /** Signs an origin for the forwarder's own page. */
  signOrigin(origin: string): Promise<string>;
  /** Whether the signature is valid and from today or yesterday. */
  verifyOrigin(page: SignedPage): Promise<boolean>;
  /**
   * Checks whether leads can be stored, by storing a test lead, at most once in 5 s. Rejects with the reason as a code
   * in the message.
   */
  ready(): Promise<null>;
  health(): Promise<Health>;
  /** The metrics by name, such as `leads_delivered_total` and `leads{state="pending"}`. */
  metrics(): Promise<Record<string, number>>;
  /** The leads that match. */
  list(query: LeadQuery): Promise<ResultPage<LeadEntry>>;
  inspect(submissionId: string): Promise<LeadDetail | undefined>;
  /** Like `list`, with the leads' texts. */
  export(query: LeadQuery): Promise<ResultPage<LeadDetail>>;
  /**
   * `replay` sends a dead or held lead again, after a lookup if the CRM may have it. `release` sends a lead that is
   * held for its challenge. `drop` gives up an undelivered lead, `erase` deletes a lead's body, both at once or as soon
   * as the CRM's response arrives; the id is kept. Returns whether the lead exists and accepts the command.
   */
  command(command: Command): Promise<boolean>;
  /** Runs a command for many leads; returns how many match, and whether it was executed. */
  commandAll(command: BulkCommand): Promise<{ count: number; done: boolean }>;
  /** Adds an operator's action to the audit log; commands are added automatically. */
  recordAudit(record: AuditRecord): Promise<null>;
  /** Returns the audit log. */
  audit(query: { after?: string; limit?: number }): Promise<ResultPage<AuditEntry>>;
  /** Adds to the host's counters, by metric name. */
  recordCounts(counts: readonly (readonly [name: string, value: number])[]): Promise<null>;
  /** Creates one marked lead in the account and checks which lookups find it. */
  probe(): Promise<ProbeReport>;
  /** Starts a run if work is due. */
  wake(): Promise<void>;
}

/** A value of a column. @internal */
export type Value = string | number | null;

/** A SQLite database; `Cleanable` if deleted text would otherwise stay in it. @internal */
export interface Store extends Partial<Cleanable> {
  /**
   * Runs one statement with its parameters and returns its rows. An error's `code` that begins with a SQLite code, such
   * as `SQLITE_FULL`, becomes the message of the outbox's error.
   */
  exec(sql: string, params: Value[]): Value[][];
  /** Runs the steps as one transaction. */
  transaction<T>(steps: () => T): T;
  /** Runs the steps in a transaction and rolls it back, if the store supports that. */
  dryRun?<T>(steps: () => T): T;
}

/** A response of a platform; no status means no response. @internal */
export interface FetchResponse {
  status?: number;
  body?: string;
  retryAfterMs?: number;
}

/** An event that the outbox has claimed. @internal */
export interface ClaimedEvent {
  /** The submission id. */
  id: string;
  claim: number;
  source: string;
  account: string;
  /** The event as JSON text. */
  data: string;
  marks: string[];
  receivedAt: number;
}

/** The page of a form's leads to fetch. `since` is in seconds since 1970. @internal */
export interface BackfillJob {
  source: string;
  form: string;
  account: string;
  since: number;
  after?: string;
}

/** The result of mapping an event. @internal */
export interface EventMapping {
  id: string;
  claim: number;
  outcome: "send" | "skip" | "hold";
  /** For `skip` and `hold`. */
  reason?: "test_lead" | "map_null" | "map_failed" | "map_invalid" | "incomplete" | "source_missing";
  /** For `send`: the lead as in `Enqueue`. */
  lead?: string;
  custom?: string;
  warnings?: string;
  marks?: string[];
}

/** The configured sources, as used by the outbox. @internal */
export interface SourceHost {
  readonly settings: {
    name: string;
    kind: string;
    backfill: { form: string; account: string }[];
    backfillInterval: number;
  }[];
  kindOf(source: string): string;
  /** Maps events to leads; never throws. */
  map(events: readonly ClaimedEvent[], log: Log): EventMapping[];
  fetch(event: ClaimedEvent): Promise<FetchResponse>;
  readForm(job: BackfillJob): Promise<FetchResponse>;
}

/** The options of an outbox. @internal */
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
    /** The CRM's limits, if they differ from the published ones; `minute` and `hour` are the windows' lengths. */
    limits?: { perMinute: number; perHour: number; minute?: number; hour?: number };
    /** The maximum number of undelivered leads and of bytes of their text. */
    capacity?: { leads: number; bytes: number; leadsPerAddress: number; bytesPerAddress: number };
    /** Whether the store is a restored backup. */
    restored?: boolean;
    /** How many leads are sent at once. Default 6, the maximum number of concurrent requests of a worker. */
    maxConcurrency?: number;
  };
  sources?: SourceHost;
  onAlert?: (alert: Alert) => void;
  log?: Log;
  /** Called for each lead that is stored for the first time, after it is acknowledged. */
  onNewLead?: ((enqueue: Enqueue, submissionId: string) => void) | undefined;
  /** Whether the disk is too full to store more leads. */
  isDiskLow?: (() => boolean) | undefined;
  /** Schedules a call of `work()` in `wait` milliseconds or earlier. */
  wake(wait: number): void;
}
