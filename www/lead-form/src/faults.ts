import type { Fault } from "./field-view.js";
import type { Answer } from "./lead.js";
import type { Fault as Issue } from "./public.js";

/** What keeps a form from being sent at all, by its fields. */
export function missingIn(answers: readonly Answer[]): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const { field, value } of answers) {
    const isMissing = value === undefined || value === false || (typeof value === "string" && !value.trim());
    if (field.required && isMissing) faults.set(field.name, { kind: "missing", isDoubt: false });
    else if (value !== undefined && Number.isNaN(field.convert?.(String(value)))) {
      faults.set(field.name, { kind: "number", isDoubt: false });
    }
  }
  return faults;
}

/** What is wrong, by the fields of the form; doubts as such, or left out. */
export function faultsOf(issues: readonly Issue[], answers: readonly Answer[], areDoubts: boolean): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const { path, code, severity } of issues) {
    const isDoubt = severity === "warning";
    const field = answers.find(({ field }) => field.path && (path === field.path || String(path).startsWith(`${field.path}.`)))?.field;
    if (!field || (isDoubt && !areDoubts) || faults.get(field.name)?.isDoubt === false) continue;
    const kind = code === "required" ? "missing" : code === "phone" || code === "email" ? code : "other";
    faults.set(field.name, { kind, isDoubt });
  }
  return faults;
}
