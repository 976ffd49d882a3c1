// index.d.ts
export { ICloudReady, type Environment, type RequestInput } from "./client/icloud-ready.js";
export { preload } from "./loader/modules/client.js";
export type { WasmSource } from "./loader/loading.js";
export type { CallOptions, CreateOptions } from "./client/settings.js";
export type { ClientOptions, RequestEvent, ResponseEvent, RetryEvent, WaitEvent } from "./client/context.js";
export type { Credential } from "./client/credentials.js";
export type { Page, List } from "./client/list.js";
export type { BulkLeads, CreateManyOptions, CreateManyResult } from "./client/create-many.js";
export type * from "./base/generated/models.js";
export type { Batches, Customers, LeadActivities, LeadNotes, Leads, Opportunities, } from "./client/generated/resources.js";
export { APIError, AbortError, AuthenticationError, BadRequestError, ConfigurationError, ConflictError, ConnectionError, ICloudReadyError, InternalError, NotFoundError, PermissionDeniedError, RateLimitError, ResponseError, ServerError, TimeoutError, UnprocessableEntityError, ValidationError, isICloudReadyError, type Issue, } from "./base/errors.js";
export type { ErrorCode } from "./base/generated/codes.js";

// client/icloud-ready.d.ts
import type { Batches, Customers, Leads, Opportunities } from "./generated/resources.js";
import type { JsonValue } from "../base/generated/models.js";
import { type CallOptions } from "./settings.js";
import { type ClientOptions } from "./context.js";
export type { CallOptions, CreateOptions } from "./settings.js";
/** The variables that `fromEnv` reads, of `process.env` or of a worker's `env`, whatever else is in it. */
export interface Environment {
    /** The key. */
    ICLOUDREADY_API_KEY?: string | undefined;
    /** The organization's id, if the key is an integration token. */
    ICLOUDREADY_ORGANIZATION_ID?: string | undefined;
    /** The base URL. */
    ICLOUDREADY_BASE_URL?: string | undefined;
}
/** A request to an endpoint that has no method of its own. */
export interface RequestInput {
    /** The HTTP method. */
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** Starts with one slash and is appended to the base URL. `{name}` is replaced by a member of `params`. */
    path: string;
    /** The values of the path's placeholders. They are URL-encoded. */
    params?: Record<string, string | number> | undefined;
    /** The query parameters. `undefined` members are omitted. */
    query?: Record<string, string | number | boolean | undefined> | undefined;
    /** The body, sent as JSON. */
    body?: unknown;
}
/**
 * A client of the iCloud-Ready CRM. The constructor is synchronous and sends nothing; the first call loads the wasm.
 *
 * A call rejects with an `ICloudReadyError`: a `ValidationError` before it sends anything, an `APIError` such as
 * `NotFoundError` after an error status, a `ResponseError` after an unexpected 2xx, a `ConnectionError` without a
 * response.
 *
 * @throws {ConfigurationError} if an option is invalid.
 *
 * @example
 * const crm = new ICloudReady({ apiKey, organizationId });
 * const lead = await crm.leads.retrieve(id);
 */
export declare class ICloudReady {
    #private;
    /** Leads, their notes and activities. */
    readonly leads: Leads;
    /** Opportunities. */
    readonly opportunities: Opportunities;
    /** Batches. */
    readonly batches: Batches;
    /** Customers. */
    readonly customers: Customers;
    constructor(options?: ClientOptions);
    /**
     * Creates a client from environment variables: `ICLOUDREADY_API_KEY` (with `ICLOUDREADY_ORGANIZATION_ID` an
     * integration token, otherwise an access token) and `ICLOUDREADY_BASE_URL`. `options` override them.
     *
     * @param env Default `process.env`.
     * @throws {ConfigurationError} without a key, or in a web page.
     */
    static fromEnv(env?: Environment, options?: ClientOptions): ICloudReady;
    /**
     * Returns a derived client: these options override this client's. It shares the limiter and the token, unless
     * `options` have another credential or base URL.
     *
     * @throws {ConfigurationError} if an option is invalid.
     */
    withOptions(options: ClientOptions): ICloudReady;
    /**
     * Signs in with email and password; this client and derived clients then use the token. The password is not kept.
     * Returns the token, so that an app can store it.
     *
     * @throws {ConfigurationError} if the client has a credential.
     * @throws {ResponseError} if the response has no token.
     */
    signIn(credentials: {
        email: string;
        password: string;
    }): Promise<{
        accessToken: string;
    }>;
    /**
     * Calls any other endpoint, with the same authorization, retries, limits and errors. Returns the parsed body, or
     * `undefined` if it is empty.
     *
     * @throws {ValidationError} if the path, a parameter or the body is invalid; otherwise like any call.
     *
     * @example
     * await crm.request({ method: "GET", path: "/units/{id}", params: { id } });
     */
    request<T = JsonValue | undefined>(input: RequestInput, options?: CallOptions): Promise<T>;
}

