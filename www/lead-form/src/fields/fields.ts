/** The type of a field's control. `country` is a list of countries; `checkboxes` allow several answers. */
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

/** An answer to choose; a string is both value and label. */
export type FieldOption = string | { readonly value: string; readonly label: string };

/** A field's value: a list for `checkboxes`, a boolean for a checkbox or consent, else text. */
export type FieldValue = string | boolean | readonly string[];

/** A field as the page configures it, in the property `schema` or, as JSON, in the attribute. */
export interface FieldOptions {
  /** The name of a known field, as in `firstName`, or a path in the lead, as in `project.code`. */
  readonly name: string;
  /** The control. Default: the known field's, else `text`. */
  readonly type?: FieldType;
  /** The label. Known fields have one in the form's language. */
  readonly label?: string;
  /** A hint below the control. */
  readonly hint?: string;
  /** Whether a value is required. Default `false`. */
  readonly required?: boolean;
  /** The answers of `select`, `radio` and `checkboxes`. */
  readonly options?: readonly FieldOption[];
  /** The initial value. */
  readonly value?: FieldValue;
  /** The autofill token. */
  readonly autocomplete?: string;
  /** Shows the field only while another field has one of these values; without `is`, any value. */
  readonly when?: { readonly field: string; readonly is?: string | boolean | readonly (string | boolean)[] };
  /** The version of a `consent`'s wording. The wording itself is the label. */
  readonly version?: string;
}

/** The fields of a form, in order. */
export interface FormSchema {
  /** Each by name, or with options. */
  readonly fields: readonly (string | FieldOptions)[];
}

/** A field with all defaults applied. */
export interface Field extends FieldOptions {
  readonly type: FieldType;
  readonly autocomplete: string;
  readonly required: boolean;
  /** The path of its value in the lead, names joined by dots; empty for a consent. */
  readonly path: string;
  /** Whether the lead has a list at that path. */
  readonly isList: boolean;
  /** Whether it is visible, given other fields' values; absent: always. `dependents` depend on it. */
  isVisible?: (named: (name: string) => FieldState | undefined, dependents?: readonly Field[]) => boolean;
  /** Adds the typed text to a lead that has all other fields, instead of setting it at the path. */
  addToLead?: (lead: Record<string, unknown>, text: string, language: string) => void;
  /** Whether an input of the plain form belongs to this field, by its name; by default its path. */
  isPlainName?: (name: string, inputs: readonly HTMLInputElement[]) => boolean;
  /** The value that a visitor entered into these inputs of the plain form; by default a changed text. */
  enteredIn?: (inputs: readonly HTMLInputElement[]) => FieldValue | undefined;
}

/** A field and the value of its control, visible or not. */
export interface FieldState {
  readonly definition: Field;
  readonly rawValue: FieldValue | undefined;
}

/** Name, `autocomplete`, and the type if it is not text. */
export type KnownField = readonly [name: string, autocomplete: string, type?: FieldType];

/** The fields that most forms have. All others are in a separate script. */
const PERSON: readonly KnownField[] = [
  ["firstName", "given-name"],
  ["lastName", "family-name"],
  ["phone", "tel", "tel"],
  ["email", "email", "email"],
];

/** The CRM rejects leads without these. */
const REQUIRED = ["phone", "firstName"];

/** Fields whose path starts with `prefix`. */
export function knownFields(prefix: string, group: readonly KnownField[], lists = ""): Field[] {
  return group.map(([name, autocomplete, type = "text"]) => ({
    name,
    path: prefix + name,
    autocomplete,
    type,
    required: REQUIRED.includes(name),
    isList: lists.includes(name),
  }));
}

export const PERSON_FIELDS = knownFields("leadInformation.", PERSON);

/** The fields of a form that is not configured. */
export const DEFAULT_FIELDS = "firstName lastName phone email";

/** Fields by name; `undefined` if this script does not know all of them. */
export function fieldsByName(names: readonly string[]): Field[] | undefined {
  const fields = [...new Set(names)].map((name) => PERSON_FIELDS.find((field) => field.name === name));
  return fields.every((field) => field !== undefined) ? withRequired(fields) : undefined;
}

/** Adds required fields that are missing: the CRM would reject every lead without them. */
export function withRequired(fields: readonly Field[]): Field[] {
  const missing = PERSON_FIELDS.filter(
    ({ path, required }) => required && !fields.some((field) => field.path === path),
  );
  return [...missing, ...fields];
}
