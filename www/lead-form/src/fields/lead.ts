import type { NewLead } from "icloud-ready";
import { nullProto } from "../base/null-proto.js";
import type { Field, FieldValue } from "./field.js";

/** A field of the form and its value. */
export interface Answer {
  readonly definition: Field;
  readonly label: string;
  readonly value: FieldValue | undefined;
}

/** A consent, given or not. */
export interface Consent {
  name: string;
  version: string;
  text: string;
  given: boolean;
  at: string;
}

/** Builds the lead from the values of the form. */
export function buildLead(
  answers: readonly Answer[],
  phone: string,
  campaignName: string | null,
  language: string,
): NewLead {
  const lead: Record<string, unknown> = nullProto({});
  if (campaignName) lead["campaignName"] = campaignName;
  for (const { definition: field, value } of answers) {
    if (value !== undefined && field.path && !field.addToLead)
      setPath(lead, field.path, field.path === "leadInformation.phone" ? phone : toLeadValue(field, value));
  }
  for (const { definition: field, value } of answers)
    if (value !== undefined) field.addToLead?.(lead, String(value), language);
  return lead as unknown as NewLead;
}

/** The consents with their wording, as evidence. */
export function buildConsents(answers: readonly Answer[], at: string): Consent[] {
  return answers
    .filter(({ definition }) => definition.type === "consent")
    .map(({ definition, label, value }) => ({
      name: definition.name,
      version: String(definition.version ?? ""),
      text: label,
      given: value === true,
      at,
    }));
}

function toLeadValue({ isList }: Field, value: FieldValue): unknown {
  return isList && !Array.isArray(value) ? [value] : value;
}

/** Sets a member of a lead by its path. */
export function setPath(lead: Record<string, unknown>, path: string, value: unknown): void {
  const members = path.split(".");
  const last = members.pop() ?? "";
  let place = lead;
  for (const member of members) {
    if (!Object.hasOwn(place, member)) place[member] = nullProto({});
    place = place[member] as Record<string, unknown>;
  }
  place[last] = value;
}