// client/generated/resources.d.ts
import type { BulkLeads } from "../create-many.js";
import type { List } from "../list.js";
import type { CallOptions, CreateOptions } from "../settings.js";
import type { Activity, Batch, Changes, Customer, JsonObject, JsonValue, Lead, ListQuery, NewBatch, NewCustomer, NewLead, NewOpportunity, Note, Opportunity } from "../../base/generated/models.js";
/** Leads. */
export interface Leads extends BulkLeads {
    /** Lists leads, the most recent first. `GET /leads` */
    list(query?: ListQuery, options?: CallOptions): List<Lead>;
    /** Creates a lead. With a submission id it is created once, even if a response is lost. `POST /leads` */
    create(lead: NewLead, options?: CreateOptions): Promise<Lead>;
    /** Retrieves a lead. `GET /leads/{id}` */
    retrieve(id: string, options?: CallOptions): Promise<Lead>;
    /** Updates a lead. The body is undocumented: a lead's fields are assumed. `PUT /leads/{id}` */
    update(id: string, lead: Changes<NewLead>, options?: CallOptions): Promise<Lead | undefined>;
    /** Changes only the fields that are sent. `PATCH /leads/{id}` */
    patch(id: string, fields: Changes<NewLead>, options?: CallOptions): Promise<Lead | undefined>;
    /** Converts a lead. The body is undocumented. `POST /leads/{id}/convert` */
    convert(id: string, body?: JsonObject, options?: CallOptions): Promise<Lead | undefined>;
    /** Deletes a lead. `DELETE /leads/deleted/{id}` */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
    /** The notes of a lead. */
    readonly notes: LeadNotes;
    /** The activities of a lead. */
    readonly activities: LeadActivities;
}
/** The notes of a lead. */
export interface LeadNotes {
    /** Adds a note to a lead. `POST /leads/{leadId}/notes` */
    create(leadId: string, note: Note, options?: CallOptions): Promise<JsonValue | undefined>;
    /** Updates a note. `PUT /leads/{leadId}/notes/{noteId}` */
    update(leadId: string, noteId: string, note: Note, options?: CallOptions): Promise<JsonValue | undefined>;
    /** Deletes a note. `DELETE /leads/{leadId}/notes/{noteId}` */
    delete(leadId: string, noteId: string, options?: CallOptions): Promise<JsonValue | undefined>;
}
/** The activities of a lead. */
export interface LeadActivities {
    /** Adds an activity to a lead. The body is undocumented: an activity is assumed. `POST /leads/{leadId}/activities` */
    create(leadId: string, activity: Activity, options?: CallOptions): Promise<JsonValue | undefined>;
    /**
     * Updates an activity. The body is undocumented: an activity is assumed. `PUT
     * /leads/{leadId}/activities/{activityId}`
     */
    update(leadId: string, activityId: string, activity: Changes<Activity>, options?: CallOptions): Promise<JsonValue | undefined>;
    /** Deletes an activity. `DELETE /leads/{leadId}/activities/{activityId}` */
    delete(leadId: string, activityId: string, options?: CallOptions): Promise<JsonValue | undefined>;
}
/** Opportunities. */
export interface Opportunities {
    /** Lists opportunities, the most recent first. `GET /opportunities` */
    list(query?: ListQuery, options?: CallOptions): List<Opportunity>;
    /** Creates an opportunity. `POST /opportunities` */
    create(opportunity: NewOpportunity, options?: CallOptions): Promise<Opportunity>;
    /** Retrieves an opportunity. `GET /opportunities/{id}` */
    retrieve(id: string, options?: CallOptions): Promise<Opportunity>;
    /** Updates an opportunity. `PUT /opportunities/{id}` */
    update(id: string, opportunity: Changes<NewOpportunity>, options?: CallOptions): Promise<Opportunity | undefined>;
    /** Changes only the fields that are sent. `PATCH /opportunities/{id}` */
    patch(id: string, fields: Changes<NewOpportunity>, options?: CallOptions): Promise<Opportunity | undefined>;
    /** Deletes an opportunity. `DELETE /opportunities/deleted/{id}` */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
    /**
     * Creates an opportunity without an activity. The body is undocumented. `POST
     * /opportunities/no-activity-opportunities`
     */
    createNoActivity(body: JsonObject, options?: CallOptions): Promise<Opportunity | undefined>;
    /** Updates several opportunities. The body is undocumented. `PUT /opportunities/multiple` */
    updateMultiple(body: JsonObject | readonly unknown[], options?: CallOptions): Promise<JsonValue | undefined>;
}
/** Batches. */
export interface Batches {
    /** Lists batches, the most recent first. `GET /batches` */
    list(query?: ListQuery, options?: CallOptions): List<Batch>;
    /** Creates a batch. `POST /batches` */
    create(batch: NewBatch, options?: CallOptions): Promise<Batch>;
    /** Retrieves a batch. `GET /batches/{id}` */
    retrieve(id: string, options?: CallOptions): Promise<Batch>;
    /** Updates a batch. `PUT /batches/{id}` */
    update(id: string, batch: Changes<NewBatch>, options?: CallOptions): Promise<Batch | undefined>;
    /** Changes only the fields that are sent. `PATCH /batches/{id}` */
    patch(id: string, fields: Changes<NewBatch>, options?: CallOptions): Promise<Batch | undefined>;
    /** Deletes a batch. `DELETE /batches/deleted/{id}` */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
}
/** Customers. */
export interface Customers {
    /** Lists customers, the most recent first. `GET /customers` */
    list(query?: ListQuery, options?: CallOptions): List<Customer>;
    /** Creates a customer. `POST /customers` */
    create(customer: NewCustomer, options?: CallOptions): Promise<Customer>;
    /** Retrieves a customer. `GET /customers/{id}` */
    retrieve(id: string, options?: CallOptions): Promise<Customer>;
    /** Updates a customer. `PUT /customers/{id}` */
    update(id: string, customer: Changes<NewCustomer>, options?: CallOptions): Promise<Customer | undefined>;
    /** Changes only the fields that are sent. `PATCH /customers/{id}` */
    patch(id: string, fields: Changes<NewCustomer>, options?: CallOptions): Promise<Customer | undefined>;
    /** Deletes a customer: without the `/deleted/` that the other three have. `DELETE /customers/{id}` */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
}

