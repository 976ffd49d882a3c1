import { isObject, type JsonObject, member } from "../message/json.js";
import type { DefaultLead } from "./definition.js";

/** The meaning of a question. */
type Meaning =
  | "fullName"
  | "firstName"
  | "lastName"
  | "email"
  | "phone"
  | "otherPhone"
  | "otherEmail"
  | "company"
  | "title"
  | "city"
  | "country"
  | "street"
  | "zip"
  | "region"
  | "description"
  | "campaign";

/** Names of questions, without case, spaces and punctuation. */
const NAMES: Record<Meaning, string[]> = {
  fullName: ["fullname", "name", "yourname", "الاسم", "الاسمالكامل", "الإسم", "nomcomplet", "nom"],
  firstName: ["firstname", "givenname", "fname", "الاسمالأول", "الاسمالاول", "prenom", "prénom"],
  lastName: ["lastname", "familyname", "surname", "lname", "اسمالعائلة", "nomdefamille"],
  email: ["email", "emailaddress", "youremail", "البريدالإلكتروني", "البريدالالكتروني", "الإيميل", "courriel"],
  phone: [
    ...["phone", "phonenumber", "mobile", "mobilenumber", "mobilephone", "tel", "telephone", "téléphone", "portable"],
    ...["yourphone", "userphone", "الهاتف", "رقمالهاتف", "الجوال", "رقمالجوال", "الموبايل", "رقمالموبايل"],
  ],
  otherPhone: ["whatsappnumber", "whatsapp", "workphone", "workphonenumber", "واتساب", "رقمالواتساب"],
  otherEmail: ["workemail"],
  company: ["companyname", "company", "الشركة", "société"],
  title: ["jobtitle", "المسمىالوظيفي"],
  city: ["city", "المدينة", "ville"],
  country: ["country", "countryname", "الدولة", "البلد", "pays"],
  street: ["streetaddress", "street", "address", "العنوان", "adresse"],
  zip: ["postalcode", "postcode", "zip", "zipcode", "codepostal"],
  region: ["region", "province", "state", "المنطقة"],
  description: ["message", "comments", "comment", "notes", "yourmessage", "leaddescription", "الرسالة", "رسالتك"],
  campaign: ["campaignname", "utmcampaign"],
};

const MEANINGS = new Map(
  Object.entries(NAMES).flatMap(([meaning, names]) => names.map((name) => [name, meaning as Meaning] as const)),
);

/** A question with its answer. */
export interface AnsweredQuestion {
  name: string;
  /** The label in the description. Default: the name. */
  label?: string | undefined;
  value: unknown;
}

/** Creates a lead from questions and answers: known names become fields, the others lines of the description. */
export function leadOf(fields: readonly AnsweredQuestion[], leadSource?: string): JsonObject {
  const person: JsonObject = {};
  const address: JsonObject = {};
  const lead: JsonObject = { leadInformation: person };
  const messages: string[] = [];
  const lines: string[] = [];
  // The first of each kind is the lead's own.
  const phones: Record<"own" | "other", string[]> = { own: [], other: [] };
  const emails: Record<"own" | "other", string[]> = { own: [], other: [] };
  for (const { name, label, value } of fields) {
    const text = answerText(value);
    if (text === "") continue;
    const meaning = MEANINGS.get(plain(name));
    switch (meaning) {
      case "fullName":
      case "firstName":
      case "lastName":
      case "company":
      case "title":
        person[meaning] ??= text;
        break;
      case "phone":
        phones.own.push(text);
        break;
      case "otherPhone":
        phones.other.push(text);
        break;
      case "email":
        emails.own.push(text);
        break;
      case "otherEmail":
        emails.other.push(text);
        break;
      case "city":
      case "country":
      case "street":
      case "zip":
        address[meaning] ??= text;
        break;
      case "region":
        lead["region"] ??= text;
        break;
      case "campaign":
        lead["campaignName"] ??= text;
        break;
      case "description":
        messages.push(text);
        break;
      case undefined:
        lines.push(`${label ?? name.replaceAll("_", " ")}: ${text}`);
    }
  }
  const { fullName } = person;
  delete person["fullName"];
  if (typeof fullName === "string" && person["firstName"] === undefined) {
    const [, first, last] = /^(\S+)\s*([^]*)$/.exec(fullName.trim()) ?? [];
    person["firstName"] = first;
    if (last && person["lastName"] === undefined) person["lastName"] = last;
  }
  const [phone, ...otherPhones] = [...new Set([...phones.own, ...phones.other])];
  const [email, ...otherEmails] = [...new Set([...emails.own, ...emails.other])];
  if (phone !== undefined) person["phone"] = phone;
  if (email !== undefined) person["email"] = email;
  if (otherPhones.length) lead["additionalPhones"] = otherPhones;
  if (otherEmails.length) lead["additionalEmails"] = otherEmails;
  if (Object.keys(address).length) person["address"] = address;
  const description = [...messages, ...lines];
  if (description.length) lead["leadDescription"] = description.join("\n");
  if (leadSource !== undefined) lead["leadSource"] = leadSource;
  return lead;
}

/**
 * Creates a lead from an object of any form tool: an object with `leadInformation` is already a lead, any other is read
 * as questions and answers.
 */
export function leadOfObject(data: unknown, leadSource?: string): DefaultLead {
  const person = member(data, "leadInformation");
  if (!isObject(data) || !isObject(person))
    return { lead: leadOf(flatten(data), leadSource), custom: {}, isTest: false };
  const { phone } = person;
  const leadInformation = { ...person, ...(typeof phone === "number" ? { phone: String(phone) } : {}) };
  return { lead: { ...data, leadInformation }, custom: {}, isTest: false };
}

/** Members that identify a submission; they are in the stored event. */
const IDS = [
  "id",
  "entryid",
  "eventid",
  "formid",
  "responseid",
  "respondentid",
  "submissionid",
  "createdat",
  "timestamp",
];

/** The members of an object at any depth; the last name of a path is the question. */
function flatten(data: unknown, name = "", depth = 0): AnsweredQuestion[] {
  if (isObject(data) && depth < 8) {
    return Object.entries(data).flatMap(([member, value]) => flatten(value, member, depth + 1));
  }
  if (Array.isArray(data) && depth < 8 && data.some((item) => typeof item === "object"))
    return data.flatMap((item) => flatten(item, name, depth + 1));
  return name === "" || IDS.includes(plain(name)) ? [] : [{ name, value: data }];
}

/** Whether a question with this name is a field of a lead. */
export function isKnownName(name: string): boolean {
  return MEANINGS.has(plain(name));
}

/** An answer as text. */
function answerText(value: unknown): string {
  if (Array.isArray(value)) return value.map(answerText).filter(Boolean).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** The members whose values are strings or numbers, as strings. */
export function textMembers(entries: Record<string, unknown>): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) =>
      (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "boolean"
        ? [[name, typeof value === "number" ? String(value) : value]]
        : [],
    ),
  );
}
