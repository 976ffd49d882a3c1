// Written by `cargo xtask generate` from src/api.rs and src/model/: do not edit.

/** A JSON value. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [name: string]: JsonValue };

/** A JSON object whose members are not documented. */
export type JsonObject = { [name: string]: unknown };

/**
 * What may be sent to change a `T`: any of its fields, and `null` to clear one, all the way down.
 * Fields that are added to `T` by interface augmentation are taken too.
 */
export type Changes<T> = { [Field in keyof T]?: Changed<T[Field]> | null | undefined };

type Changed<V> = V extends readonly (infer Item)[]
  ? readonly Changed<Item>[]
  : V extends object
    ? Changes<V>
    : V;

/**
 * A `T` as the CRM returns it: every field may be missing or `null`, and there may be undocumented
 * fields.
 */
export type Recorded<T> = { [Field in keyof T]?: Came<T[Field]> | null } & {
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
