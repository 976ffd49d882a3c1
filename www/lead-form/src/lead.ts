import type { NewLead } from "icloud-ready";
import { bare } from "./bare.js";
import type { Field, FieldValue } from "./fields.js";

/** What a field of the form holds. */
export interface Answer {
  readonly field: Field;
  readonly label: string;
  readonly value: FieldValue | undefined;
}

/** What a visitor agreed to, or did not. */
export interface Consent {
  name: string;
  version: string;
  text: string;
  given: boolean;
  at: string;
}

/** A lead of what a form holds. */
export function leadOf(answers: readonly Answer[], phone: string, campaignName: string | null): NewLead {
  const lead: Record<string, unknown> = bare({});
  if (campaignName) lead["campaignName"] = campaignName;
  for (const { field, value } of answers) {
    if (value !== undefined && field.path) put(lead, field.path, field.path === "leadInformation.phone" ? phone : typed(field, value));
  }
  return lead as unknown as NewLead;
}

/** What was agreed to, with its wording: it has to be proved later. */
export function consentsOf(answers: readonly Answer[], at: string): Consent[] {
  return answers
    .filter(({ field }) => field.type === "consent")
    .map(({ field, label, value }) => ({ name: field.name, version: String(field.version ?? ""), text: label, given: value === true, at }));
}

function typed({ isList, convert }: Field, value: FieldValue): unknown {
  if (isList) return Array.isArray(value) ? value : [value];
  return convert ? convert(String(value)) : value;
}

function put(lead: Record<string, unknown>, path: string, value: unknown): void {
  const members = path.split(".");
  const last = members.pop() ?? "";
  let place = lead;
  for (const member of members) place = (place[member] ??= bare({})) as Record<string, unknown>;
  place[last] = value;
}
