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
 * An initial record of the CRM. All fields are optional, including those that only the CRM sets, such as `_id` and
 * `createdAt`.
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
  /** The only organization that the integration token is valid for. Default: any. */
  organizationId?: string | undefined;
  /** `create-only` may only create leads; other requests fail with 403. Default `full`. */
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
 * The initial state and behavior of the in-memory CRM. Undocumented behavior of the vendor is an option: an app that
 * passes its tests with each value works with the real CRM, whichever it does.
 */
export interface TestCRMOptions {
  /** The initial leads, oldest first. Default: none. */
  leads?: readonly TestRecord<NewLead, Lead>[] | undefined;
  /** The initial opportunities, oldest first. Default: none. */
  opportunities?: readonly TestRecord<NewOpportunity, Opportunity>[] | undefined;
  /** The initial batches, oldest first. Default: none. */
  batches?: readonly TestRecord<NewBatch, Batch>[] | undefined;
  /** The initial customers, oldest first. Default: none. */
  customers?: readonly TestRecord<NewCustomer, Customer>[] | undefined;
  /**
   * The CRM's clock: a date or milliseconds since 1970 that never changes, or a function of either. Default `Date.now`,
   * which the fake timers of Vitest and Jest control.
   */
  now?: number | Date | (() => number | Date) | undefined;
  /** The client's base URL. Only its path is used, not its host. Default `https://api.icloud-ready.com/api/v2`. */
  baseURL?: string | undefined;
  /** The accepted credentials; others fail with 401. Default: any. */
  credentials?: readonly TestCredential[] | undefined;
  /** The users who can sign in; others fail with 401. Default: any. */
  users?: readonly TestUser[] | undefined;
  /** The limits per credential, above which requests fail with 429. Default: none. */
  rateLimit?: { perMinute?: number | undefined; perHour?: number | undefined } | undefined;
  /** The format of `Retry-After` in a 429 of `rateLimit`. Default: no such header. */
  retryAfter?: "seconds" | "date" | undefined;
  /**
   * The location of the records in a list's response: `"array"` for the response itself, or the `path` in an object:
   * names joined by dots, where `{resource}` is the resource's name. `total` is the path of the number of records, and
   * `extra` contains further members. Default `"array"`.
   */
  envelope?:
    "array" | { path: string; total?: string | undefined; extra?: { [name: string]: unknown } | undefined } | undefined;
  /** The number of a list's first page. Default 1. */
  firstPage?: 0 | 1 | undefined;
  /** The number of records on a page if the request has no `limit`. Default 20. */
  defaultLimit?: number | undefined;
  /** The maximum number of records on a page, which caps `limit`. Default: none. */
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
  /** The header with the id of each response. Default: none. */
  requestIdHeader?: "x-request-id" | "cf-ray" | undefined;
  /**
   * The location of the token in the sign-in response: the member `key`, in the object `in` if set. Default
   * `accessToken`.
   */
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

/** Throws for an unknown option or an invalid value. @internal */
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