// client/create-many.d.ts
import type { ICloudReadyError } from "../base/errors.js";
import type { Lead, NewLead } from "../base/generated/models.js";
import type { CallOptions } from "./settings.js";
/** Options of `createMany`. The call options apply to each lead. */
export interface CreateManyOptions extends CallOptions {
    /** The maximum number of concurrent creates. Default 4. */
    concurrency?: number | undefined;
    /** Returns a lead's submission id. Default: random ids. */
    submissionId?: ((lead: NewLead, index: number) => string) | undefined;
    /**
     * Looks up each lead, or those that the function selects, before sending it. With the ids of an earlier run nothing
     * is duplicated. Costs one request more per new lead, and up to three for the first ones. Default false.
     */
    checkExisting?: boolean | ((lead: NewLead, index: number) => boolean) | undefined;
    /** Called after each lead; `total` is set if the input is an array. Its errors are ignored. Default: none. */
    onProgress?: ((progress: {
        done: number;
        failed: number;
        total?: number;
    }) => void) | undefined;
    /** Stops reading the input and aborts the creates in progress. */
    signal?: AbortSignal | undefined;
}
/** The result of one lead: its index in the input, its submission id, and the created lead or the error. */
export type CreateManyResult = {
    index: number;
    submissionId: string;
    status: "created";
    lead: Lead;
} | {
    index: number;
    submissionId: string;
    status: "failed";
    error: ICloudReadyError;
};
/** Creates leads in bulk. */
export interface BulkLeads {
    /**
     * Creates leads, several at a time, each with a submission id. Yields the results in the order of the input, which is
     * read no faster than leads are sent. A lead that fails is a result; the others continue.
     *
     * @throws {AuthenticationError | PermissionDeniedError} after the results of the leads in progress; no more are sent.
     * @throws {AbortError} if `signal` aborted before the end of the input.
     *
     * @example
     * for await (const result of crm.leads.createMany(leads)) {
     *   if (result.status === "failed") console.error(result.index, result.error.code);
     * }
     */
    createMany(leads: Iterable<NewLead> | AsyncIterable<NewLead>, options?: CreateManyOptions): AsyncGenerator<CreateManyResult, void, undefined>;
}

// base/errors.d.ts
import { type ErrorCode, ISSUES } from "./generated/codes.js";
/** One problem with the input of a call. */
export interface Issue {
    /** Wire names and array indexes joined by dots, as in `leadInformation.phone`; `""` for the whole input. */
    path: string;
    /** The kind of problem. No codes will be added. */
    code: (typeof ISSUES)[number];
    /** An error stops the call; a warning stops it only if the client is `strict`. */
    severity: "error" | "warning";
    /** The problem in English, without the value. */
    message: string;
}
/** The base class of all errors of this package. Messages contain no URL, no body and no personal data. */
export declare class ICloudReadyError extends Error {
    #private;
    /** A machine-readable code, such as `rate_limit` or `total_timeout`. */
    readonly code: ErrorCode;
    /** The operation, such as `leads.create`. */
    readonly operation: string | undefined;
    /** How many times the request was sent. */
    readonly attempts: number;
    /** Whether the CRM may have processed the request although its response is missing. */
    readonly ambiguous: boolean;
    /** The CRM's id of the request: the header `x-request-id`, otherwise `cf-ray`. */
    readonly requestId: string | undefined;
    /** The underlying error; for an `AbortError` the signal's reason. It may contain personal data. */
    get cause(): unknown;
    /** Makes `instanceof` work across copies of this package. */
    static [Symbol.hasInstance](value: unknown): boolean;
}
/** An option, credential or header is invalid. Nothing was sent. */
export declare class ConfigurationError extends ICloudReadyError {
}
/** The input is invalid. Nothing was sent. */
export declare class ValidationError extends ICloudReadyError {
    /** All problems, including warnings. */
    readonly issues: Issue[];
}
/** The call was aborted by its `signal`; `cause` is the signal's reason. */
export declare class AbortError extends ICloudReadyError {
}
/** A bug in this package. The next call uses a new wasm instance and can succeed. */
export declare class InternalError extends ICloudReadyError {
}
/** No complete response was received. On servers the message contains the system's error code, such as `ENOTFOUND`. */
export declare class ConnectionError extends ICloudReadyError {
}
/** A timeout elapsed: `code` is `timeout`, `total_timeout` or `queue_timeout` (`maxQueueWait`; `attempts` is 0). */
export declare class TimeoutError extends ConnectionError {
}
/** The CRM responded, but not with the expected success. */
declare abstract class ResponseErrorBase extends ICloudReadyError {
    #private;
    /** The HTTP status; 0 for a redirect hidden by the browser; `undefined` without a response. */
    readonly status: number | undefined;
    /** The response's `Retry-After` in milliseconds. */
    readonly retryAfterMs: number | undefined;
    /** The response headers. */
    get headers(): Headers | undefined;
    /** The response body: parsed if it is JSON, otherwise text. It may contain personal data. */
    get body(): unknown;
    /** The error message in the response body (`message`, `error` or `errors`), if any. It may contain personal data. */
    get detail(): string | undefined;
}
/** A 2xx response without the expected content: not JSON, not a list, not a record. */
export declare class ResponseError extends ResponseErrorBase {
}
/** The CRM responded with a status other than 2xx. */
export declare class APIError extends ResponseErrorBase {
}
/** 400: the CRM rejected the request. */
export declare class BadRequestError extends APIError {
}
/** 401: the credential was rejected; or the token function failed (then `status` is `undefined`). */
export declare class AuthenticationError extends APIError {
}
/** 403: the credential lacks the permission. */
export declare class PermissionDeniedError extends APIError {
}
/** 404: the record does not exist. */
export declare class NotFoundError extends APIError {
}
/** 409: the request conflicts with the record's current state. */
export declare class ConflictError extends APIError {
}
/** 422: the request is well-formed, but the CRM cannot process it. */
export declare class UnprocessableEntityError extends APIError {
}
/** 429: too many requests; or an earlier 429 demands a wait of over a minute (then `attempts` is 0). */
export declare class RateLimitError extends APIError {
}
/** 5xx: an error of the CRM. */
export declare class ServerError extends APIError {
}
/** Whether a value is an error of this package, or of another copy of it. */
export declare function isICloudReadyError(value: unknown): value is ICloudReadyError;
export {};

// base/generated/codes.d.ts
/** The codes of issues, by their numbers in the wasm. */
export declare const ISSUES: readonly ["required", "type", "integer", "json", "conflict", "format", "phone", "email", "date", "spelling", "precision"];
/** The codes of errors. More may be added. */
export type ErrorCode = "configuration" | "internal" | "validation" | "abort" | "response" | "inconclusive" | "connection" | "timeout" | "total_timeout" | "queue_timeout" | "bad_request" | "authentication" | "permission_denied" | "not_found" | "conflict" | "unprocessable_entity" | "rate_limit" | "server_error" | "redirect" | "api";

