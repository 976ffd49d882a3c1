import type { Language } from "../languages/language.js";

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
  | "visit"
  | "hidden";

/** An answer to choose; a string is both value and label. */
export type FieldOption = string | { readonly value: string; readonly label: string };

/** A field's value: a list for `checkboxes`, a boolean for a checkbox or consent, else text. */
export type FieldValue = string | boolean | readonly string[];

/** The configuration of a field, in the property `schema` or, as JSON, in the attribute. */
export interface FieldOptions {
  /** The name of a known field, such as `firstName`, or a path in the lead, such as `project.code`. */
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
  /** A shorter label for the error summary, for example of a consent. Default: the label. */
  readonly shortLabel?: string;
  /** How the answers of `radio` and `checkboxes` are shown. Default `chips`. */
  readonly layout?: "chips" | "cards";
  /** For a `budget`: offers ranges in `EGP`, `SAR`, `AED`, `QAR`, `KWD` or `EUR`. */
  readonly currency?: string;
  /** For a `visit`: the number of days to choose from, without the weekend. Default 6; 0 offers only times. */
  readonly days?: number;
  /** For a `visit`: the times to choose from, such as `17:00`. */
  readonly slots?: readonly string[];
  /** For a `visit`: the country whose weekend is excluded. Default: the form's. */
  readonly country?: string;
  /** The number of columns to span. Default: 2 for choices and known long fields, otherwise 1. */
  readonly span?: 1 | 2;
}

/** The fields of a form, in order, and custom content. */
export interface FormSchema {
  /** Field names, or fields with options. Not needed with `steps`. */
  readonly fields?: readonly (string | FieldOptions)[];
  /** Shows the fields in steps, instead of `fields`. */
  readonly steps?: readonly FormStep[];
  /** The property that the form is about, shown above the fields. Its `id` is sent as `unitId`. */
  readonly unit?: FormUnit;
  /** Texts that replace those of the language. */
  readonly texts?: FormTexts;
  /** The page to navigate to after a lead is accepted. Its origin must be the page's or in `thankYouOrigins`. */
  readonly thankYouUrl?: string;
  /** Other origins that `thankYouUrl` may have, such as `https://www.agency.example`. */
  readonly thankYouOrigins?: readonly string[];
  /** A telephone number: adds a link to WhatsApp. */
  readonly whatsapp?: string;
}

/** A step of a form. */
export interface FormStep {
  /** Its heading. */
  readonly title?: string;
  /** Its field names, or fields with options. */
  readonly fields: readonly (string | FieldOptions)[];
}

/** A property on offer. */
export interface FormUnit {
  /** Its id in the CRM, sent as the lead's `unitId`. */
  readonly id?: string;
  /** Its name. */
  readonly title?: string;
  /** The displayed price, with its currency. */
  readonly price?: string;
  /** The URL of a picture. */
  readonly image?: string;
}

/** Custom texts of a form. */
export interface FormTexts {
  /** The heading above the fields. */
  readonly heading?: string;
  /** The label of the submit button. */
  readonly submit?: string;
  /** The message after a lead is accepted: a title, or a title and a text. */
  readonly thanks?: string | readonly [title: string, more: string];
}

/** A field with all defaults applied. @internal */
export interface Field extends FieldOptions {
  readonly type: FieldType;
  readonly autocomplete: string;
  readonly required: boolean;
  /** The path of its value in the lead, names joined by dots; empty for a consent. */
  readonly path: string;
  /** Whether the lead has a list at that path. */
  readonly isList: boolean;
  /** Whether it is visible, given other fields' values; if absent, always. `dependents` depend on it. */
  isVisible?: (named: (name: string) => FieldState | undefined, dependents?: readonly Field[]) => boolean;
  /** Adds the typed text to a lead that has all other fields, instead of setting it at the path. */
  addToLead?: (lead: Record<string, unknown>, text: string, language: string) => void;
  /** Whether an input of the plain form belongs to this field, by its name; by default its path. */
  isPlainName?: (name: string, inputs: readonly HTMLInputElement[]) => boolean;
  /** The label of a field for which the page sets none; if absent, every language has one. */
  defaultLabel?: (language: Language) => string;
  /** The value that a visitor entered into these inputs of the plain form; by default a changed text. */
  enteredIn?: (inputs: readonly HTMLInputElement[]) => FieldValue | undefined;
}

/** A field and the value of its control, visible or not. @internal */
export interface FieldState {
  readonly definition: Field;
  readonly rawValue: FieldValue | undefined;
}
