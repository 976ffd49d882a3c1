import { configError } from "../../base/options.js";
import type { Defaults } from "./config.js";
import { nullPrototype, canonical, isObject, type JsonObject, member, textMember } from "../message/json.js";
import type { PhoneReader } from "../message/lead-validation.js";
import { type Hints, normalizeLead, withoutControls } from "../message/normalize.js";
import type { SubmissionRequest } from "../message/submission.js";

/** Fields that a page may set; members of `leadInformation` include its name. */
const PAGE_FIELDS = [
  ...["salutation", "firstName", "lastName", "phone", "email", "address", "title", "company"].map(
    (name) => `leadInformation.${name}`,
  ),
  "additionalPhones",
  "additionalEmails",
  "interests",
  "dealSize",
  "region",
  "unitId",
  "leadDescription",
  "leadSource",
  "campaignName",
  "setName",
];

/** Documented fields that only the server may set. */
const SERVER_FIELDS = [
  ...["customer", "leadOwner", "taskId", "promoId", "leadType", "status", "leadRating", "history", "activityLog"],
  ...["notes", "documents", "isQualified", "tags", "territoryId", "units", "collaborators"],
];

/** Rejects a name that differs from a documented one only in case and separators: the CRM would ignore it. */
export function checkSpelling(option: string, name: string): void {
  const known = [...PAGE_FIELDS, ...SERVER_FIELDS, "leadtype"];
  const plain = (text: string) => text.replace(/[_-]/g, "").toLowerCase();
  const meant = known.includes(name) ? undefined : known.find((one) => plain(one) === plain(name));
  if (meant !== undefined) throw configError(option, `contains "${name}"; did you mean "${meant}"?`);
}

/** The documented members of an address. */
const ADDRESS = ["address", "country", "city", "street", "zip"];

/** The time below which a form cannot have been filled by hand, in milliseconds. */
const MIN_FILL_TIME_MS = 2_000;

/** Which fields a page may set, and which the server sets. */
export interface FieldRules {
  allowed: ReadonlySet<string>;
  defaults: Defaults;
}

/**
 * The parts of a submission that are sent to the CRM, and those that are only stored. All but `lead` is JSON text,
 * ready to be stored.
 */
export interface AppliedFields {
  lead: JsonObject;
  canonical: string;
  custom: string;
  dropped: string | undefined;
  marks: string[];
}

/** Parses the option `allowFields`. */
export function allowedFields(changes: unknown = []): ReadonlySet<string> {
  if (!Array.isArray(changes)) throw configError("allowFields", 'must be a list such as ["status", "-region"]');
  const allowed = new Set(PAGE_FIELDS);
  for (const change of changes) {
    if (typeof change === "string") checkSpelling("allowFields", change.replace(/^-/, ""));
    const [, minus, name = ""] =
      /^(-?)((?:leadInformation\.)?\w+)$/.exec(typeof change === "string" ? change : "") ?? [];
    if (!name || name === "leadInformation")
      throw configError("allowFields", 'must contain field names such as "status", or "-status" to remove one');
    if (name === "customField" || name === "idengagerRequestId" || name.endsWith("__proto__")) {
      throw configError("allowFields", `must not contain ${name}, which the forwarder sets itself`);
    }
    if (minus) allowed.delete(name);
    else allowed.add(name);
  }
  return allowed;
}

/** Parses the option `defaults`. */
export function defaultsOf(defaults: unknown = {}): Defaults {
  if (!isObject(defaults)) throw configError("defaults", "must be an object of fields");
  for (const name of ["customField", "idengagerRequestId", "leadInformation"]) {
    if (Object.hasOwn(defaults, name)) throw configError("defaults", `must not contain ${name}`);
  }
  return defaults;
}

