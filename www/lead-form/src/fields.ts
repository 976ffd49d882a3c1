import { bare } from "./bare.js";

/** How a field is asked for. `country` is a list of countries, `checkboxes` a choice of several. */
export type FieldType =
  | "text"
  | "tel"
  | "email"
  | "number"
  | "textarea"
  | "select"
  | "country"
  | "radio"
  | "checkbox"
  | "checkboxes"
  | "consent"
  | "hidden";

/** One of several answers; text alone is both. */
export type FieldOption = string | { readonly value: string; readonly label: string };

/** What a field holds: several values of `checkboxes`, whether a box is ticked, else text. */
export type FieldValue = string | boolean | readonly string[];

/** A field as a page describes it, in the property `schema` or, as JSON, in the attribute. */
export interface FieldOptions {
  /** A known field's name, as in `firstName`, or a place in the lead, as in `projectCode`. */
  readonly name: string;
  readonly type?: FieldType;
  /** What it is called; a known field's is there in the form's language. */
  readonly label?: string;
  /** A line below it. */
  readonly hint?: string;
  readonly required?: boolean;
  /** For `select`, `radio` and `checkboxes`. */
  readonly options?: readonly FieldOption[];
  /** What it holds at first. */
  readonly value?: FieldValue;
  /** The token that tells a browser what to fill in. */
  readonly autocomplete?: string;
  /** Only asked while another field holds one of these; without `is`, anything at all. */
  readonly when?: { readonly field: string; readonly is?: string | boolean | readonly (string | boolean)[] };
  /** Of a `consent`: which wording it is. Its text is the label. */
  readonly version?: string;
}

/** The fields of a form, in the order in which they are asked for. */
export interface FormSchema {
  readonly fields: readonly (string | FieldOptions)[];
}

/** A field made ready. */
export interface Field extends FieldOptions {
  readonly type: FieldType;
  readonly autocomplete: string;
  readonly required: boolean;
  /** Where its value stands in the lead, by members joined with dots; of a consent, nowhere. */
  readonly path: string;
  /** Whether the lead has a list there. */
  readonly isList: boolean;
}

/** Whether a field shows several answers to tick: what that needs comes in a script of its own. */
export const isChoice = ({ type }: Field): boolean => type === "radio" || type === "checkboxes";

/** Name, `autocomplete`, type where it is not text. */
type Known = readonly [name: string, autocomplete: string, type?: FieldType];

const PERSON: readonly Known[] = [
  ["salutation", "honorific-prefix"],
  ["firstName", "given-name"],
  ["lastName", "family-name"],
  ["phone", "tel", "tel"],
  ["email", "email", "email"],
  ["title", "organization-title"],
  ["company", "organization"],
];

const ADDRESS: readonly Known[] = [
  ["address", "street-address", "textarea"],
  ["street", "address-line1"],
  ["city", "address-level2"],
  ["zip", "postal-code"],
  ["country", "country", "country"],
];

const LEAD: readonly Known[] = [
  ["additionalPhones", "off", "tel"],
  ["additionalEmails", "off", "email"],
  ["interests", "off"],
  ["dealSize", "off", "number"],
  ["region", "address-level1"],
  ["unitId", "off"],
  ["leadDescription", "off", "textarea"],
  ["leadSource", "off", "hidden"],
  ["campaignName", "off", "hidden"],
  ["setName", "off", "hidden"],
];

const LISTS = ["additionalPhones", "additionalEmails", "interests"];

const known = new Map<string, Field>();
for (const [prefix, group] of [
  ["leadInformation.", PERSON],
  ["leadInformation.address.", ADDRESS],
  ["", LEAD],
] as const) {
  for (const [name, autocomplete, type = "text"] of group) {
    const required = name === "firstName" || name === "phone";
    known.set(name, { name, path: prefix + name, autocomplete, type, required, isList: LISTS.includes(name) });
  }
}
known.set("budget", { ...(known.get("dealSize") as Field), name: "budget" });

/** What a form asks for that is told nothing else. */
export const DEFAULT_FIELDS = "firstName lastName phone email";

/** Makes fields ready; `unknown` is told of a name that means nothing and has no type. */
export function fieldsOf(schema: FormSchema["fields"], unknown: (name: string) => void): Field[] {
  const fields = new Map<string, Field>();
  for (const entry of schema) {
    // Without a prototype, so that what a page put on every object is not taken for an option.
    const options: FieldOptions = bare(typeof entry === "string" ? { name: entry } : entry);
    const name = String(options.name);
    const base = known.get(name) ?? [...known.values()].find(({ path }) => path === name);
    if (!base && !options.type && !options.label) {
      unknown(name);
      continue;
    }
    const chosen = options.options && (base?.isList ? "checkboxes" : "select");
    const field: Field = {
      autocomplete: "off",
      required: false,
      isList: options.type === "checkboxes",
      ...(base ?? { path: options.type === "consent" ? "" : name }),
      ...options,
      type: options.type ?? chosen ?? base?.type ?? "text",
      // The CRM takes no lead without these.
      ...(base?.required && { required: true }),
    };
    fields.set(name, bare(field));
  }
  // A form that forgot them would be refused each time.
  for (const name of ["phone", "firstName"]) {
    const field = known.get(name) as Field;
    const isThere = [...fields.values()].some(({ path }) => path === field.path);
    if (!isThere) fields.set(name, field);
  }
  return [...fields.values()];
}
