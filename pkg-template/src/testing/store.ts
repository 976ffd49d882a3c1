import { configError } from "../base/options.js";
import { copy, type JsonRecord, toRecord } from "./json.js";

/** The kinds of record, as named in paths. @internal */
export const RESOURCES = ["leads", "opportunities", "batches", "customers"] as const;

/** @internal */
export type Resource = (typeof RESOURCES)[number];

/** The user that creates leads in the vendor's guide. */
const CREATED_BY = "686f8adfaf67193dd6e13eb2";

const SERVER_SET = ["_id", "createdAt", "updatedAt", "__v"];
const LEAD_SERVER_SET = [
  ...SERVER_SET,
  ...["uid", "leadNumber", "realmId", "createdBy", "creationDate", "deleted", "deletedAt"],
];

/** The defaults of a new lead, from the response in the guide. */
const LEAD_DEFAULTS = {
  null: ["lastAssignedDate", "territoryId", "proposalUrl", "claimedAt"],
  false: ["converted", "workflowStart", "isFavorite"],
  "[]": [
    ...["conversations", "customFields", "favoritedBy", "assignedAccounts", "workflowSetup", "units"],
    ...["activityLog", "notes", "documents", "workflow", "collaborators"],
  ],
};

/** Whether only the CRM sets this field. @internal */
export function isServerSet(resource: Resource, name: string): boolean {
  return (resource === "leads" ? LEAD_SERVER_SET : SERVER_SET).includes(name);
}

interface Stored {
  record: JsonRecord;
  deleted: boolean;
}

/** The records in memory, in the order of their creation. @internal */
export class RecordStore {
  readonly #records: Record<Resource, Stored[]> = { leads: [], opportunities: [], batches: [], customers: [] };
  #ids = 0;

  /** 24 hexadecimal digits. The same calls give the same ids. */
  newId(): string {
    return `65${(++this.#ids).toString(16).padStart(22, "0")}`;
  }

  /** Adds a record of a test, including fields that only the CRM sets. */
  seed(resource: Resource, given: object, organizationId: string, now: number): void {
    const fields = toRecord(copy<object>(given));
    const record = Object.assign(this.create(resource, toRecord(fields), organizationId, now), fields);
    const id = record["_id"];
    if (typeof id !== "string" || id === "") throw configError(resource, "have an _id that is not a string");
    if (this.#records[resource].filter(({ record }) => record["_id"] === id).length > 1) {
      throw configError(resource, `have the _id "${id}" twice`);
    }
  }

  /** Adds a record with the sent fields. */
  create(resource: Resource, sent: JsonRecord, organizationId: string, now: number): JsonRecord {
    const time = new Date(now).toISOString();
    const record = withoutServerSet(resource, sent);
    if (resource === "leads") {
      for (const [value, names] of Object.entries(LEAD_DEFAULTS)) {
        for (const name of names) if (!(name in record)) record[name] = JSON.parse(value);
      }
      const leadNumber = this.#records.leads.length + 1;
      Object.assign(record, {
        uid: `T${String(leadNumber).padStart(11, "0")}`,
        leadNumber,
        realmId: organizationId,
        createdBy: CREATED_BY,
        creationDate: officeTime(now),
        deleted: false,
        deletedAt: null,
      });
    }
    Object.assign(record, { _id: this.newId(), createdAt: time, updatedAt: time, __v: 0 });
    this.#records[resource].push({ record, deleted: false });
    return record;
  }

  /** The record itself, not a copy; `undefined` if it is deleted. */
  get(resource: Resource, id: string): JsonRecord | undefined {
    return this.#find(resource, id)?.record;
  }

  /** Hides a record from the API. */
  delete(resource: Resource, id: string): void {
    const stored = this.#find(resource, id);
    if (stored) stored.deleted = true;
  }

  /** The records that are not deleted, oldest first. */
  all(resource: Resource): JsonRecord[] {
    return this.#records[resource].filter(({ deleted }) => !deleted).map(({ record }) => record);
  }

  #find(resource: Resource, id: string): Stored | undefined {
    return this.#records[resource].find(({ record, deleted }) => !deleted && record["_id"] === id);
  }
}

/** The fields of a sent record that callers may set. @internal */
export function withoutServerSet(resource: Resource, sent: JsonRecord): JsonRecord {
  const record = toRecord(sent);
  for (const name of Object.keys(record)) if (isServerSet(resource, name)) delete record[name];
  return record;
}

/** The time with the offset of the guide's example, `2025-08-17T17:13:14+03:00`. */
function officeTime(now: number): string {
  return `${new Date(now + 3 * 3_600_000).toISOString().slice(0, 19)}+03:00`;
}
