import type { LeadDetail } from "../../outbox/contract.js";
import { isObject } from "../../message/json.js";

/** The columns of an export, each with its getter. */
const COLUMNS: Record<string, (lead: LeadDetail) => unknown> = {
  submissionId: (lead) => lead.submissionId,
  state: (lead) => lead.state,
  reason: (lead) => lead.reason,
  status: (lead) => lead.status,
  cause: (lead) => lead.cause,
  attempts: (lead) => lead.attempts,
  createdAt: (lead) => new Date(lead.createdAt).toISOString(),
  updatedAt: (lead) => new Date(lead.updatedAt).toISOString(),
  origin: (lead) => lead.origin,
  marks: (lead) => lead.marks.join(" "),
  firstName: (lead) => member(lead, "firstName"),
  lastName: (lead) => member(lead, "lastName"),
  phone: (lead) => member(lead, "phone"),
  email: (lead) => member(lead, "email"),
  lead: (lead) => (lead.lead === undefined ? "" : JSON.stringify(lead.lead)),
  response: (lead) => lead.response,
};

/** The first line of an export. */
export const CSV_HEADER = `${Object.keys(COLUMNS).join(",")}\r\n`;

/** The CSV line for a lead. */
export function csvLine(lead: LeadDetail): string {
  return `${Object.values(COLUMNS)
    .map((read) => cell(read(lead)))
    .join(",")}\r\n`;
}

function member({ lead }: LeadDetail, name: string): unknown {
  const information = isObject(lead) ? lead["leadInformation"] : undefined;
  return isObject(information) ? information[name] : undefined;
}

/** A cell. A spreadsheet must not interpret a visitor's text as a formula. */
function cell(value: unknown): string {
  const text = value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  // In many locales spreadsheets separate cells at semicolons, even inside quoted text.
  const safe = text.replace(/^(?=[=+\-@\t\r])|;(?=\s*[=+\-@])/g, "$&'");
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
