import type {
  Batch,
  Changes,
  Customer,
  Lead,
  NewBatch,
  NewCustomer,
  NewLead,
  NewOpportunity,
  Opportunity,
} from "../base/generated/models.js";
import { assertNumber, configError, type OptionNames, rejectUnknownOptions } from "../base/options.js";

/** The documented names of a record. */
type KnownNames<T> = keyof { [Name in keyof T as string extends Name ? never : Name]: T[Name] };

/**
 * A record that the CRM holds from the start. Any field may be absent; fields that only the CRM sets, such as `_id` and
 * `createdAt`, may be given too.
 */
export type TestRecord<New, Received> = Changes<New> & {
  [Name in Exclude<KnownNames<Received>, keyof New>]?: Received[Name];
};

/** A credential that the CRM accepts: an access token, or an integration token. */
export interface TestCredential {
  /** An access token, sent as `Authorization: Bearer`. */
  accessToken?: string | undefined;
  /** An integration token, sent as `x-api-key`. */
  apiKey?: string | undefined;
  /** The only organization that the integration token is for. Default: any. */
  organizationId?: string | undefined;
  /** `create-only` may create leads; anything else is 403. Default `full`. */
  role?: "full" | "create-only" | undefined;
}

/** A user who can sign in. */
export interface TestUser {
  /** The user's e-mail address. */
  email: string;
  /** The user's password. */
  password: string;
}

/**
 * How the CRM in memory starts and responds. What the vendor does not document is an option: an app that passes its
 * tests with each value works whatever the real CRM does.
 */
export interface TestCRMOptions {
  /** The leads that the CRM holds from the start, oldest first. Default: none. */
  leads?: readonly TestRecord<NewLead, Lead>[] | undefined;
  /** The opportunities that the CRM holds from the start, oldest first. Default: none. */
  opportunities?: readonly TestRecord<NewOpportunity, Opportunity>[] | undefined;
  /** The batches that the CRM holds from the start, oldest first. Default: none. */
  batches?: readonly TestRecord<NewBatch, Batch>[] | undefined;
  /** The customers that the CRM holds from the start, oldest first. Default: none. */
  customers?: readonly TestRecord<NewCustomer, Customer>[] | undefined;
  /**
   * The CRM's clock: a date or milliseconds since 1970 that never changes, or a function of either. Default `Date.now`,
   * which the fake timers of Vitest and Jest control.
   */
  now?: number | Date | (() => number | Date) | undefined;
  /** The client's base URL. Only its path counts, not its host. Default `https://api.icloud-ready.com/api/v2`. */
  baseURL?: string | undefined;
  /** The credentials that are accepted; all others are 401. Default: any. */
  credentials?: readonly TestCredential[] | undefined;
  /** The users who can sign in; all others are 401. Default: any. */
  users?: readonly TestUser[] | undefined;
  /** Requests above this are 429, for each credential separately. Default: no limit. */
  rateLimit?: { perMinute?: number | undefined; perHour?: number | undefined } | undefined;
  /** The form of `Retry-After` in a 429 of `rateLimit`. Default: no such header. */
  retryAfter?: "seconds" | "date" | undefined;
  /**
   * Where a list's response has its records: `"array"`, the response itself, or the `path` in an object: names joined
   * by dots, where `{resource}` is the resource's name. `total` is the path of the number of records, and `extra` has
   * further members. Default `"array"`.
   */
  envelope?:
    "array" | { path: string; total?: string | undefined; extra?: { [name: string]: unknown } | undefined } | undefined;
  /** The number of a list's first page. Default 1. */
  firstPage?: 0 | 1 | undefined;
  /** The records on a page if the request has no `limit`. Default 20. */
  defaultLimit?: number | undefined;
  /** The maximum of records on a page, whatever `limit` asks for. Default: none. */
  limitCap?: number | undefined;
  /** The fields that `q` searches; `_all` is every field, and an empty array finds nothing. Default `["_all"]`. */
  searchFields?: readonly string[] | undefined;
  /**
   * The body of an error: `message`: `{ message }`, `error`: `{ error }`, `nested`: `{ error: { message } }`, `errors`:
   * `{ errors: [{ message }] }`, `text`: the message as plain text, `empty`: nothing. Default `message`.
   */
  errorShape?: "message" | "error" | "nested" | "errors" | "text" | "empty" | undefined;
  /** The status of empty responses to writes that need not return a record. Default: the record is returned. */
  emptyResponses?: 200 | 204 | undefined;
  /** The status of a created record, 200 to 299. Default 200. */
  createdStatus?: number | undefined;
  /** The header that identifies each response. Default: none. */
  requestIdHeader?: "x-request-id" | "cf-ray" | undefined;
  /** Where sign-in's response has the token: the member `key`, in the object `in` if given. Default `accessToken`. */
  signInShape?: { key: string; in?: string | undefined } | undefined;
}

const OPTIONS: OptionNames<TestCRMOptions> = {
  leads: 1,
  opportunities: 1,
  batches: 1,
  customers: 1,
  now: 1,
  baseURL: 1,
  credentials: 1,
  users: 1,
  rateLimit: 1,
  retryAfter: 1,
  envelope: 1,
  firstPage: 1,
  defaultLimit: 1,
  limitCap: 1,
  searchFields: 1,
  errorShape: 1,
  emptyResponses: 1,
  createdStatus: 1,
  requestIdHeader: 1,
  signInShape: 1,
};
const CREDENTIAL: OptionNames<TestCredential> = { accessToken: 1, apiKey: 1, organizationId: 1, role: 1 };

const VALUES: { [Name in keyof TestCRMOptions]?: readonly unknown[] } = {
  retryAfter: ["seconds", "date"],
  firstPage: [0, 1],
  errorShape: ["message", "error", "nested", "errors", "text", "empty"],
  emptyResponses: [200, 204],
  requestIdHeader: ["x-request-id", "cf-ray"],
};

/** Throws for an unknown option or a value that cannot be. @internal */
export function checkOptions(options: TestCRMOptions): void {
  rejectUnknownOptions(options, OPTIONS, "createTestCRM");
  for (const [name, values] of Object.entries(VALUES)) {
    const value = options[name as keyof TestCRMOptions];
    if (value !== undefined && !values.includes(value)) throw configError(name, `must be one of ${values.join(", ")}`);
  }
  for (const credential of options.credentials ?? []) rejectUnknownOptions(credential, CREDENTIAL, "credentials");
  const { rateLimit, defaultLimit, limitCap, createdStatus = 200 } = options;
  rejectUnknownOptions(rateLimit, { perMinute: 1, perHour: 1 }, "rateLimit");
  for (const [name, value] of Object.entries({ defaultLimit, limitCap, ...rateLimit })) {
    if (value !== undefined) assertNumber(name, value, true);
  }
  if (!(createdStatus >= 200 && createdStatus <= 299)) throw configError("createdStatus", "must be 200 to 299");
}
