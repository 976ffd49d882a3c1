// Written by `cargo xtask generate` from src/api.rs and src/model/: do not edit.

import type { BulkLeads } from "../bulk.js";
import type { List } from "../pages.js";
import type { CallOptions, CreateOptions } from "../settings.js";
import type {
  Activity,
  Batch,
  Changes,
  Customer,
  JsonObject,
  JsonValue,
  Lead,
  ListQuery,
  NewBatch,
  NewCustomer,
  NewLead,
  NewOpportunity,
  Note,
  Opportunity,
} from "./models.js";

/** Leads. */
export interface Leads extends BulkLeads {
  /**
   * Lists leads, the most recent first.
   *
   * `GET /leads`
   */
  list(query?: ListQuery, options?: CallOptions): List<Lead>;
  /**
   * CreateRegistry a lead. With a submission id it is made once, even where an answer is lost.
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
   * CreateRegistry an opportunity.
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
   * CreateRegistry an opportunity without an activity. The vendor documents no body.
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
   * CreateRegistry a batch.
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
   * CreateRegistry a customer.
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

/**
 * The operations by group. An operation's place in the table is its number in the wasm.
 *
 * A value is four times the number of path arguments, plus what is sent: 0 nothing, 1 a body, 2 a
 * query, 3 a body that may be left out. @internal
 */
export const operations = {
  leads: { list: 2, create: 1, retrieve: 4, update: 5, patch: 5, convert: 7, delete: 4 },
  "leads.notes": { create: 5, update: 9, delete: 8 },
  "leads.activities": { create: 5, update: 9, delete: 8 },
  opportunities: { list: 2, create: 1, retrieve: 4, update: 5, patch: 5, delete: 4, createNoActivity: 1, updateMultiple: 1 },
  batches: { list: 2, create: 1, retrieve: 4, update: 5, patch: 5, delete: 4 },
  customers: { list: 2, create: 1, retrieve: 4, update: 5, patch: 5, delete: 4 },
} as const;
