import type { Language } from "../languages/language.js";
import type { Answer } from "./lead.js";

/** An error or warning of a field. A warning does not prevent submitting. */
export interface FieldError {
  readonly isWarning: boolean;
  /** Its text; if absent, the error is a missing value. */
  textIn?(language: Language): string;
}

/** The errors of required fields without a value, by field name. */
export function findMissing(answers: readonly Answer[]): Map<string, FieldError> {
  const errors = new Map<string, FieldError>();
  for (const { definition: field, value } of answers) {
    if (field.required && !value) errors.set(field.name, { isWarning: false });
  }
  return errors;
}
