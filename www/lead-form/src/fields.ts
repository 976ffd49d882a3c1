import type { LeadInformation } from "icloud-ready";

/** The name of a field: the lead's own, below `leadInformation`. */
export type FieldName = keyof LeadInformation & ("firstName" | "lastName" | "phone" | "email");

/** What a field's input is. */
export interface Field {
  readonly name: FieldName;
  readonly type: "text" | "tel" | "email";
  /** Tells browsers and password managers what to fill in. */
  readonly autocomplete: AutoFill;
  readonly isRequired: boolean;
}

/** The fields, in the order in which they are asked for. */
export const FIELDS: readonly Field[] = [
  { name: "firstName", type: "text", autocomplete: "given-name", isRequired: true },
  { name: "lastName", type: "text", autocomplete: "family-name", isRequired: false },
  { name: "phone", type: "tel", autocomplete: "tel", isRequired: true },
  { name: "email", type: "email", autocomplete: "email", isRequired: false },
];

/** What is wrong with a field, as far as a visitor need know. */
export type Fault = "missing" | "phone" | "email" | "other";

/** What is wrong, field by field. */
export type Faults = ReadonlyMap<FieldName, Fault>;
