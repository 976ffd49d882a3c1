// index.d.ts
export { ICloudReady, type RequestInput } from "./client.js";
export { preload } from "./modules/client.js";
export type { WasmSource } from "./loading.js";
export type { CallOptions, CreateOptions } from "./settings.js";
export type { ClientOptions, RequestEvent, ResponseEvent, RetryEvent, WaitEvent } from "./state.js";
export type { Credential } from "./tokens.js";
export type { Page, List } from "./pages.js";
export type { BulkLeads, CreateManyOptions, CreateManyResult } from "./bulk.js";
export type * from "./generated/models.js";
export type { Batches, Customers, LeadActivities, LeadNotes, Leads, Opportunities } from "./generated/resources.js";
export { APIError, AbortError, AuthenticationError, BadRequestError, ConfigurationError, ConflictError, ConnectionError, ICloudReadyError, InternalError, NotFoundError, PermissionDeniedError, RateLimitError, ResponseError, ServerError, TimeoutError, UnprocessableEntityError, ValidationError, isICloudReadyError, type Issue, } from "./errors.js";

// client.d.ts
import type { Batches, Customers, Leads, Opportunities } from "./generated/resources.js";
import type { JsonValue } from "./generated/models.js";
import { type CallOptions } from "./settings.js";
import { type ClientOptions } from "./state.js";
export type { CallOptions, CreateOptions } from "./settings.js";
/** A request to an endpoint without a method. */
export interface RequestInput {
    /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** Relative to the base URL, starting with one slash; `{name}` is replaced by a member of `params`. */
    path: string;
    /** Values of the path's placeholders; each is encoded. */
    params?: Record<string, string | number> | undefined;
    /** The query. `undefined` members are omitted. */
    query?: Record<string, string | number | boolean | undefined> | undefined;
    /** The body, sent as JSON. */
    body?: unknown;
}
/**
 * A client of the iCloud-Ready CRM. The constructor is synchronous and sends nothing; the first call loads the wasm.
 *
 * @throws {ConfigurationError} if an option is invalid.
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
     */
    static fromEnv(env?: Record<string, string | undefined>, options?: ClientOptions): ICloudReady;
    /**
     * Returns a derived client with other options; it shares the limiter, the token and the wasm. With its own
     * credential or base URL it has its own token and limiter.
     */
    withOptions(options: ClientOptions): ICloudReady;
    /**
     * Signs in; this client and those derived from it then use the token. The password is not kept. Returns the token, so
     * that an app can store it.
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
     */
    request<T = JsonValue | undefined>(input: RequestInput, options?: CallOptions): Promise<T>;
}

