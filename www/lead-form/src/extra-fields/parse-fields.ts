import { parseAmount } from "icloud-ready/amount";
import { nullProto } from "../base/null-proto.js";
import { withRequired } from "../fields/person-fields.js";
import type { Field, FieldOptions, FieldType, FieldState } from "../fields/field.js";
import { setPath } from "../fields/lead.js";
import type { Language, NamedField } from "../languages/index.js";
import { budgetRanges, CURRENCIES } from "./budget-ranges.js";
import { KNOWN_FIELDS } from "./known-fields.js";
import { enteredIn, isPlainName } from "./plain-form.js";
import { isObject, pickKnown } from "./known-members.js";
import { didYouMean, suggestSpelling } from "./spelling.js";
import { textsIn } from "./texts.js";

const TYPES: readonly FieldType[] = [
  ...([
    "text",
    "tel",
    "email",
    "number",
    "textarea",
    "select",
    "country",
    "radio",
    "checkbox",
    "checkboxes",
    "consent",
    "visit",
    "hidden",
  ] as const),
];
const OPTIONS = [
  "name",
  "type",
  "label",
  "shortLabel",
  "hint",
  "required",
  "options",
  "layout",
  "currency",
  "days",
  "slots",
  "country",
  "span",
  "value",
  "autocomplete",
  "when",
  "version",
];
const ANSWER = ["value", "label"];
const CONDITION = ["field", "is"];

/** Parses the fields of a schema. Ignores unknown names and passes a message with the nearest known one to `warn`. */
export function parseFields(schema: readonly (string | FieldOptions)[], warn: (what: string) => void): Field[] {
  const fields = new Map<string, Field>();
  for (const entry of schema) {
    const options = parseOptions(entry, warn);
    const { name } = options;
    const wanted = name === "budget" ? "dealSize" : name;
    const base = KNOWN_FIELDS.find((field) => field.name === wanted || field.path === wanted);
    if (!base) {
      const names = ["budget", ...KNOWN_FIELDS.map((field) => field.name)];
      const isOwn = options.type || options.label;
      const hint = isOwn ? suggestSpelling(name, names) : didYouMean(name, names);
      if (!isOwn) warn(`unknown field "${name}" is ignored${hint}`);
      else if (hint) warn(`the field "${name}" is not a known one${hint}`);
      if (!isOwn) continue;
    }
    const ranges = options.currency === undefined ? undefined : budgetRanges(options.currency);
    const chosen = (options.options ?? ranges) && (base?.isList ? "checkboxes" : "select");
    const field: Field = {
      autocomplete: "off",
      required: false,
      isList: options.type === "checkboxes",
      ...(base ?? { path: options.type === "consent" ? "" : name }),
      ...(ranges && { options: ranges }),
      ...options,
      type: options.type ?? chosen ?? base?.type ?? "text",
      ...(base?.required && { required: true }),
      isPlainName,
      enteredIn,
      defaultLabel,
    };
    if (field.type === "number" || field.path === "dealSize") field.addToLead = addNumber;
    // The CRM has no field for it.
    if (field.type === "visit") field.addToLead = addVisit;
    if (options.when) field.isVisible = isVisible;
    fields.set(name, nullProto(field));
  }
  const ready = withRequired([...fields.values()]);
  const names = ready.map(({ name }) => name);
  for (const field of ready) {
    const { name, when } = field;
    if (isCircular(field, ready)) warn(`the field "${name}" depends on itself and is never shown`);
    if (when && !names.includes(when.field))
      warn(
        `the field "${name}" depends on "${when.field}", which the form does not have${didYouMean(String(when.field), names)}`,
      );
  }
  return ready;
}

/** The known options of a field. */
function parseOptions(entry: string | FieldOptions, warn: (what: string) => void): FieldOptions {
  const field = typeof entry === "string" ? { name: entry } : entry;
  const name = String(field.name);
  const where = `the field "${name}"`;
  const known = pickKnown(field, OPTIONS, where, warn);
  const { type, options, when, currency } = known;
  if (currency !== undefined && !CURRENCIES.includes(currency as string))
    warn(`unknown currency "${currency}" of ${where} is ignored${didYouMean(String(currency), CURRENCIES)}`);
  // The page's own answers take precedence.
  if (options || !CURRENCIES.includes(currency as string)) delete known["currency"];
  if (Array.isArray(options)) known["options"] = options.map((option) => parseAnswer(option, where, warn));
  if (isObject(when)) known["when"] = pickKnown(when, CONDITION, `the option when of ${where}`, warn);
  if (type !== undefined && !TYPES.includes(type as FieldType)) {
    warn(`unknown type "${type}" of ${where} is ignored${didYouMean(String(type), TYPES)}`);
    // It is still a custom field.
    known["label"] ??= name;
    delete known["type"];
  }
  known["name"] = name;
  return known as unknown as FieldOptions;
}

/** Parses an answer: value and label default to each other. */
function parseAnswer(option: unknown, where: string, warn: (what: string) => void): unknown {
  if (!isObject(option)) return option;
  const { value, label = value } = pickKnown(option, ANSWER, `an answer of ${where}`, warn);
  return nullProto({ value: String(value ?? label), label: String(label) });
}

/** The label of a field for which the page sets none. */
function defaultLabel(this: Field, language: Language): string {
  const { labels } = textsIn(language);
  return (Object.hasOwn(labels, this.name) && labels[this.name as NamedField]) || this.name;
}

/** Adds a number to a lead. Text that is not definitely a number is added to the description as typed. */
function addNumber(this: Field, lead: Record<string, unknown>, text: string, language: string): void {
  const number = parseAmount(text, language);
  if (number !== undefined) return setPath(lead, this.path, number);
  describe(lead, this.path === "dealSize" ? "Budget" : (this.label ?? this.name), text);
}

/** Adds the day and time of a visit to the description. */
function addVisit(this: Field, lead: Record<string, unknown>, text: string): void {
  describe(lead, this.days === 0 ? "Call" : "Visit", text);
}

/** Adds a line to the description. */
function describe(lead: Record<string, unknown>, name: string, text: string): void {
  lead["leadDescription"] = [lead["leadDescription"], `${name}: ${text}`].filter(Boolean).join("\n");
}

/** Whether the field that this one depends on is visible and has a required value. In a cycle no field is visible. */
function isVisible(
  this: Field,
  named: (name: string) => FieldState | undefined,
  dependents: readonly Field[] = [],
): boolean {
  const { field = "", is } = this.when ?? {};
  const source = dependents.includes(this) ? undefined : named(field);
  if (!source || source.definition.isVisible?.(named, [...dependents, this]) === false) return false;
  const held: unknown[] = [source.rawValue].flat().filter(Boolean);
  if (is === undefined) return held.length > 0;
  // An empty field counts like a checkbox that is not checked.
  return [is].flat().some((one) => (one === false ? !held.length : held.includes(one)));
}

/** Whether a field depends on itself, directly or indirectly. */
function isCircular(field: Field, fields: readonly Field[], seen: readonly Field[] = []): boolean {
  if (seen.includes(field)) return field === seen[0];
  const next = fields.find(({ name }) => name === field.when?.field);
  return next !== undefined && isCircular(next, fields, [...seen, field]);
}