// base/generated/models.d.ts
/** A JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | {
    [name: string]: JsonValue;
};
/** A JSON object whose members are not documented. */
export type JsonObject = {
    [name: string]: unknown;
};
/** Changes to a `T`: any of its fields, at any depth, including fields added by interface augmentation; `null` clears. */
export type Changes<T> = {
    [Field in keyof T]?: ChangedValue<T[Field]> | null | undefined;
};
type ChangedValue<V> = V extends readonly (infer Item)[] ? readonly ChangedValue<Item>[] : V extends object ? Changes<V> : V;
/** A `T` from a response: every field may be missing or `null`, and there may be undocumented fields. */
export type Recorded<T> = {
    [Field in keyof T]?: ReceivedValue<T[Field]> | null;
} & {
    [field: string]: unknown;
};
type ReceivedValue<V> = V extends readonly (infer Item)[] ? ReceivedValue<Item>[] : V extends object ? Recorded<V> : V;
/** What to list. The same for all four lists; any other parameter is sent too. */
export interface ListQuery {
    /** The number of records to return. */
    limit?: number | undefined;
    /** The page number. Whether the CRM counts from 0 or 1 is not documented. */
    page?: number | undefined;
    /** The order of the records. */
    order?: string | undefined;
    /** The field to sort by. */
    sortBy?: string | undefined;
    /** The filter of the records. */
    fields?: string | undefined;
    /** Policy filters. */
    p?: string | undefined;
    /** The search query. */
    q?: string | undefined;
    /** Any other parameter is sent too. */
    [parameter: string]: string | number | boolean | undefined;
}
/** A lead: someone who may buy, rent or sell. In requests. */
export interface NewLead {
    /** Who the lead is and how to reach them. */
    leadInformation: LeadInformation;
    /** The id of the customer the lead belongs to. */
    customer?: string | undefined;
    /** The id of the unit the lead asks about. */
    unitId?: string | undefined;
    /** The id of the user who owns the lead. */
    leadOwner?: string | undefined;
    /** The id of a task. */
    taskId?: string | undefined;
    /** The id of a promotion, as in `promo123`. */
    promoId?: string | undefined;
    /** The kind of lead, as in `new` or `buying`. With the integration token it is sent as `leadtype`. */
    leadType?: string | undefined;
    /** Where the lead came from, as in `website` or `facebook_ads`. */
    leadSource?: string | undefined;
    /** The lead's status, as in `active`. */
    status?: string | undefined;
    /** How promising the lead is, as in `4`. */
    leadRating?: number | undefined;
    /** The lead's history. Its entries are not documented. */
    history?: readonly unknown[] | undefined;
    /** What was done for the lead. */
    activityLog?: readonly Activity[] | undefined;
    /** A description, as in `Interested in purchasing a new property`. */
    leadDescription?: string | undefined;
    /** Notes: strings in the vendor's example. */
    notes?: readonly (string | Note)[] | undefined;
    /** Documents attached to the lead. */
    documents?: readonly DocumentEntry[] | undefined;
    /** An id in another system, as in `request123`. */
    idengagerRequestId?: string | undefined;
    /** Further telephone numbers. */
    additionalPhones?: readonly string[] | undefined;
    /** Further e-mail addresses. */
    additionalEmails?: readonly string[] | undefined;
    /** Whether the lead is qualified. */
    isQualified?: boolean | undefined;
    /** The campaign the lead answered, as in `Q3-Resale-Boost`. */
    campaignName?: string | undefined;
    /** The campaign's ad set, as in `Resale Units`. */
    setName?: string | undefined;
    /** The size of the deal, in no documented currency. */
    dealSize?: number | undefined;
    /** The region, as in `Cairo`. */
    region?: string | undefined;
    /** What the lead is interested in, as in `villa` or `garden`. */
    interests?: readonly string[] | undefined;
    /** Tags, as in `hot`. */
    tags?: readonly string[] | undefined;
    /** Further data, such as UTM parameters, as stringified JSON. Contains the submission id. */
    customField?: string | undefined;
}
/** A lead: someone who may buy, rent or sell. In responses. */
export interface Lead extends Recorded<NewLead> {
    /** `leadType`, as the vendor spells it elsewhere. */
    leadtype?: string | null;
    /** The record's id: 24 hexadecimal digits in the vendor's examples. */
    _id: string;
    /** A second id: 12 upper-case letters and digits. */
    uid?: string | null;
    /** The lead's number within the organization. */
    leadNumber?: number | null;
    /** The id of the organization. */
    realmId?: string | null;
    /** The id of the user or integration that created it. */
    createdBy?: string | null;
    /** When the lead was created: ISO 8601 with an offset. */
    creationDate?: string | null;
    /** Creation time: ISO 8601, UTC, with milliseconds. */
    createdAt?: string | null;
    /** Time of the last change: ISO 8601, UTC, with milliseconds. */
    updatedAt?: string | null;
    /** Whether the record was deleted. */
    deleted?: boolean | null;
    /** When the record was deleted; `null` at first. */
    deletedAt?: string | null;
    /** When the lead was last assigned; `null` at first. */
    lastAssignedDate?: string | null;
    /** The id of a territory; `null` at first. */
    territoryId?: string | null;
    /** The address of a proposal; `null` at first. */
    proposalUrl?: string | null;
    /** When the lead was claimed; `null` at first. */
    claimedAt?: string | null;
    /** Whether the lead was converted. */
    converted?: boolean | null;
    /** Whether a workflow was started; `false` at first. */
    workflowStart?: boolean | null;
    /** Whether the lead is a favorite; `false` at first. */
    isFavorite?: boolean | null;
    /** Conversations; empty at first. */
    conversations?: unknown[] | null;
    /** Custom fields; empty at first. */
    customFields?: unknown[] | null;
    /** Whose favorite the lead is; empty at first. */
    favoritedBy?: unknown[] | null;
    /** Assigned accounts; empty at first. */
    assignedAccounts?: unknown[] | null;
    /** The workflow's set-up; empty at first. */
    workflowSetup?: unknown[] | null;
    /** Units; empty at first. */
    units?: unknown[] | null;
    /** The workflow; empty at first. */
    workflow?: unknown[] | null;
    /** Collaborators; empty at first. */
    collaborators?: unknown[] | null;
    /** The record's version in the CRM's database. */
    __v?: number | null;
}
/** Who a lead is and how to reach them. */
export interface LeadInformation {
    /** The salutation, as in `mr`. */
    salutation?: string | undefined;
    /** The first name. */
    firstName: string;
    /** The last name. */
    lastName?: string | undefined;
    /** The telephone number in E.164, as in `+201001234567`. */
    phone: string;
    /** The e-mail address. */
    email?: string | undefined;
    /** The postal address. */
    address?: Address | undefined;
    /** The position, as in `Marketing Director`. */
    title?: string | undefined;
    /** The company. */
    company?: string | undefined;
}
/** A postal address. */
export interface Address {
    /** The address itself, as in `Villa 12, Palm Hills`. */
    address?: string | undefined;
    /** The country, `EG` in the vendor's example. */
    country?: string | undefined;
    /** The city. */
    city?: string | undefined;
    /** The street. */
    street?: string | undefined;
    /** The postal code. */
    zip?: string | undefined;
}
/** An entry of an activity log. */
export interface Activity {
    /** The activity's number: a string in the vendor's example of a lead, else a number. */
    activityNumber?: string | number | undefined;
    /** What was done, as in `Email sent`. */
    activity?: string | undefined;
    /** The day it was done: `YYYY-MM-DD`. */
    activityDate?: string | undefined;
    /** Details, as in `Email sent to johndoe@example.com`. */
    logs?: string | undefined;
}
/** A note on a lead. The vendor documents none of its members. */
export interface Note {
    [member: string]: unknown;
}
/** A document attached to a record. */
export interface DocumentEntry {
    /** The day it was uploaded: `YYYY-MM-DD`. */
    uploadDate?: string | undefined;
    /** The address of the file. */
    fileUrl?: string | undefined;
}
/** An opportunity: a deal in the making. In requests. */
export interface NewOpportunity {
    /** The id of the customer. */
    customer?: string | undefined;
    /** The id of the lead it came from. */
    leadId?: string | undefined;
    /** Information about the opportunity. Its members are not documented. */
    opportunityInformation?: JsonObject | undefined;
    /** The id of the user who owns the opportunity. */
    opportunityOwner?: string | undefined;
    /** How likely the deal is, `0.75` in the vendor's example. */
    probability?: number | undefined;
    /** The discount, `10` in the vendor's example, in no documented unit. */
    discount?: number | undefined;
    /** The revenue, in no documented currency. */
    revenue?: number | undefined;
    /** The day the deal should close, `YYYY-MM-DD` in the vendor's example. */
    closeDate?: string | undefined;
    /** The units concerned. Its entries are not documented. */
    units?: readonly unknown[] | undefined;
    /** The id of a promotion, as in `promo123`. */
    promoId?: string | undefined;
    /** The kind of opportunity, as in `new`. */
    opportunityType?: string | undefined;
    /** Where it came from, as in `website`. */
    opportunitySource?: string | undefined;
    /** Its status, as in `active`. */
    status?: string | undefined;
    /** How promising it is, as in `4`. */
    opportunityRating?: number | undefined;
    /** What was done for it. */
    activityLog?: readonly Activity[] | undefined;
    /** Notes. */
    notes?: readonly (string | Note)[] | undefined;
    /** Documents attached to it. */
    documents?: readonly DocumentEntry[] | undefined;
    /** The id of a task. */
    taskId?: string | undefined;
    /** An id in another system, as in `request123`. */
    idengagerRequestId?: string | undefined;
    /** A description. */
    opportunityDescription?: string | undefined;
    /** The sales stage, as in `stage1`. */
    stage?: string | undefined;
    /** The forecast category, as in `category1`. */
    forecastCategory?: string | undefined;
}
/** An opportunity: a deal in the making. In responses. */
export interface Opportunity extends Recorded<NewOpportunity> {
    /** The record's id. */
    _id: string;
}
/** A batch: leads and opportunities handed to someone together. In requests. */
export interface NewBatch {
    /** The batch's code. */
    batchCode?: string | undefined;
    /** The kind of batch. */
    batchType?: string | undefined;
    /** The manager. */
    manager?: string | undefined;
    /** The assignee. */
    assignee?: string | undefined;
    /** The day it is due. */
    dueDate?: string | undefined;
    /** Whether it is repeated. */
    repeated?: boolean | undefined;
    /** A summary. */
    summary?: string | undefined;
    /** Notes: one string here, an array elsewhere. */
    notes?: string | undefined;
    /** The leads in the batch. Its entries are not documented. */
    leadIds?: readonly unknown[] | undefined;
    /** The opportunities in the batch. Its entries are not documented. */
    opportunityIds?: readonly unknown[] | undefined;
    /** The rating. */
    rating?: number | undefined;
}
/** A batch: leads and opportunities handed to someone together. In responses. */
export interface Batch extends Recorded<NewBatch> {
    /** The record's id. */
    _id: string;
}
/** A customer: a person or a company. In requests. */
export interface NewCustomer {
    /** Whether the customer is a company. */
    isCompany?: boolean | undefined;
    /** The company's capital, in no documented currency. */
    capital?: number | undefined;
    /** The manager. */
    manager?: string | undefined;
    /** The name. */
    name?: string | undefined;
    /** The name in Arabic. */
    name_ar?: string | undefined;
    /** The address in Arabic. */
    address_ar?: string | undefined;
    /** The first line of the street address. */
    street1?: string | undefined;
    /** The second line of the street address. */
    street2?: string | undefined;
    /** The postal code. */
    zipCode?: string | undefined;
    /** The city. */
    city?: string | undefined;
    /** Contacts. Its entries are not documented. */
    contacts?: readonly unknown[] | undefined;
    /** The French establishment number (SIRET). */
    siret?: string | undefined;
    /** The French commercial register number (RCS). */
    rcs?: string | undefined;
    /** A number the vendor calls `unNumber`. */
    unNumber?: number | undefined;
    /** The status. */
    status?: string | undefined;
    /** The subject. */
    subject?: string | undefined;
    /** The category. */
    category?: string | undefined;
}
/** A customer: a person or a company. In responses. */
export interface Customer extends Recorded<NewCustomer> {
    /** The record's id. */
    _id: string;
}
export {};

