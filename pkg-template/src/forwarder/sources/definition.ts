import type { NewLead } from "../../base/generated/models.js";
import { createError } from "../../base/errors.js";
import { configError } from "../../base/options.js";
import type { FetchResponse } from "../outbox/contract.js";
import { HttpError } from "../message/http-error.js";
import type { JsonObject } from "../message/json.js";

/** A platform or form tool that sends leads to the forwarder; created by functions such as `metaLeadAds`. */
export interface Source {
  /** Its kind, the prefix of its submission ids. */
  readonly kind: string;
}

/**
 * A secret: a string, several strings during rotation, or a function of the runtime's `env` that returns one of these.
 */
export type SecretOption = string | readonly string[] | ((env: any) => string | readonly string[] | undefined);

/** The delivered event, for `map`. */
export interface SourceEvent {
  /** The source's name in the option `sources`. */
  readonly source: string;
  /** The source's kind. */
  readonly kind: string;
  /** The submission id of the lead. */
  readonly submissionId: string;
  /** When it arrived. */
  readonly receivedAt: Date;
  /** Whether it is a test event of the platform. */
  readonly isTest: boolean;
  /** The parsed data of the platform. For Meta: `change` and the fetched `lead`. Integers beyond 2^53 are strings. */
  readonly data: any;
}

/** The options common to all sources. */
export interface SourceOptions {
  /**
   * Changes the lead that the default mapping created, and returns it; `null` acknowledges the event and sends nothing.
   * It must be synchronous. A lead for which it throws is held for an operator and mapped again when it is replayed.
   */
  map?: ((lead: NewLead, event: SourceEvent) => NewLead | null) | undefined;
  /** The country of telephone numbers without a calling code, such as `EG`. */
  country?: string | undefined;
  /** How the platform's test leads are handled: `skip`, the default, does not send them; `mark` tags them `test`. */
  tests?: "skip" | "mark" | undefined;
}

/** A request of a platform. @internal */
export interface RawDelivery {
  bytes: Uint8Array<ArrayBuffer>;
  headers: Headers;
  url: string;
}

/** An event of a delivery. @internal */
export interface ReceivedEvent {
  id: string | undefined;
  account?: string;
  data: unknown;
  thin?: boolean;
  marks?: string[];
}

/** The content of a verified delivery. @internal */
export interface Received {
  events: ReceivedEvent[];
  /** The number of events that cannot be stored because they do not identify a lead. */
  unreadable?: number;
}

/** A lead mapped from a source's own fields. @internal */
export interface DefaultLead {
  lead: JsonObject;
  /** Members of `customField`. */
  custom: JsonObject;
  isTest: boolean;
}

/** The implementation of a source. @internal */
export interface SourceDefinition extends Source {
  readonly options: SourceOptions;
  /** Responds with text to the platform's verification request for this URL. */
  handshake?(query: URLSearchParams, env: unknown): Promise<string>;
  /**
   * The content of a verified delivery.
   *
   * @throws {HttpError} `unauthorized`, or `unavailable` with the reason `secret_missing`.
   */
  receive(delivery: RawDelivery, env: unknown): Promise<Received>;
  toLead(data: any): DefaultLead;
  /** Fetches the lead of a thin event. */
  fetch?(event: { account: string; data: any }, env: unknown): Promise<FetchResponse>;
  /** Reads a page of a form's leads. */
  readForm?(
    page: { form: string; account: string; since: number; after?: string },
    env: unknown,
  ): Promise<FetchResponse>;
  readonly backfill?: { forms: { form: string; account: string }[]; interval: number };
}

/** The names of the options common to all sources. @internal */
export const SOURCE_OPTIONS = { map: 1, country: 1, tests: 1 } as const;

/** Checks the options common to all sources. @internal */
export function checkSourceOptions(source: string, { map, country, tests }: SourceOptions): void {
  if (map !== undefined && typeof map !== "function") throw configError(`${source}: map`, "must be a function");
  if (country !== undefined && !/^[A-Z]{2}$/.test(country))
    throw configError(`${source}: country`, "must be a country code such as EG");
  if (tests !== undefined && tests !== "skip" && tests !== "mark")
    throw configError(`${source}: tests`, "must be one of skip, mark");
}

/** Shorter secrets can be guessed. */
const MIN_SECRET_LENGTH = 16;

/** Checks a secret as far as possible without `env`. @internal */
export function checkSecret(name: string, value: unknown, min = MIN_SECRET_LENGTH): void {
  if (typeof value === "function") return;
  const texts = Array.isArray(value) ? value : [value];
  if (!texts.length || !texts.every((text) => typeof text === "string" && text.length >= min))
    throw configError(name, `must have at least ${min} characters, or be a function of env`);
}

/**
 * The secrets of an option for an `env`. A secret that is too short counts as not set.
 *
 * @throws {HttpError} `unavailable` if it is not set. @internal
 */
export function secretsOf(option: SecretOption, env: unknown, min = MIN_SECRET_LENGTH): string[] {
  let value: unknown;
  try {
    value = typeof option === "function" ? option(env) : option;
  } catch {
    // Its message may quote a secret.
  }
  const texts = (Array.isArray(value) ? value : [value]).filter(
    (text): text is string => typeof text === "string" && text.length >= min,
  );
  if (!texts.length) throw new HttpError("unavailable", { reason: "secret_missing" });
  return texts;
}

/** Checks that options are an object. @internal */
export function checkOptions(source: string, options: unknown): void {
  if (typeof options !== "object" || options === null)
    throw createError("configuration", `${source} needs its options`);
}
