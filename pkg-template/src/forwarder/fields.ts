import { wrong } from "../settings.js";
import type { Defaults } from "./config.js";
import { bare, canonical, isObject, type JsonObject, member, textMember } from "./json.js";
import type { Submission } from "./submission.js";

/** What a page may set; members of `leadInformation` are named with it. */
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

/** The documented members of an address. */
const ADDRESS = ["address", "country", "city", "street", "zip"];

/** Faster than anyone types, in milliseconds. */
const TOO_FAST = 2_000;

/** Tells what becomes of a field: a page's choice of it, the server's, and what is only kept. */
export interface FieldRules {
  allowed: ReadonlySet<string>;
  defaults: Defaults;
}

/** What goes out of a submission, and what stays. All but `lead` is JSON text, ready to be stored. */
export interface Sorted {
  lead: JsonObject;
  canonical: string;
  custom: string;
  dropped: string | undefined;
  marks: string[];
}

/** The option `allowFields`. */
export function allowedFields(changes: unknown = []): ReadonlySet<string> {
  if (!Array.isArray(changes)) throw wrong("allowFields", 'must be a list as ["status", "-region"]');
  const allowed = new Set(PAGE_FIELDS);
  for (const change of changes) {
    const [, minus, name = ""] = /^(-?)((?:leadInformation\.)?\w+)$/.exec(typeof change === "string" ? change : "") ?? [];
    if (!name || name === "leadInformation") throw wrong("allowFields", 'must hold names as "status", or "-status"');
    if (name === "customField" || name === "idengagerRequestId" || name.endsWith("__proto__")) {
      throw wrong("allowFields", `may not hold ${name}: it is the forwarder's own`);
    }
    if (minus) allowed.delete(name);
    else allowed.add(name);
  }
  return allowed;
}

/** The option `defaults`. */
export function defaultsOf(defaults: unknown = {}): Defaults {
  if (!isObject(defaults)) throw wrong("defaults", "must be an object of fields");
  for (const name of ["customField", "idengagerRequestId", "leadInformation"]) {
    if (Object.hasOwn(defaults, name)) throw wrong("defaults", `may not hold ${name}`);
  }
  return defaults;
}

/** Parts what a page sent by the rules. */
export function sort(submission: Submission, origin: string, { allowed, defaults }: FieldRules): Sorted {
  const { lead: sent, context } = submission;
  const left = bare();
  const lead = isObject(sent) ? picked(sent, allowed, left) : {};
  const campaign = textMember(member(member(context, "attribution"), "last"), "campaign");
  if (campaign !== undefined && allowed.has("campaignName") && !textMember(lead, "campaignName")) {
    lead["campaignName"] = campaign;
  }
  for (const [name, given] of Object.entries(defaults)) {
    const value = valueFor(given, origin);
    if (value !== undefined) lead[name] = value;
  }
  const [custom, others] = customOf(context);
  const marks = marksOf(context);
  if (Object.keys(left).length) marks.push("dropped_fields");
  const kept = Object.entries({ lead: left, context: others, body: submission.rest });
  const dropped = kept.filter(([, value]) => Object.keys(value).length);
  return {
    lead,
    canonical: canonical(sent),
    custom: JSON.stringify(custom),
    dropped: dropped.length ? JSON.stringify(bare(dropped)) : undefined,
    marks,
  };
}

function marksOf(context: JsonObject): string[] {
  const elapsed = member(context, "elapsedMs");
  const trap = member(context, "trap");
  return [
    ...(typeof elapsed === "number" && elapsed < TOO_FAST ? ["time_trap"] : []),
    ...(trap !== undefined && trap !== null && trap !== "" && trap !== false ? ["honeypot"] : []),
  ];
}

/** The allowed part of a lead; what is not allowed, as `__proto__` never is, is put into `left`. */
function picked(sent: JsonObject, allowed: ReadonlySet<string>, left: JsonObject): JsonObject {
  const lead: JsonObject = {};
  for (const [name, value] of Object.entries(sent)) {
    if (name === "leadInformation" && isObject(value)) {
      const rest = bare();
      lead[name] = person(value, allowed, rest);
      if (Object.keys(rest).length) left[name] = rest;
    } else if (name === "leadInformation" || allowed.has(name)) lead[name] = value;
    else left[name] = value;
  }
  return lead;
}

function person(sent: JsonObject, allowed: ReadonlySet<string>, left: JsonObject): JsonObject {
  const information: JsonObject = {};
  for (const [name, value] of Object.entries(sent)) {
    if (!allowed.has(`leadInformation.${name}`)) left[name] = value;
    else if (name === "address" && isObject(value)) {
      const rest = Object.entries(value).filter(([part]) => !ADDRESS.includes(part));
      if (rest.length) left[name] = bare(rest);
      information[name] = only(value, ADDRESS);
    } else information[name] = value;
  }
  return information;
}

/** The named members that a test lets pass. */
function only(value: unknown, names: readonly string[], passes = (_found: unknown): boolean => true): JsonObject {
  const found: JsonObject = {};
  if (!isObject(value)) return found;
  for (const name of names) {
    if (Object.hasOwn(value, name) && passes(value[name])) found[name] = value[name];
  }
  return found;
}

/** Whether a field, or what its path leads into, is the server's choice for pages of this origin. */
export function isDefault(path: string, origin: string, { defaults }: FieldRules): boolean {
  return valueFor(member(defaults, path.split(".")[0]!), origin) !== undefined;
}

/** A default is a value, or an object of values by origin. */
function valueFor(given: unknown, origin: string): unknown {
  const byOrigin = isObject(given) && Object.keys(given).some((name) => name.includes("://"));
  return byOrigin ? member(given, origin) : given;
}

const TOUCH = ["source", "medium", "campaign", "term", "content", "gclid", "fbclid", "at"];
const CONSENT = ["name", "version", "text", "given", "at"];
const PHONE = ["raw", "country", "check"];
const CONTEXT = ["attribution", "consent", "page", "landingPage", "referrer", "locale", "phone"];

/** What goes into `customField`, in the order in which it is kept when room is short; and the rest. */
function customOf(context: JsonObject): [JsonObject, JsonObject] {
  const custom: JsonObject = {};
  const add = (name: string, value: object) => {
    if (Object.keys(value).length) custom[name] = value;
  };
  const given = member(context, "attribution");
  const attribution: JsonObject = {};
  for (const name of ["first", "last"]) {
    const touch = simple(member(given, name), TOUCH);
    if (Object.keys(touch).length) attribution[name] = touch;
  }
  add("attribution", attribution);
  const consents = member(context, "consent");
  const consent = isObject(consents) ? Object.values(consents) : Array.isArray(consents) ? consents : [];
  add("consent", consent.map((entry) => simple(entry, CONSENT)).filter((entry) => Object.keys(entry).length));
  for (const name of ["page", "landingPage", "referrer", "locale"]) {
    const text = textMember(context, name);
    if (text !== undefined) custom[name] = text;
  }
  add("phone", simple(member(context, "phone"), PHONE));
  return [custom, bare(Object.entries(context).filter(([name, value]) => value !== undefined && !CONTEXT.includes(name)))];
}

/** The named members that are text or yes and no. */
function simple(value: unknown, names: readonly string[]): JsonObject {
  return only(value, names, (found) => (typeof found === "string" && found !== "") || typeof found === "boolean");
}