// client/settings.d.ts
/** Options of one call, the last argument of every method. They override those of the client. */
export interface CallOptions {
    /** Aborts the call with an `AbortError`. Default: none. */
    signal?: AbortSignal | undefined;
    /**
     * Milliseconds for one attempt: getting the token, sending, reading the body. An attempt that takes longer fails with
     * a `TimeoutError`. 0 disables it. Default 30,000.
     */
    timeout?: number | undefined;
    /** Milliseconds for all attempts, back-offs and lookups, without the limiter. 0 disables it. Default 120,000. */
    totalTimeout?: number | undefined;
    /** The maximum number of retries. Default 2. */
    maxRetries?: number | undefined;
    /** Added to the client's headers. Default: none. */
    headers?: Record<string, string> | undefined;
    /** Called with each response, without its body. Its errors are logged and ignored. */
    onResponse?: ((response: Response) => void) | undefined;
}
/** Options of `leads.create`. */
export interface CreateOptions extends CallOptions {
    /**
     * 8 to 64 characters of `[A-Za-z0-9_-]`; creates the lead once. It is sent in the lead. If the response is lost, the
     * client looks the lead up and resends it only if the CRM does not have it, provided that the CRM lists new leads
     * within `reconcileDelays`. Of concurrent creates with one id, in this client and derived clients, one is sent.
     */
    submissionId?: string | undefined;
    /** Looks the lead up first, in case an earlier run sent it. Needs `submissionId`. Default false. */
    checkExisting?: boolean | undefined;
}
/** Options of a client that concern its calls. */
export interface CallDefaults extends Pick<CallOptions, "timeout" | "totalTimeout" | "maxRetries"> {
    /** The maximum wait in the limiter, in milliseconds. Default 0: no limit. */
    maxQueueWait?: number | undefined;
    /** Whether warnings about input are errors. Default false. */
    strict?: boolean | undefined;
    /** The lead's field that contains the submission id. Default `customField`. */
    submissionField?: "customField" | "idengagerRequestId" | undefined;
    /** How leads are looked up: by id only, or also by phone and in the list. Default `id` in pages, otherwise `full`. */
    reconcile?: "full" | "id" | undefined;
    /** Milliseconds before each lookup after a lost response. Default `[1_000, 4_000]`. */
    reconcileDelays?: readonly number[] | undefined;
    /** The path to the records in a list's response, such as `result.items`. Default: common names are tried. */
    itemsKey?: string | undefined;
    /** The number of a list's first page. Default: found out, with one request more. */
    firstPage?: 0 | 1 | undefined;
}

