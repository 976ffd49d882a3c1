import type { ICloudReadyError, Issue } from "icloud-ready";
import { FIELDS, type Fault, type FieldName } from "./fields.js";

/** Why a lead was not taken, as far as a visitor can do something about it. */
export type Failure = "unreachable" | "crowded" | "refused";

/**
 * What to tell the visitor. The error is judged by its documented members: a page's client may
 * come from another copy of the package, or fail before there is one.
 */
export function failureOf(error: unknown): Failure {
  const { code, ambiguous } = (error ?? {}) as Partial<ICloudReadyError>;
  if (code === "rate_limit") return "crowded";
  // `inconclusive` comes of looking for an earlier attempt in vain.
  if (ambiguous || code === "connection" || code === "inconclusive" || code?.endsWith("timeout")) return "unreachable";
  return "refused";
}

/** What the client's check found, field by field; empty where none of it has a field here. */
export function faultsOf(error: unknown): Map<FieldName, Fault> {
  const { code, issues } = (error ?? {}) as { code?: string; issues?: Issue[] };
  const faults = new Map<FieldName, Fault>();
  if (code !== "validation") return faults;
  for (const issue of issues ?? []) {
    const field = FIELDS.find(({ name }) => issue.path === `leadInformation.${name}`);
    if (field && !faults.has(field.name)) faults.set(field.name, faultOf(issue.code));
  }
  return faults;
}

function faultOf(code: Issue["code"]): Fault {
  if (code === "required") return "missing";
  return code === "phone" || code === "email" ? code : "other";
}
