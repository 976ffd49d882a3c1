import { parseAmount } from "../../base/amount.js";
import { nullPrototype, isExact, isObject, type JsonObject } from "./json.js";
import type { PhoneReader } from "./lead-validation.js";

/** What helps to read what a visitor typed. */
export interface Hints {
  /** The page's language, as a tag; empty where it is not known. */
  language: string;
  /** The country that the visitor chose, in two letters. */
  country: string | undefined;
}

/** What became of values that could not stay in their fields. */
export interface RewrittenValues {
  /** A budget that is no number, as it was typed. */
  budget: string | undefined;
  /** The telephone number as it was typed, where it was changed. */
  phone: string | undefined;
}

/** Fields of `leadInformation` that hold a name of one line. */
const NAMES = ["salutation", "firstName", "lastName", "title", "company"];

/** Characters without a width or a glyph, but for the joiners: marks of direction, zero-width spaces, controls. */
const INVISIBLE = /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Control characters but tab and line feed. */
// eslint-disable-next-line no-control-regex -- it finds control characters
const CONTROLS = /[\0-\x08\v-\x1f\x7f-\x9f]/g;

/** Joiners that join nothing. Within a word they belong to its spelling, as in Persian, and to many emoji. */
const LOOSE_JOINERS = /(?<=^|\s)[\u200c\u200d]+|[\u200c\u200d]+(?=\s|$)/gu;

/**
 * Rewrites the values of a page's lead as the CRM needs them, the same for scripts and plain forms: numbers of
 * telephones and budgets, e-mail addresses, names. Changes the lead. Values of a wrong type are left to the check.
 */
export function normalizeLead(lead: JsonObject, { language, country }: Hints, readPhone: PhoneReader): RewrittenValues {
  const phoneOf = (text: string) => readPhone(text, country, language) ?? westernDigits(clean(text));
  const typed: RewrittenValues = { budget: undefined, phone: undefined };
  const person = lead["leadInformation"];
  if (isObject(person)) {
    for (const name of NAMES) rewrite(person, name, clean);
    rewrite(person, "email", cleanEmail);
    const before = person["phone"];
    rewrite(person, "phone", phoneOf);
    if (typeof before === "string" && before !== person["phone"]) typed.phone = before;
  }
  rewriteEach(lead, "additionalPhones", phoneOf);
  rewriteEach(lead, "additionalEmails", cleanEmail);
  const budget = lead["dealSize"];
  if (typeof budget === "string" || (typeof budget === "number" && !Number.isFinite(budget))) {
    delete lead["dealSize"];
    const text = clean(String(budget));
    const amount = parseAmount(text, language) ?? exponential(text);
    if (amount !== undefined) lead["dealSize"] = amount;
    else if (text) typed.budget = text;
  }
  return typed;
}

/** A number as people type it, where it is nothing else. */
export function numberOf(text: string): unknown {
  const digits = westernDigits(clean(text));
  return isExact(digits) ? Number(digits) : text;
}

/** A value whose texts have no control characters. Tabs and line feeds remain where there may be several lines. */
export function withoutControls(value: unknown, isMultiline: boolean): unknown {
  if (typeof value === "string") {
    const text = value.replace(/\r\n?/g, "\n");
    return (isMultiline ? text : text.replace(/[\t\n]/g, " ")).replace(CONTROLS, "");
  }
  if (Array.isArray(value)) return value.map((item: unknown) => withoutControls(item, isMultiline));
  if (!isObject(value)) return value;
  return nullPrototype(Object.entries(value).map(([name, inner]) => [name, withoutControls(inner, isMultiline)]));
}

function rewrite(holder: JsonObject, name: string, step: (text: string) => string): void {
  const value = holder[name];
  if (typeof value === "string") holder[name] = step(value);
}

function rewriteEach(holder: JsonObject, name: string, step: (text: string) => string): void {
  const values = holder[name];
  if (Array.isArray(values))
    holder[name] = values.map((value: unknown) => (typeof value === "string" ? step(value) : value));
}

/** Text of one line without what cannot be seen. */
function clean(text: string): string {
  return text
    .replace(/[\t\n\r]/g, " ")
    .replace(INVISIBLE, "")
    .replace(LOOSE_JOINERS, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Nothing invisible belongs into an address. */
function cleanEmail(text: string): string {
  return clean(text).replace(/[\u200c\u200d]/g, "");
}

/** Arabic, Persian and fullwidth digits as ASCII. */
function westernDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹０-９]/g, (digit) => String(digit.charCodeAt(0) & 15)).replace(/＋/g, "+");
}

/** What a number field of a page may send, as in `5e6`. */
function exponential(text: string): number | undefined {
  return /^\d+(\.\d+)?e\+?\d{1,2}$/i.test(text) ? Number(text) : undefined;
}
