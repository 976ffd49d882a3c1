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
  /** How it is asked for; by default as a known field is, else as text. */
  readonly type?: FieldType;
  /** What it is called; a known field's is there in the form's language. */
  readonly label?: string;
  /** A line below it. */
  readonly hint?: string;
  /** Whether the form cannot be sent without; by default not. */
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
  /** Each by name, or with options. */
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
  /** What the lead has of what was typed; NaN if it cannot be. */
  convert?: (text: string) => number;
}

/** Name, `autocomplete`, type where it is not text. */
export type Known = readonly [name: string, autocomplete: string, type?: FieldType];

/** The fields that most forms have; all others come in a script of their own. */
const PERSON: readonly Known[] = [
  ["firstName", "given-name"],
  ["lastName", "family-name"],
  ["phone", "tel", "tel"],
  ["email", "email", "email"],
];

/** The CRM takes no lead without these. */
const REQUIRED = ["phone", "firstName"];

/** Fields that have their place in the lead below `prefix`. */
export function knownFields(prefix: string, group: readonly Known[], lists = ""): Field[] {
  return group.map(([name, autocomplete, type = "text"]) => ({
    name,
    path: prefix + name,
    autocomplete,
    type,
    required: REQUIRED.includes(name),
    isList: lists.includes(name),
  }));
}

export const personFields = knownFields("leadInformation.", PERSON);

/** What a form asks for that is told nothing else. */
export const DEFAULT_FIELDS = "firstName lastName phone email";

/** Fields by their names; none if there is one that this script does not know. */
export function fieldsByName(names: readonly string[]): Field[] | undefined {
  const fields = [...new Set(names)].map((name) => personFields.find((field) => field.name === name));
  return fields.every((field) => field !== undefined) ? withRequired(fields) : undefined;
}

/** A form that forgot what is required would be refused each time. */
export function withRequired(fields: readonly Field[]): Field[] {
  const missing = personFields.filter(({ path, required }) => required && !fields.some((field) => field.path === path));
  return [...missing, ...fields];
}