// generated/resources.d.ts
import type { BulkLeads } from "../bulk.js";
import type { List } from "../pages.js";
import type { CallOptions, CreateOptions } from "../settings.js";
import type { Activity, Batch, Changes, Customer, JsonObject, JsonValue, Lead, ListQuery, NewBatch, NewCustomer, NewLead, NewOpportunity, Note, Opportunity } from "./models.js";
/** Leads. */
export interface Leads extends BulkLeads {
    /**
     * Lists leads, the most recent first.
     *
     * `GET /leads`
     */
    list(query?: ListQuery, options?: CallOptions): List<Lead>;
    /**
     * Creates a lead. With a submission id it is made once, even where an answer is lost.
     *
     * `POST /leads`
     */
    create(lead: NewLead, options?: CreateOptions): Promise<Lead>;
    /**
     * Retrieves a lead.
     *
     * `GET /leads/{id}`
     */
    retrieve(id: string, options?: CallOptions): Promise<Lead>;
    /**
     * Updates a lead. The vendor documents no body; a lead's fields are assumed.
     *
     * `PUT /leads/{id}`
     */
    update(id: string, lead: Changes<NewLead>, options?: CallOptions): Promise<Lead | undefined>;
    /**
     * Changes the fields that are sent and leaves the others as they are.
     *
     * `PATCH /leads/{id}`
     */
    patch(id: string, fields: Changes<NewLead>, options?: CallOptions): Promise<Lead | undefined>;
    /**
     * Converts a lead. The vendor documents no body.
     *
     * `POST /leads/{id}/convert`
     */
    convert(id: string, body?: JsonObject, options?: CallOptions): Promise<Lead | undefined>;
    /**
     * Deletes a lead.
     *
     * `DELETE /leads/deleted/{id}`
     */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
    /** The notes of a lead. */
    readonly notes: LeadNotes;
    /** The activities of a lead. */
    readonly activities: LeadActivities;
}
/** The notes of a lead. */
export interface LeadNotes {
    /**
     * Adds a note to a lead.
     *
     * `POST /leads/{leadId}/notes`
     */
    create(leadId: string, note: Note, options?: CallOptions): Promise<JsonValue | undefined>;
    /**
     * Updates a note.
     *
     * `PUT /leads/{leadId}/notes/{noteId}`
     */
    update(leadId: string, noteId: string, note: Note, options?: CallOptions): Promise<JsonValue | undefined>;
    /**
     * Deletes a note.
     *
     * `DELETE /leads/{leadId}/notes/{noteId}`
     */
    delete(leadId: string, noteId: string, options?: CallOptions): Promise<JsonValue | undefined>;
}
/** The activities of a lead. */
export interface LeadActivities {
    /**
     * Adds an activity to a lead. The vendor documents no body; an activity is assumed.
     *
     * `POST /leads/{leadId}/activities`
     */
    create(leadId: string, activity: Activity, options?: CallOptions): Promise<JsonValue | undefined>;
    /**
     * Updates an activity. The vendor documents no body; an activity is assumed.
     *
     * `PUT /leads/{leadId}/activities/{activityId}`
     */
    update(leadId: string, activityId: string, activity: Changes<Activity>, options?: CallOptions): Promise<JsonValue | undefined>;
    /**
     * Deletes an activity.
     *
     * `DELETE /leads/{leadId}/activities/{activityId}`
     */
    delete(leadId: string, activityId: string, options?: CallOptions): Promise<JsonValue | undefined>;
}
/** Opportunities. */
export interface Opportunities {
    /**
     * Lists opportunities, the most recent first.
     *
     * `GET /opportunities`
     */
    list(query?: ListQuery, options?: CallOptions): List<Opportunity>;
    /**
     * Creates an opportunity.
     *
     * `POST /opportunities`
     */
    create(opportunity: NewOpportunity, options?: CallOptions): Promise<Opportunity>;
    /**
     * Retrieves an opportunity.
     *
     * `GET /opportunities/{id}`
     */
    retrieve(id: string, options?: CallOptions): Promise<Opportunity>;
    /**
     * Updates an opportunity.
     *
     * `PUT /opportunities/{id}`
     */
    update(id: string, opportunity: Changes<NewOpportunity>, options?: CallOptions): Promise<Opportunity | undefined>;
    /**
     * Changes the fields that are sent and leaves the others as they are.
     *
     * `PATCH /opportunities/{id}`
     */
    patch(id: string, fields: Changes<NewOpportunity>, options?: CallOptions): Promise<Opportunity | undefined>;
    /**
     * Deletes an opportunity.
     *
     * `DELETE /opportunities/deleted/{id}`
     */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
    /**
     * Creates an opportunity without an activity. The vendor documents no body.
     *
     * `POST /opportunities/no-activity-opportunities`
     */
    createNoActivity(body: JsonObject, options?: CallOptions): Promise<Opportunity | undefined>;
    /**
     * Updates several opportunities. The vendor documents no body: an object or an array is taken.
     *
     * `PUT /opportunities/multiple`
     */
    updateMultiple(body: JsonObject | readonly unknown[], options?: CallOptions): Promise<JsonValue | undefined>;
}
/** Batches. */
export interface Batches {
    /**
     * Lists batches, the most recent first.
     *
     * `GET /batches`
     */
    list(query?: ListQuery, options?: CallOptions): List<Batch>;
    /**
     * Creates a batch.
     *
     * `POST /batches`
     */
    create(batch: NewBatch, options?: CallOptions): Promise<Batch>;
    /**
     * Retrieves a batch.
     *
     * `GET /batches/{id}`
     */
    retrieve(id: string, options?: CallOptions): Promise<Batch>;
    /**
     * Updates a batch.
     *
     * `PUT /batches/{id}`
     */
    update(id: string, batch: Changes<NewBatch>, options?: CallOptions): Promise<Batch | undefined>;
    /**
     * Changes the fields that are sent and leaves the others as they are.
     *
     * `PATCH /batches/{id}`
     */
    patch(id: string, fields: Changes<NewBatch>, options?: CallOptions): Promise<Batch | undefined>;
    /**
     * Deletes a batch.
     *
     * `DELETE /batches/deleted/{id}`
     */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
}
/** Customers. */
export interface Customers {
    /**
     * Lists customers, the most recent first.
     *
     * `GET /customers`
     */
    list(query?: ListQuery, options?: CallOptions): List<Customer>;
    /**
     * Creates a customer.
     *
     * `POST /customers`
     */
    create(customer: NewCustomer, options?: CallOptions): Promise<Customer>;
    /**
     * Retrieves a customer.
     *
     * `GET /customers/{id}`
     */
    retrieve(id: string, options?: CallOptions): Promise<Customer>;
    /**
     * Updates a customer.
     *
     * `PUT /customers/{id}`
     */
    update(id: string, customer: Changes<NewCustomer>, options?: CallOptions): Promise<Customer | undefined>;
    /**
     * Changes the fields that are sent and leaves the others as they are.
     *
     * `PATCH /customers/{id}`
     */
    patch(id: string, fields: Changes<NewCustomer>, options?: CallOptions): Promise<Customer | undefined>;
    /**
     * Deletes a customer: without the `/deleted/` that the other three have.
     *
     * `DELETE /customers/{id}`
     */
    delete(id: string, options?: CallOptions): Promise<JsonValue | undefined>;
}
/** The groups of operations, as a client has them. */
export interface Resources {
    /** Leads. */
    readonly leads: Leads;
    /** Opportunities. */
    readonly opportunities: Opportunities;
    /** Batches. */
    readonly batches: Batches;
    /** Customers. */
    readonly customers: Customers;
}

