import type { Field, FieldType } from "./field.js";

/** Name, `autocomplete`, and the type if it is not text. @internal */
export type KnownField = readonly [name: string, autocomplete: string, type?: FieldType];

/** The fields that most forms have. All others are in a separate script. */
const PERSON: readonly KnownField[] = [
  ["firstName", "given-name"],
  ["lastName", "family-name"],
  ["phone", "tel", "tel"],
  ["email", "email", "email"],
];

/** The CRM rejects leads without these. */
const REQUIRED = "phone firstName";

/** Fields whose path starts with `prefix`. @internal */
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

/** @internal */
export const PERSON_FIELDS = knownFields("leadInformation.", PERSON);

/** The fields of a form that is not configured. @internal */
export const DEFAULT_FIELDS = "firstName lastName phone email";

/** Fields by name; `undefined` if this script does not know all of them. @internal */
export function fieldsByName(names: readonly string[]): Field[] | undefined {
  const fields = [...new Set(names)].map((name) => PERSON_FIELDS.find((field) => field.name === name));
  return fields.every((field) => field !== undefined) ? withRequired(fields) : undefined;
}

/** Adds required fields that are missing: the CRM would reject every lead without them. @internal */
export function withRequired(fields: readonly Field[]): Field[] {
  const missing = PERSON_FIELDS.filter(
    ({ path, required }) => required && !fields.some((field) => field.path === path),
  );
  return [...missing, ...fields];
}
