import { parseAmount } from "../../base/amount.js";
import { nullPrototype, isExact, isObject, type JsonObject } from "./json.js";
import type { PhoneReader } from "./lead-validation.js";

/** Hints for parsing a visitor's input. */
export interface Hints {
  /** The page's language tag; empty if unknown. */
  language: string;
  /** The two-letter code of the country that the visitor chose. */
  country: string | undefined;
}

/** The original input of values that were changed or moved. */
export interface RewrittenValues {
  /** A budget that is not a number, as typed. */
  budget: string | undefined;
  /** The telephone number as typed, if it was changed. */
  phone: string | undefined;
}

/** Fields of `leadInformation` with a single-line name. */
const NAMES = ["salutation", "firstName", "lastName", "title", "company"];

/** Characters without width or glyph, except joiners: direction marks, zero-width spaces, control characters. */
const INVISIBLE = /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Control characters except tab and line feed. */
// eslint-disable-next-line no-control-regex -- it finds control characters
const CONTROLS = /[\0-\x08\v-\x1f\x7f-\x9f]/g;

/** Joiners at the edge of a word. Inside a word they are part of the spelling, as in Persian, and of many emoji. */
const LOOSE_JOINERS = /(?<=^|\s)[\u200c\u200d]+|[\u200c\u200d]+(?=\s|$)/gu;

/**
 * Normalizes the values of a page's lead for the CRM, the same for scripts and plain forms: telephone numbers, budgets,
 * e-mail addresses, names. Modifies the lead. Values of a wrong type are left for validation to report.
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

/** Parses a number as people type it; other text is returned unchanged. */
export function numberOf(text: string): unknown {
  const digits = westernDigits(clean(text));
  return isExact(digits) ? Number(digits) : text;
}

/** Removes control characters from the strings in a value. Tabs and line feeds remain in multi-line text. */
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

/** Single-line text without invisible characters. */
function clean(text: string): string {
  return text
    .replace(/[\t\n\r]/g, " ")
    .replace(INVISIBLE, "")
    .replace(LOOSE_JOINERS, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** An e-mail address without invisible characters. */
function cleanEmail(text: string): string {
  return clean(text).replace(/[\u200c\u200d]/g, "");
}

/** Arabic, Persian and fullwidth digits as ASCII. */
function westernDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹０-９]/g, (digit) => String(digit.charCodeAt(0) & 15)).replace(/＋/g, "+");
}

/** Parses exponential notation, such as `5e6`, which a number input may send. */
function exponential(text: string): number | undefined {
  return /^\d+(\.\d+)?e\+?\d{1,2}$/i.test(text) ? Number(text) : undefined;
}