/** Splits a submission by the rules, and normalizes its values for the CRM. */
export function applyFieldRules(
  submission: SubmissionRequest,
  origin: string,
  { allowed, defaults }: FieldRules,
  acceptLanguage: string | null,
  readPhone: PhoneReader,
): AppliedFields {
  const { lead: sent, context } = submission;
  const left = nullPrototype();
  const lead = isObject(sent) ? pickAllowed(sent, allowed, left) : {};
  const typed = normalizeLead(lead, hintsOf(context, acceptLanguage), readPhone);
  for (const [name, value] of Object.entries(lead)) lead[name] = withoutControls(value, isMultiline(name));
  const campaign = textMember(member(member(context, "attribution"), "last"), "campaign");
  if (campaign !== undefined && allowed.has("campaignName") && !textMember(lead, "campaignName")) {
    lead["campaignName"] = campaign;
  }
  for (const [name, given] of Object.entries(defaults)) {
    const value = defaultFor(given, origin);
    if (value !== undefined) lead[name] = value;
  }
  if (typed.budget !== undefined) {
    const isOurs = defaultFor(member(defaults, "leadDescription"), origin) !== undefined;
    if (isOurs || !allowed.has("leadDescription")) left["dealSize"] = typed.budget;
    else appendToDescription(lead, `Budget: ${typed.budget}`);
  }
  const [custom, others] = customOf(context, typed.phone);
  const marks = marksOf(context);
  if (Object.keys(left).length) marks.push("dropped_fields");
  const kept = Object.entries({ lead: left, context: others, body: submission.rest });
  const dropped = kept.filter(([, value]) => Object.keys(value).length);
  return {
    lead,
    canonical: canonicalText(sent, context),
    custom: JSON.stringify(withoutControls(custom, true)),
    dropped: dropped.length ? JSON.stringify(nullPrototype(dropped)) : undefined,
    marks,
  };
}

/** Whether a field may have several lines of text; a field that is not documented may. */
export function isMultiline(name: string): boolean {
  return name === "leadDescription" || !(name === "leadInformation" || PAGE_FIELDS.includes(name));
}

/** Adds a line to the description. */
function appendToDescription(lead: JsonObject, line: string): void {
  const described = lead["leadDescription"] ?? "";
  if (typeof described === "string") lead["leadDescription"] = described.trim() ? `${described}\n${line}` : line;
}

/** The page's language, else the first of `Accept-Language`; and the country that the visitor chose. */
function hintsOf(context: JsonObject, acceptLanguage: string | null): Hints {
  const accepted = /^[a-z]{2,3}\b[\w-]*/i.exec((acceptLanguage ?? "").trim())?.[0];
  return {
    language: textMember(context, "locale") ?? accepted ?? "",
    country: textMember(member(context, "phone"), "country"),
  };
}

function marksOf(context: JsonObject): string[] {
  const elapsed = member(context, "elapsedMs");
  const trap = member(context, "trap");
  return [
    ...(typeof elapsed === "number" && elapsed < MIN_FILL_TIME_MS ? ["time_trap"] : []),
    ...(trap !== undefined && trap !== null && trap !== "" && trap !== false ? ["honeypot"] : []),
  ];
}

/** The allowed part of a lead; disallowed fields, always including `__proto__`, are added to `left`. */
function pickAllowed(sent: JsonObject, allowed: ReadonlySet<string>, left: JsonObject): JsonObject {
  const lead: JsonObject = {};
  for (const [name, value] of Object.entries(sent)) {
    if (name === "leadInformation" && isObject(value)) {
      const rest = nullPrototype();
      lead[name] = pickPerson(value, allowed, rest);
      if (Object.keys(rest).length) left[name] = rest;
    } else if (name === "leadInformation" || allowed.has(name)) lead[name] = value;
    else left[name] = value;
  }
  return lead;
}

function pickPerson(sent: JsonObject, allowed: ReadonlySet<string>, left: JsonObject): JsonObject {
  const information: JsonObject = {};
  for (const [name, value] of Object.entries(sent)) {
    if (!allowed.has(`leadInformation.${name}`)) left[name] = value;
    else if (name === "address" && isObject(value)) {
      const rest = Object.entries(value).filter(([part]) => !ADDRESS.includes(part));
      if (rest.length) left[name] = nullPrototype(rest);
      information[name] = pickMembers(value, ADDRESS);
    } else information[name] = value;
  }
  return information;
}