// bulk.d.ts
import type { ICloudReadyError } from "./errors.js";
import type { Lead, NewLead } from "./generated/models.js";
import type { CallOptions } from "./settings.js";
/** Options of `createMany`. The call options apply to each lead; `signal` ends all of them. */
export interface CreateManyOptions extends CallOptions {
    /** How many are under way at once. Default 4. */
    concurrency?: number | undefined;
    /** Each lead's submission id; a random one by default. */
    submissionId?: ((lead: NewLead, index: number) => string) | undefined;
    /**
     * Looks each lead up before sending it, or those that the function selects: with the ids of an earlier run nothing is
     * duplicated. Costs one more request per new lead, and up to three for the first ones.
     */
    checkExisting?: boolean | ((lead: NewLead, index: number) => boolean) | undefined;
    /** Called after each lead; `total` is set if the input is an array. */
    onProgress?: ((progress: {
        done: number;
        failed: number;
        total?: number;
    }) => void) | undefined;
    /** Stops reading and ends what is under way. */
    signal?: AbortSignal | undefined;
}
/** The result of one lead. */
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
/** Creating leads in bulk. */
export interface BulkLeads {
    /**
     * Creates leads, a few at a time, each with a submission id, and yields the results in the input's order. The
     * input is read no faster than leads are sent.
     *
     * @throws {AuthenticationError | PermissionDeniedError} after the results of the leads under way; no further lead is sent.
     */
    createMany(leads: Iterable<NewLead> | AsyncIterable<NewLead>, options?: CreateManyOptions): AsyncGenerator<CreateManyResult, void, undefined>;
}

// errors.d.ts
import { ISSUES } from "./generated/codes.js";
/** One thing that is wrong with what was to be sent. */
export interface Issue {
    /** Where: wire names and indexes joined by dots, as in `leadInformation.phone`; `""` for the whole. */
    path: string;
    /** What is wrong. The list is closed. */
    code: (typeof ISSUES)[number];
    /** An error stops the call; a warning does so only in a strict client. */
    severity: "error" | "warning";
    /** What is wrong, in English, without the value. */
    message: string;
}
/** Any error of this package. Its message never holds what was sent or received. */
export declare class ICloudReadyError extends Error {
    #private;
    /** A word to switch on, as in `rate_limit` or `total_timeout`. */
    readonly code: string;
    /** The operation, as in `leads.create`. */
    readonly operation: string | undefined;
    /** How often the request was sent. */
    readonly attempts: number;
    /** Whether the CRM may have acted though no answer came. */
    readonly ambiguous: boolean;
    /** The CRM's id of the request: `x-request-id`, else `cf-ray`. */
    readonly requestId: string | undefined;
    /** The error behind this one; for an `AbortError` the signal's reason. It may hold anything. */
    get cause(): unknown;
    /** Also true for an error of another copy of this package. */
    static [Symbol.hasInstance](value: unknown): boolean;
}
/** The options, credentials or headers are wrong; nothing was sent. */
export declare class ConfigurationError extends ICloudReadyError {
}
/** What was to be sent is refused; nothing was sent. */
export declare class ValidationError extends ICloudReadyError {
    /** Everything that is wrong, warnings too. */
    readonly issues: Issue[];
}
/** The caller's signal aborted the call; `cause` is the signal's reason. */
export declare class AbortError extends ICloudReadyError {
}
/** An internal error of this package. The call failed; the next one works on a fresh instance. */
export declare class InternalError extends ICloudReadyError {
}
/**
 * No answer came, or none that could be read to its end. On servers the message has the system's code where there is
 * one, such as `ENOTFOUND`.
 */
