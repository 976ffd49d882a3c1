import type { Batch, Customer, Lead, Opportunity } from "../base/generated/models.js";
import type { TestFault } from "./faults.js";
import type { TestOperation } from "./routes.js";

/** A request that the CRM received. */
export interface TestRequest {
  /** The method, such as `POST`. */
  method: string;
  /** The whole URL. */
  url: string;
  /** The path below the base URL, as sent. */
  path: string;
  /** The query's parameters, decoded. */
  query: Record<string, string>;
  /** The operation, such as `leads.create`; `undefined` if the request matches none. */
  operation: TestOperation | undefined;
  /** The headers, with lowercase names. */
  headers: Record<string, string>;
  /** The body: parsed if it is JSON, otherwise its text; `undefined` if it is empty. */
  body: unknown;
  /** The status of the response; `undefined` if the response was never sent. */
  status: number | undefined;
}

/** An in-memory CRM for tests. */
export interface TestCRM {
  /**
   * A replacement for the network: pass it as the client's option `fetch`. It does not depend on `this`. It responds to
   * any URL whose path begins with that of `baseURL`.
   */
  readonly fetch: typeof fetch;
  /** The base URL of the options, for clients and mocks that need one. */
  readonly baseURL: string;
  /** Copies of the leads that are not deleted, oldest first. */
  readonly leads: Lead[];
  /** Copies of the opportunities that are not deleted, oldest first. */
  readonly opportunities: Opportunity[];
  /** Copies of the batches that are not deleted, oldest first. */
  readonly batches: Batch[];
  /** Copies of the customers that are not deleted, oldest first. */
  readonly customers: Customer[];
  /** The received requests, oldest first, including failed ones. */
  readonly requests: readonly TestRequest[];
  /**
   * Makes the next matching requests fail; the earliest matching fault applies. Returns a function that removes the
   * fault.
   *
   * @example
   * crm.fail({ status: 503, retryAfter: 1 }); // the next request
   * crm.fail({ error: "connection", when: "after", operation: "leads.create" }); // created, but the response is lost
   * @throws {ConfigurationError} if the fault has an unknown member or an invalid value.
   */
  readonly fail: (fault: TestFault) => () => void;
  /** Restores the records of the options, and removes faults, requests and sign-ins. */
  readonly reset: () => void;
}
