// What the handler and the outbox say to each other. All of it is plain JSON, since it crosses a
// Durable Object's RPC. Times are milliseconds since 1970.

/** Where a lead stands. */
export type State = "ready" | "inflight" | "unsure" | "looking" | "done" | "dead" | "held";

/** What a request is counted against. */
export interface Rate {
  /** The address or site key. The outbox stores a digest of it, never itself. */
  client: string;
  /** How many requests a minute. */
  perMinute: number;
  /** How many at once. */
  burst: number;
  /** A form post is let in up to ten times that, and marked. */
  form: boolean;
}

/** What is asked before the challenge. */
export interface Knock {
  /** Counted, where it is given. */
  rate?: Rate;
  /** The id, where the page gave one. */
  submissionId?: string;
  /** Where it did not: what the id is made from, together with `canonical`. */
  form?: { origin: string };
  /** As in `Arrival`. */
  canonical: string;
}

/** Whether a lead is known. `marked`: the mark `rate` is due. */
export type Knocked =
  | { verdict: "limited"; retryAfterMs: number }
  | { verdict: "new" | "same" | "conflict"; submissionId: string; marked: boolean };

/** A lead that a page sent. */
export interface Arrival {
  /** Counted, where it is given and was not at a knock. */
  rate?: Rate;
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
  /** The canonical JSON text of what the page sent as lead: what a repeat is compared by. */
  canonical: string;
  /** The JSON text of the lead as it goes out: allowed fields, defaults applied, no `customField`. */
  lead: string;
  /** The JSON text of an object: attribution, consent, page, landingPage, referrer, locale, phone. */
  custom: string;
  /** The JSON text of what the page sent besides; kept, never sent. */
  dropped?: string;
  /** The JSON text of the validation's warnings; kept. */
  warnings?: string;
  /** What scores the lead: time_trap, honeypot, unverified, rate, dropped_fields. */
  marks: string[];
  /** Not sent until released. */
  hold: boolean;
}

/** What became of an arrival. A lead that was accepted, now or earlier, is on disk. */
export type Accepted =
  | { verdict: "limited"; retryAfterMs: number }
  | { verdict: "accepted" | "conflict"; submissionId: string };

/** A lead in the outbox, without what it says. */
export interface Entry {
  submissionId: string;
  state: State;
  /** Why, as a code: `challenge`, `may_not_look`, `refused`, … */
  reason?: string;
  /** The status of the CRM's last answer that was no success. */
  status?: number;
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

/** A lead with what it says. */
export interface Detail extends Entry {
  lead?: unknown;
  custom?: unknown;
  dropped?: unknown;
  warnings?: unknown;
  /** Later bodies under the same id, oldest first. */
  revisions: { at: number; lead?: unknown }[];
}

/** How the outbox is. */
export interface Health {
  /** Leads that are not with the CRM yet, without those that wait for somebody to decide. */
  backlog: number;
  oldestAgeMs: number | null;
  /** `false`, or why nothing is sent, as a code. */
  parked: false | string;
  /** Whether the key may look for leads. */
  reconcile: "available" | "unavailable" | "unknown";
}

/** What somebody should know. It names no person. */
export type Alert =
  | { kind: "parked"; reason: string; status?: number }
  | { kind: "resumed"; reason: string }
  | { kind: "age"; oldestAgeMs: number; backlog: number }
  | { kind: "dead"; submissionId: string; status?: number }
  | { kind: "reconcile_unavailable"; status: number }
  | { kind: "expiring"; submissionId: string };

/** What a probe found out about an account. */
export interface ProbeReport {
  canCreate: boolean;
  /** Unknown where no lead could be made. */
  canRead: boolean | null;
  /** The first way of looking that found the lead. */
  finds: "id" | "phone" | "recent" | "none" | null;
  /** How long after the CRM's answer that was. */
  lagMs: number | null;
  /** What to set in the forwarder's configuration. */
  configuration: Record<string, unknown>;
}

/** The outbox as the handler sees it. Everything rejects where the store is out of reach. */
export interface Inbox {
  /** Counts a request and tells whether its lead is known. */
  knock(knock: Knock): Promise<Knocked>;
  /** Takes a lead in; resolves when it is on disk. */
  put(arrival: Arrival): Promise<Accepted>;
  health(): Promise<Health>;
  /** Numbers by name, as in `leads_done_total` and `leads{state="ready"}`. */
  metrics(): Promise<Record<string, number>>;
  /** The leads, newest first; `next` is the `after` of what follows. */
  list(query: { state?: State; after?: string; limit?: number }): Promise<{ entries: Entry[]; next?: string }>;
  inspect(submissionId: string): Promise<Detail | undefined>;
  /** Sends a dead or held lead again; where the CRM may have it, looks first. */
  replay(submissionId: string): Promise<boolean>;
  /** Lets a lead go that is held for its challenge. */
  release(submissionId: string): Promise<boolean>;
  /** Gives up a dead or held lead: its body goes, its id stays. */
  drop(submissionId: string): Promise<boolean>;
  /** Erases a lead's body, at once or as soon as its answer is there; its id stays. */
  erase(submissionId: string): Promise<boolean>;
  /** Makes one marked lead in the account and finds out what can be found of it. */
  probe(): Promise<ProbeReport>;
  /** Sees to it that work goes on. */
  poke(): Promise<void>;
}

/** What a store holds in one place. */
export type Value = string | number | null;

/** A SQLite database. */
export interface Store {
  /** Runs one statement with its parameters, and gives its rows. */
  exec(sql: string, params: Value[]): Value[][];
  /** Runs the steps as one transaction. */
  transaction<T>(steps: () => T): T;
}

/** What an outbox is made of. */
export interface OutboxOptions {
  store: Store;
  /** The client's options; `reconcile`, `submissionField`, `itemsKey`, `firstPage` and `timeout` count too. */
  crm: unknown;
  settings: {
    /** Days. */
    retention: { done: number; dead: number; ids: number };
    ambiguous: "reconcile" | "resend" | "hold";
    /** The waits before each look for a lead that the CRM may have, in milliseconds. */
    settle: number[];
    /** The CRM's limits, if others than the published ones; `minute` and `hour` are the windows' lengths. */
    limits?: { perMinute: number; perHour: number; minute?: number; hour?: number };
    /** How many leads are sent at once. Default 6, as many as a worker may have requests waiting. */
    lanes?: number;
  };
  onAlert?: (alert: Alert) => void;
  /** Asks to have `work()` called at this time, or earlier. */
  wake(at: number): void;
}
