import type { FieldError } from "../fields/missing.js";
import type { Answer } from "../fields/lead.js";
import type { LeadIssue } from "../base/public.js";

/** The errors by field of the form, with or without warnings. */
export function fieldErrorsOf(
  issues: readonly LeadIssue[],
  answers: readonly Answer[],
  includeWarnings: boolean,
): Map<string, FieldError> {
  const errors = new Map<string, FieldError>();
  for (const { path, code, severity } of issues) {
    const isDoubt = severity === "warning";
    const field = answers.find(
      ({ definition }) =>
        definition.path && (path === definition.path || String(path).startsWith(`${definition.path}.`)),
    )?.definition;
    if (!field || (isDoubt && !includeWarnings) || errors.get(field.name)?.isWarning === false) continue;
    const kind = code === "required" ? "missing" : code === "phone" || code === "email" ? code : "other";
    errors.set(field.name, { kind, isWarning: isDoubt });
  }
  return errors;
}