export declare class ConnectionError extends ICloudReadyError {
}
/** One of the three clocks ran out: `code` is `timeout`, `total_timeout` or `queue_timeout`. */
export declare class TimeoutError extends ConnectionError {
}
/** The CRM answered, but not with what was asked for. */
declare abstract class Answered extends ICloudReadyError {
    /** The status of the answer; 0 for a redirect a browser hides; absent where none came. */
    readonly status: number | undefined;
    /** How long the CRM asks to wait (`Retry-After`), in milliseconds. */
    readonly retryAfterMs: number | undefined;
    /** The headers of the answer. */
    get headers(): Headers | undefined;
    /** The body of the answer: parsed if it is JSON, else text. It may hold personal data. */
    get body(): unknown;
    /** What the CRM's body says is wrong, if it says so in a usual place. It may hold personal data. */
    get detail(): string | undefined;
}
/** A success that is not what was promised: no JSON, no list, no record. */
export declare class ResponseError extends Answered {
}
/** The CRM answered with a status other than success. */
export declare class APIError extends Answered {
}
/** 400: the CRM refuses what was sent. */
export declare class BadRequestError extends APIError {
}
/** 401: the credential is refused; or the token function gave none (then `status` is absent). */
export declare class AuthenticationError extends APIError {
}
/** 403: the credential lacks the permission. */
export declare class PermissionDeniedError extends APIError {
}
/** 404: there is no such record. */
export declare class NotFoundError extends APIError {
}
/** 409: the record is in another state than the call needs. */
export declare class ConflictError extends APIError {
}
/** 422: the CRM understands what was sent and refuses it. */
export declare class UnprocessableEntityError extends APIError {
}
/** 429: too many requests; or the CRM asked for a pause longer than a minute (then `attempts` is 0). */
export declare class RateLimitError extends APIError {
}
/** 5xx: the CRM failed. */
export declare class ServerError extends APIError {
}
/** Whether a value is an error of this package, of whichever copy of it. */
export declare function isICloudReadyError(value: unknown): value is ICloudReadyError;
export {};

// generated/codes.d.ts
/** What can be wrong with what is sent, by the wasm's numbers. */
export declare const ISSUES: readonly ["required", "type", "integer", "json", "conflict", "format", "phone", "email", "date", "spelling", "precision"];

// generated/models.d.ts
/** A JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | {
    [name: string]: JsonValue;
};
/** A JSON object whose members are not documented. */
export type JsonObject = {
    [name: string]: unknown;
};
/**
 * What may be sent to change a `T`: any of its fields, and `null` to clear one, all the way down.
 * Fields that are added to `T` by interface augmentation are taken too.
 */
export type Changes<T> = {
    [Field in keyof T]?: Changed<T[Field]> | null | undefined;
};
type Changed<V> = V extends readonly (infer Item)[] ? readonly Changed<Item>[] : V extends object ? Changes<V> : V;
/**
 * A `T` as the CRM returns it: every field may be missing or `null`, and there may be undocumented
 * fields.
 */
export type Recorded<T> = {
    [Field in keyof T]?: Came<T[Field]> | null;
} & {
    [field: string]: unknown;
};
type Came<V> = V extends readonly (infer Item)[] ? Came<Item>[] : V extends object ? Recorded<V> : V;
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
}
/**
 * A lead: someone who may buy, rent or sell.
 *
 * As it is sent.
 */
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
    /**
     * The kind of lead, as in `new` or `buying`. The reference spells it `leadType`, the
     * lead-generation guide `leadtype`: with the integration token it is sent as the guide spells it.
     */
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
    documents?: readonly Document[] | undefined;
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
    /** Further data as stringified JSON, UTM parameters for one. A submission id is kept here. */
    customField?: string | undefined;
}
/**
 * A lead: someone who may buy, rent or sell.
 *
 * As it comes back.
 */
