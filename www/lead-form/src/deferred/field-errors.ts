import type { FieldError } from "../fields/missing.js";
import type { Answer } from "../fields/lead.js";
import type { Language } from "../languages/index.js";
import { errorText } from "./messages.js";
import type { LeadIssue } from "../base/public.js";

/** The errors by field of the form, with or without warnings. */
export function fieldErrorsOf(
  issues: readonly LeadIssue[],
  answers: readonly Answer[],
  includeWarnings: boolean,
): Map<string, FieldError> {
  const errors = new Map<string, FieldError>();
  for (const { path, code, severity } of issues) {
    const isWarning = severity === "warning";
    const field = answers.find(
      ({ definition }) =>
        definition.path && (path === definition.path || String(path).startsWith(`${definition.path}.`)),
    )?.definition;
    if (!field || (isWarning && !includeWarnings) || errors.get(field.name)?.isWarning === false) continue;
    const kind = code === "phone" || code === "email" ? code : "other";
    const textIn = (language: Language) => errorText(language, kind, isWarning);
    errors.set(field.name, { isWarning, ...(code !== "required" && { textIn }) });
  }
  return errors;
}