/** The named members that pass a test. */
function pickMembers(
  value: unknown,
  names: readonly string[],
  passes: (value: unknown) => boolean = () => true,
): JsonObject {
  const found: JsonObject = {};
  if (!isObject(value)) return found;
  for (const name of names) {
    if (Object.hasOwn(value, name) && passes(value[name])) found[name] = value[name];
  }
  return found;
}

/** Whether the server sets a field, or the field that contains it, for pages of this origin. */
export function isDefault(path: string, origin: string, { defaults }: FieldRules): boolean {
  return defaultFor(member(defaults, path.split(".")[0]!), origin) !== undefined;
}

/** The defaults for leads of an origin. */
export function defaultsFor(defaults: Defaults, origin: string): JsonObject {
  const entries = Object.entries(defaults).map(([name, given]) => [name, defaultFor(given, origin)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A default is a value, or an object of values by origin. */
function defaultFor(given: unknown, origin: string): unknown {
  const byOrigin = isObject(given) && Object.keys(given).some((name) => name.includes("://"));
  return byOrigin ? member(given, origin) : given;
}

/**
 * The text by which repeats are recognized: the lead, and the consents without their time. A reloaded page sends the
 * same lead with a different context.
 */
function canonicalText(lead: unknown, context: JsonObject): string {
  const consents = consentsIn(context).map((entry) =>
    pickScalars(
      entry,
      CONSENT.filter((name) => name !== "at"),
    ),
  );
  return canonical(consents.length ? [lead, consents] : lead);
}

/** The consents: a list, or, from a form, an object with the indexes as names. */
function consentsIn(context: JsonObject): unknown[] {
  const consents = member(context, "consent");
  return isObject(consents) ? Object.values(consents) : Array.isArray(consents) ? consents : [];
}

const CLICK_IDS = ["gclid", "gbraid", "wbraid", "fbclid", "ttclid", "ScCid", "msclkid"];
const TOUCH = ["source", "medium", "campaign", "term", "content", ...CLICK_IDS, "at"];
const CONSENT = ["name", "version", "text", "given", "at"];
const PHONE = ["raw", "country", "check"];
const CONTEXT = ["attribution", "consent", "page", "landingPage", "referrer", "locale", "phone"];

/** The members of `customField`, in order of priority if space is limited; and the remaining members. */
function customOf(context: JsonObject, typedPhone: string | undefined): [JsonObject, JsonObject] {
  const custom: JsonObject = {};
  const add = (name: string, value: object) => {
    if (Object.keys(value).length) custom[name] = value;
  };
  const given = member(context, "attribution");
  const attribution: JsonObject = {};
  for (const name of ["first", "last"]) {
    const touch = pickScalars(member(given, name), TOUCH);
    if (Object.keys(touch).length) attribution[name] = touch;
  }
  add("attribution", attribution);
  add(
    "consent",
    consentsIn(context)
      .map((entry) => pickScalars(entry, CONSENT))
      .filter((entry) => Object.keys(entry).length),
  );
  for (const name of ["page", "landingPage", "referrer", "locale"]) {
    const text = textMember(context, name);
    if (text !== undefined) custom[name] = text;
  }
  add("phone", {
    ...(typedPhone === undefined ? {} : { raw: typedPhone }),
    ...pickScalars(member(context, "phone"), PHONE),
  });
  return [
    custom,
    nullPrototype(Object.entries(context).filter(([name, value]) => value !== undefined && !CONTEXT.includes(name))),
  ];
}

/** The named members that are strings or booleans. */
function pickScalars(value: unknown, names: readonly string[]): JsonObject {
  return pickMembers(
    value,
    names,
    (found) => (typeof found === "string" && found !== "") || typeof found === "boolean",
  );
}