export interface Lead extends Recorded<NewLead> {
    /** `leadType`, as the vendor spells it elsewhere. */
    leadtype?: string | null;
    /** The record's id, 24 hexadecimal digits in the vendor's examples. */
    _id: string;
    /** A second id: 12 upper-case letters and digits. */
    uid?: string | null;
    /** The lead's number within the organization. */
    leadNumber?: number | null;
    /** The id of the organization. */
    realmId?: string | null;
    /** The id of the user or integration that created the record. */
    createdBy?: string | null;
    /** When the lead was created: ISO 8601 with an offset. */
    creationDate?: string | null;
    /** When the record was created: ISO 8601, UTC, with milliseconds. */
    createdAt?: string | null;
    /** When the record was last changed: ISO 8601, UTC, with milliseconds. */
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
    /** Whether the lead is a favourite; `false` at first. */
    isFavorite?: boolean | null;
    /** Conversations; empty at first. */
    conversations?: unknown[] | null;
    /** Custom fields; empty at first. */
    customFields?: unknown[] | null;
    /** Whose favourite the lead is; empty at first. */
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
    /** The telephone number, E.164 in the vendor's example: `+201001234567`. */
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
    /**
     * The activity's number: a string in the vendor's lead example, a number in the opportunity's.
     */
    activityNumber?: string | number | undefined;
    /** What was done, as in `Email sent`. */
    activity?: string | undefined;
    /** The day it was done, `YYYY-MM-DD` in the vendor's example. */
    activityDate?: string | undefined;
    /** Details, as in `Email sent to johndoe@example.com`. */
    logs?: string | undefined;
}
/** A note on a lead. The vendor documents none of its members. */
export interface Note {
    [member: string]: unknown;
}
/** A document attached to a record. */
export interface Document {
    /** The day it was uploaded, `YYYY-MM-DD` in the vendor's example. */
    uploadDate?: string | undefined;
    /** The address of the file. */
    fileUrl?: string | undefined;
}
/**
 * An opportunity: a deal in the making.
 *
 * As it is sent.
 */
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
    documents?: readonly Document[] | undefined;
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
/**
 * An opportunity: a deal in the making.
 *
 * As it comes back.
 */
export interface Opportunity extends Recorded<NewOpportunity> {
    /** The record's id. */
    _id: string;
}
/**
 * A batch: leads and opportunities handed to someone together.
 *
 * As it is sent.
 */
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
/**
 * A batch: leads and opportunities handed to someone together.
 *
 * As it comes back.
 */
export interface Batch extends Recorded<NewBatch> {
    /** The record's id. */
    _id: string;
}
/**
 * A customer: a person or a company.
 *
 * As it is sent.
 */
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
/**
 * A customer: a person or a company.
 *
 * As it comes back.
 */
export interface Customer extends Recorded<NewCustomer> {
    /** The record's id. */
    _id: string;
}
export {};