// client/list.d.ts
/** One page of a list. */
export interface Page<T> {
    /** The records. Those that an earlier page already had are skipped. */
    data: T[];
    /** The whole response body, because its envelope is not documented; `undefined` if it is empty. */
    body: unknown;
    /** Requests the next page; `null` after the last one. Calling it twice sends one request. */
    getNextPage(): Promise<Page<T> | null>;
}
/** A list of records: `await` returns the first page, `for await` iterates over the records of all pages. */
export declare class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
    #private;
    /** Requests the first page; rejects like any call. Awaiting twice sends one request. */
    then<A = Page<T>, B = never>(fulfilled?: ((page: Page<T>) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    /** Handles a failure of the first page, as of a promise. */
    catch<A = never>(rejected?: ((reason: unknown) => A | PromiseLike<A>) | null): Promise<Page<T> | A>;
    /** Requests the first page, and calls the function afterwards, as of a promise. */
    finally(done?: (() => void) | null): Promise<Page<T>>;
    /** Iterates over the pages. Each iteration requests them again. */
    pages(): AsyncGenerator<Page<T>, void, undefined>;
    /** Iterates over the records of all pages. */
    [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>;
    /** Returns the first `max` records. @throws {ConfigurationError} if `max` is missing or not a number of 0 or more. */
    toArray(options: {
        max: number;
    }): Promise<T[]>;
}

// client/context.d.ts
import type { CallDefaults } from "./settings.js";
import type { WasmSource } from "../loader/loading.js";
import { type Credential } from "./credentials.js";
/** Passed to all hooks. */
export interface CallEvent {
    /** The operation, such as `leads.create`. */
    readonly operation: string;
}
/** Passed to `onRequest`, before a request is sent. */
export interface RequestEvent extends CallEvent {
    /** The HTTP method, such as `POST`. */
    readonly method: string;
    /** The route template, such as `/leads/{id}`. */
    readonly route: string;
    /** The number of the attempt, from 1. */
    readonly attempt: number;
}
/** Passed to `onResponse`, once the response headers are received. */
export interface ResponseEvent extends Omit<RequestEvent, "method"> {
    /** The HTTP status. */
    readonly status: number;
    /** Without `set-cookie`. */
    readonly headers: Headers;
    /** The CRM's id of the request: the header `x-request-id`, otherwise `cf-ray`. */
    readonly requestId?: string | undefined;
    /** Milliseconds from sending the request to its response headers. */
    readonly durationMs: number;
}
/** Passed to `onRetry`, before the wait for the next attempt. */
export interface RetryEvent extends CallEvent {
    /** The number of the attempt that failed, from 1. */
    readonly attempt: number;
    /** Milliseconds until the next attempt. */
    readonly delayMs: number;
    /** Why the attempt failed; `reconcile`: the lead is looked up next. */
    readonly reason: "status" | "connection" | "timeout" | "reconcile";
    /** The HTTP status if `reason` is `status`. */
    readonly status?: number | undefined;
}
/** Passed to `onWait`, before a call waits in the limiter. */
export interface WaitEvent extends CallEvent {
    /** Milliseconds until the call may be sent; an estimate. */
    readonly delayMs: number;
    /** Why the call waits. */
    readonly reason: "rate_limit";
}
/** Options of a client. An unknown option is an error; `undefined` means unset. */
export interface ClientOptions extends CallDefaults {
    /** The integration token, sent as `x-api-key`. Needs `organizationId`. */
    apiKey?: Credential | undefined;
    /** The organization's id, 24 hexadecimal digits. Needs `apiKey`. */
    organizationId?: string | undefined;
    /** The key of the API reference (`ICLOUDREADY_API_KEY`) or a user's token, sent as `Authorization: Bearer`. */
    accessToken?: Credential | undefined;
    /** An https URL, or http on loopback. Default `https://api.icloud-ready.com/api/v2`. */
    baseURL?: string | undefined;
    /** Allows an http base URL that is not on loopback. Default false. */
    allowInsecureBaseURL?: boolean | undefined;
    /** The maximum number of requests, or `false` for no limit. Default 480 per minute and 4,800 per hour. */
    rateLimit?: {
        perMinute?: number;
        perHour?: number;
    } | false | undefined;
    /** Replaces `fetch`. Default: the global `fetch` at the time of the call. */
    fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
    /**
     * Passed to `fetch`, for what a runtime's `fetch` knows in addition: `dispatcher`, `cf`, `next`, `cache`. The last
     * three are passed for reads only: they store responses, which contain personal data.
     */
    fetchOptions?: Readonly<Record<string, unknown>> | undefined;
    /** Added to every request. Default: none. */
    headers?: Record<string, string> | undefined;
    /** Called before each request. Its errors are logged and ignored. */
    onRequest?: ((event: RequestEvent) => void) | undefined;
    /** Called after each response. Its errors are logged and ignored. */
    onResponse?: ((event: ResponseEvent) => void) | undefined;
    /** Called before each retry. Its errors are logged and ignored. */
    onRetry?: ((event: RetryEvent) => void) | undefined;
    /** Called before each wait in the limiter. Its errors are logged and ignored. */
    onWait?: ((event: WaitEvent) => void) | undefined;
    /** Receives log messages, such as `console`. Warnings about input contain path and code. Default: none. */
    logger?: Pick<Console, "debug" | "info" | "warn" | "error"> | undefined;
    /** Allows a string credential in a web page, where every visitor can read it. Default false. */
    dangerouslyAllowBrowser?: boolean | undefined;
    /** The wasm, for `icloud-ready/slim`. Default: the wasm of the package. */
    wasm?: WasmSource | Promise<WasmSource> | undefined;
}

// loader/loading.d.ts
/** A `WebAssembly.Module`; `object` in projects whose `lib` does not declare WebAssembly. */
export type CompiledWasm = typeof globalThis extends {
    WebAssembly: {
        Module: new (...given: any) => infer Module;
    };
} ? Module : object;
/** A compiled module, its bytes, a response with them, or a URL to load them from (`file:` too, on servers). */
export type WasmSource = CompiledWasm | ArrayBuffer | ArrayBufferView | Response | URL;

// client/credentials.d.ts
/** A credential, or a function that returns it and is called before each request. */
export type Credential = string | (() => string | Promise<string>);

// loader/modules/client.d.ts
/** Loads the wasm now instead of on the first call. @throws {ConnectionError} if it cannot be loaded. */
export declare function preload(): Promise<void>;

// slim.d.ts
/** The same client, for callers that provide the wasm themselves, by the option `wasm`. */
export * from "./index.js";

// testing/index.d.ts
import type { TestCRM } from "./contract.js";
import type { TestCRMOptions } from "./options.js";
export type { TestCRM, TestRequest } from "./contract.js";
export type { ConnectionFault, FaultRule, StatusFault, TestFault } from "./faults.js";
export { createTestList, type TestListOptions } from "./list.js";
export type { TestCRMOptions, TestCredential, TestRecord, TestUser } from "./options.js";
export type { TestOperation } from "./routes.js";
/**
 * Creates an in-memory CRM behind a `fetch`: the client runs unchanged, without a network. The 33 operations, sign-in,
 * both kinds of credential, errors, lists and limits behave like those of the emulator that this package is tested
 * with. The same requests produce the same ids.
 *
 * @example
 * const crm = createTestCRM({ leads: [{ leadInformation: { firstName: "Mona" } }] });
 * const client = new ICloudReady({ accessToken: "test", fetch: crm.fetch });
 * await client.leads.create({ leadInformation: { firstName: "Ahmed", phone: "+201001234567" } });
 * crm.leads.length; // 2
 * @throws {ConfigurationError} if an option is unknown or has an invalid value.
 */
export declare function createTestCRM(options?: TestCRMOptions): TestCRM;

// testing/contract.d.ts
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

// testing/faults.d.ts
import { type TestOperation } from "./routes.js";
/** Which requests fail, and whether before or after the CRM processes them. */
export interface FaultRule {
    /** Only requests of this operation, such as `leads.create`. Default: every request. */
    operation?: TestOperation | undefined;
    /**
     * `before`: the CRM does nothing. `after`: it processes the request, and the response is lost or replaced. Default
     * `before`.
     */
    when?: "before" | "after" | undefined;
    /** The number of requests that fail; `Infinity` for all. Default 1. */
    times?: number | undefined;
    /** The number of matching requests that succeed first. Default 0. */
    skip?: number | undefined;
}
/** A response with this status instead of the CRM's. */
export interface StatusFault extends FaultRule {
    /** The response's status, 200 to 599. */
    status: number;
    /** The header `Retry-After`: a number of seconds, or text such as an HTTP date. Default: none. */
    retryAfter?: number | string | undefined;
    /** The response's body: text, or any other value as JSON. Default: an object with a `message`. */
    body?: unknown;
    /** Further headers of the response. */
    headers?: Record<string, string> | undefined;
    /** Not with `status`. */
    error?: undefined;
}
/** No response. */
export interface ConnectionFault extends FaultRule {
    /**
     * `connection`: `fetch` rejects as if the connection was lost. `timeout`: no response until the request is aborted
     * by the client's timeout or signal.
     */
    error: "connection" | "timeout";
    /** Not with `error`. */
    status?: undefined;
}
/** A failure, and the requests that it affects. */
export type TestFault = StatusFault | ConnectionFault;

// testing/routes.d.ts
/** The methods and paths of the client's operations, and of sign-in. */
export declare const ROUTES: {
    readonly signIn: "POST /signin";
    readonly "leads.list": "GET /leads";
    readonly "leads.create": "POST /leads";
    readonly "leads.retrieve": "GET /leads/{id}";
    readonly "leads.update": "PUT /leads/{id}";
    readonly "leads.patch": "PATCH /leads/{id}";
    readonly "leads.convert": "POST /leads/{id}/convert";
    readonly "leads.delete": "DELETE /leads/deleted/{id}";
    readonly "leads.notes.create": "POST /leads/{leadId}/notes";
    readonly "leads.notes.update": "PUT /leads/{leadId}/notes/{noteId}";
    readonly "leads.notes.delete": "DELETE /leads/{leadId}/notes/{noteId}";
    readonly "leads.activities.create": "POST /leads/{leadId}/activities";
    readonly "leads.activities.update": "PUT /leads/{leadId}/activities/{activityId}";
    readonly "leads.activities.delete": "DELETE /leads/{leadId}/activities/{activityId}";
    readonly "opportunities.list": "GET /opportunities";
    readonly "opportunities.create": "POST /opportunities";
    readonly "opportunities.retrieve": "GET /opportunities/{id}";
    readonly "opportunities.update": "PUT /opportunities/{id}";
    readonly "opportunities.patch": "PATCH /opportunities/{id}";
    readonly "opportunities.delete": "DELETE /opportunities/deleted/{id}";
    readonly "opportunities.createNoActivity": "POST /opportunities/no-activity-opportunities";
    readonly "opportunities.updateMultiple": "PUT /opportunities/multiple";
    readonly "batches.list": "GET /batches";
    readonly "batches.create": "POST /batches";
    readonly "batches.retrieve": "GET /batches/{id}";
    readonly "batches.update": "PUT /batches/{id}";
    readonly "batches.patch": "PATCH /batches/{id}";
    readonly "batches.delete": "DELETE /batches/deleted/{id}";
    readonly "customers.list": "GET /customers";
    readonly "customers.create": "POST /customers";
    readonly "customers.retrieve": "GET /customers/{id}";
    readonly "customers.update": "PUT /customers/{id}";
    readonly "customers.patch": "PATCH /customers/{id}";
    readonly "customers.delete": "DELETE /customers/{id}";
};
/** The name of an operation as in errors and hooks, such as `leads.create`. */
export type TestOperation = keyof typeof ROUTES;

// testing/options.d.ts
import type { Batch, Changes, Customer, Lead, NewBatch, NewCustomer, NewLead, NewOpportunity, Opportunity } from "../base/generated/models.js";
/** The documented names of a record. */
type KnownNames<T> = keyof {
    [Name in keyof T as string extends Name ? never : Name]: T[Name];
};
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
    rateLimit?: {
        perMinute?: number | undefined;
        perHour?: number | undefined;
    } | undefined;
    /** The format of `Retry-After` in a 429 of `rateLimit`. Default: no such header. */
    retryAfter?: "seconds" | "date" | undefined;
    /**
     * The location of the records in a list's response: `"array"` for the response itself, or the `path` in an object:
     * names joined by dots, where `{resource}` is the resource's name. `total` is the path of the number of records, and
     * `extra` contains further members. Default `"array"`.
     */
    envelope?: "array" | {
        path: string;
        total?: string | undefined;
        extra?: {
            [name: string]: unknown;
        } | undefined;
    } | undefined;
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
    signInShape?: {
        key: string;
        in?: string | undefined;
    } | undefined;
}
export {};

// testing/list.d.ts
import { List } from "../client/list.js";
/** How the records are divided into pages. */
export interface TestListOptions {
    /** The number of records on a page, at least 1. Default 20. */
    pageSize?: number | undefined;
}
/**
 * Creates a list like that of `list()` from an array, to test code that takes a list without a CRM.
 *
 * @example
 * await exportLeads(createTestList([{ _id: "1" }, { _id: "2" }], { pageSize: 1 }));
 * @throws {ConfigurationError} if an option is unknown or has an invalid value.
 */
export declare function createTestList<T>(records: readonly T[], options?: TestListOptions): List<T>;

// validation.d.ts
import { type Issue } from "./base/errors.js";
export type { Issue } from "./base/errors.js";
/**
 * Validates a lead as `leads.create` does, without a client. Returns all issues, or an empty array: `leads.create`
 * fails for errors, and for warnings only if the client is `strict`.
 *
 * @throws {ConnectionError} if the wasm cannot be loaded.
 *
 * @example
 * const issues = await validateLead({ leadInformation: { firstName: "Mona" } });
 * // [{ path: "leadInformation.phone", code: "required", severity: "error", message: "is required" }]
 */
export declare function validateLead(lead: unknown): Promise<Issue[]>;
/** The result of parsing a telephone number. */
export interface Phone {
    /** The number in E.164, such as `+201001234567`; missing if `check` is `raw`. */
    e164?: string;
    /**
     * The number's country, such as `EG`. If several share the calling code and the number matches none, it is the
     * largest one. Missing for codes without a country, such as +800.
     */
    country?: string;
    /**
     * `strict`: the number matches its country's numbering plan (AE, BH, EG, FR, KW, OM, QA, SA). `possible`: calling
     * code and length are valid. `raw`: it is not a telephone number.
     */
    check: "strict" | "possible" | "raw";
}
/**
 * Parses a telephone number as people type and paste it: ASCII, Arabic, Persian and fullwidth digits, common
 * separators, `00` for `+`, and `(0)`. Text before the number and an extension after it are ignored.
 *
 * @param country Two letters, such as `EG`: the country of numbers without a calling code. Without it, or if it is
 *   unknown, such numbers are `raw`.
 * @throws {ConnectionError} if the wasm cannot be loaded.
 *
 * @example
 * await parsePhone("0100 123 4567", "EG"); // { e164: "+201001234567", country: "EG", check: "strict" }
 */
export declare function parsePhone(text: string, country?: string): Promise<Phone>;