// settings.d.ts
/** Options of one call, the last argument of every method. */
export interface CallOptions {
    /** Ends the call at once with an `AbortError`. */
    signal?: AbortSignal | undefined;
    /** Milliseconds for one attempt: getting the token, sending, reading the whole body. 0 disables it. */
    timeout?: number | undefined;
    /** Milliseconds from the start of the first attempt: attempts, back-off, lookups. 0 disables it. */
    totalTimeout?: number | undefined;
    /** The maximum number of retries. */
    maxRetries?: number | undefined;
    /** Additional headers. */
    headers?: Record<string, string> | undefined;
    /** Called with the raw response, for its status and headers. */
    onResponse?: ((response: Response) => void) | undefined;
}
/** Options of `leads.create`. */
export interface CreateOptions extends CallOptions {
    /**
     * 8 to 64 characters of `[A-Za-z0-9_-]`; creates the lead once. It is sent in the lead, and if the response is lost,
     * the lead is looked up before it is resent. This holds while the CRM commits and indexes within `reconcileDelays`. Of
     * concurrent creates with one id, in this client and clients derived from it, one is sent; the others return its record.
     */
    submissionId?: string | undefined;
    /** Looks the lead up before the first attempt too: an earlier run may have sent it. Needs a `submissionId`. */
    checkExisting?: boolean | undefined;
}
/** Settings of a client that a call may override. Times are in milliseconds; 0 disables a timeout. */
export interface Behavior {
    /** One attempt: getting the token, sending, reading the whole body. Default 30,000. */
    timeout?: number | undefined;
    /** From the start of the first attempt, after the limiter: attempts, back-off, lookups. Default 120,000. */
    totalTimeout?: number | undefined;
    /** The maximum wait in the limiter. Default 0: no limit. */
    maxQueueWait?: number | undefined;
    /** The maximum number of retries. Default 2. */
    maxRetries?: number | undefined;
    /** Whether a warning about input is an error. Default false. */
    strict?: boolean | undefined;
    /** The lead's field that carries the submission id. Default `customField`. */
    submissionField?: "customField" | "idengagerRequestId" | undefined;
    /** Looks a lead up by its id only, or also by phone and in the list. Default `id` in a web page, otherwise `full`. */
    reconcile?: "full" | "id" | undefined;
    /** The waits before each lookup after a lost response. Default `[1_000, 4_000]`. */
    reconcileDelays?: readonly number[] | undefined;
    /** The path to the records in a list's envelope, names joined by dots, if it is unusual. */
    itemsKey?: string | undefined;
    /** The number of a list's first page, if known: saves one request. */
    firstPage?: 0 | 1 | undefined;
}

// pages.d.ts
/** One page of a list. */
export interface Page<T> {
    /** The records, without those that an earlier page already gave. */
    data: T[];
    /** The CRM's whole answer: its envelope is not documented. `undefined` where it was empty. */
    body: unknown;
    /** The next page, or `null` after the last one. Asking twice sends once. */
    getNextPage(): Promise<Page<T> | null>;
}
/**
 * A list: awaited it is its first page, iterated its records, one after another, page after page.
 * Nothing is sent before.
 */
export declare class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
    #private;
    /** The first page. Awaiting twice sends once. */
    then<A = Page<T>, B = never>(fulfilled?: ((page: Page<T>) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    /** The list page by page. Each reading asks anew. */
    pages(): AsyncGenerator<Page<T>, void, undefined>;
    [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>;
    /** The first `max` records. */
    toArray(options: {
        max: number;
    }): Promise<T[]>;
}

// state.d.ts
import type { Behavior } from "./settings.js";
import type { WasmSource } from "./loading.js";
import { type Credential } from "./tokens.js";
/** Passed to `onRequest`, before a request is sent. */
export interface RequestEvent {
    /** The operation, as in `leads.create`. */
    readonly operation: string;
    /** The HTTP method, as in `POST`. */
    readonly method: string;
    /** The path's template, as in `/leads/{id}`. */
    readonly route: string;
    /** From 1. */
    readonly attempt: number;
}
/** Passed to `onResponse`, when the status and headers are there. */
export interface ResponseEvent {
    /** The operation, as in `leads.create`. */
    readonly operation: string;
    /** The path's template, as in `/leads/{id}`. */
    readonly route: string;
    /** The HTTP status. */
    readonly status: number;
    /** Without `set-cookie`. */
    readonly headers: Headers;
    /** The CRM's id of the request: `x-request-id`, else `cf-ray`. */
    readonly requestId?: string | undefined;
    /** Milliseconds from sending the request to its response headers. */
    readonly durationMs: number;
    /** From 1. */
    readonly attempt: number;
}
/** Passed to `onRetry`, before the wait for the next attempt. */
export interface RetryEvent {
    /** The operation, as in `leads.create`. */
    readonly operation: string;
    /** The attempt that failed, from 1. */
    readonly attempt: number;
    /** Milliseconds until the next attempt. */
    readonly delayMs: number;
    /** Why the attempt failed; `reconcile`: the lead is looked up next. */
    readonly reason: "status" | "connection" | "timeout" | "reconcile";
    /** The HTTP status if `reason` is `status`. */
    readonly status?: number | undefined;
}
/** Passed to `onWait`, before a call waits in the limiter. */
export interface WaitEvent {
    /** The operation, as in `leads.create`. */
    readonly operation: string;
    /** Milliseconds until the call may be sent, as far as known. */
    readonly delayMs: number;
    /** What the call waits for. */
    readonly reason: "rate_limit";
}
/** Options of a client. `undefined` means unset; an unknown option is an error. */
export interface ClientOptions extends Behavior {
    /** The integration token, sent as `x-api-key`; needs `organizationId`. */
    apiKey?: Credential | undefined;
    /** The organization's id, 24 hexadecimal digits. */
    organizationId?: string | undefined;
    /** The API reference's key (`ICLOUDREADY_API_KEY`) or a user's token, sent as `Bearer`. */
    accessToken?: Credential | undefined;
    /** https, or http on loopback. Default `https://api.icloud-ready.com/api/v2`. */
    baseURL?: string | undefined;
    /** Allows an http base URL that is not on loopback. */
    allowInsecureBaseURL?: boolean | undefined;
    /** The rate limit; `false`: none. Default 480 per minute and 4,800 per hour, as published. */
    rateLimit?: {
        perMinute?: number;
        perHour?: number;
    } | false | undefined;
    /** Called instead of the global `fetch`. */
    fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
    /** Sent with every request. */
    headers?: Record<string, string> | undefined;
    /** Errors it throws are logged and ignored. */
    onRequest?: ((event: RequestEvent) => void) | undefined;
    /** Errors it throws are logged and ignored. */
    onResponse?: ((event: ResponseEvent) => void) | undefined;
    /** Errors it throws are logged and ignored. */
    onRetry?: ((event: RetryEvent) => void) | undefined;
    /** Errors it throws are logged and ignored. */
    onWait?: ((event: WaitEvent) => void) | undefined;
    /** Silent by default. Warnings about input go to `warn`, with path and code. */
    logger?: Pick<Console, "debug" | "info" | "warn" | "error"> | undefined;
    /** Allows a string credential in a web page, where every visitor can read it. */
    dangerouslyAllowBrowser?: boolean | undefined;
    /** The wasm, for `icloud-ready/slim`. */
    wasm?: WasmSource | Promise<WasmSource> | undefined;
}

// loading.d.ts
/** A compiled module, as the project's types name it: a server's, without the DOM's, may have no name for it. */
export type CompiledWasm = typeof globalThis extends {
    WebAssembly: {
        Module: new (...given: any) => infer Module;
    };
} ? Module : object;
/** What the wasm can be made of. */
export type WasmSource = CompiledWasm | ArrayBuffer | ArrayBufferView | Response | URL;

// tokens.d.ts
/** A credential: the text, or a function that is asked for it before each request. */
export type Credential = string | (() => string | Promise<string>);

// modules/client.d.ts
/** Loads the wasm now instead of on the first call. */
export declare function preload(): Promise<void>;

// slim.d.ts
/** The same client; its wasm is given by the option `wasm`. */
export * from "./index.js";

// validation.d.ts
import { type Issue } from "./errors.js";
export type { Issue } from "./errors.js";
/**
 * Checks a lead as `leads.create` would, without a client: everything that is wrong with it, at
 * once, or nothing. Errors would stop the call; warnings only that of a strict client.
 *
 * @throws ConnectionError where the wasm cannot be loaded.
 */
export declare function validateLead(lead: unknown): Promise<Issue[]>;
/** What a text is, taken as a telephone number. */
export interface Phone {
    /** As it is dialed from anywhere, `+201001234567`; absent where `check` is `raw`. */
    e164?: string;
    /**
     * The number's own country, as in `EG`: of several that share a calling code, the largest stands
     * for what is not known to be another's. Absent too for a code of no country, such as +800.
     */
    country?: string;
    /**
     * `strict`: the country's numbering plan has the number, which is known of AE, BH, EG, FR, KW, OM,
     * QA and SA. `possible`: there is the calling code, and numbers of this length. `raw`: there is
     * nothing but the text.
     */
    check: "strict" | "possible" | "raw";
}
/**
 * Reads a telephone number as people type and paste it: with digits of any of ASCII, Arabic,
 * Persian and fullwidth, spaces, dashes, dots, slashes, parentheses and marks of direction, `00`
 * for `+`, and `(0)`. What stands before it is passed over, and so is an extension behind it. What
 * is no number, as no string is, is `raw`.
 *
 * @param country where the number is dialed if it is not written as from abroad: two letters, as
 *   in `EG`. Without one, or with an unknown one, a number must be written as from abroad.
 * @throws ConnectionError where the wasm cannot be loaded.
 */
export declare function parsePhone(text: string, country?: string): Promise<Phone>;

