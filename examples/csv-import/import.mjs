// Imports the leads of a CSV file. It can be interrupted at any time and run again: no lead is lost or duplicated.
//
//   ICLOUDREADY_API_KEY=… ICLOUDREADY_ORGANIZATION_ID=… node import.mjs leads.csv
//
// The first row has the fields' names: firstName, lastName, phone, email, company and title of the person, or fields of
// the lead such as leadSource, region and campaignName. Rows that are equal make one lead.

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { ICloudReady } from "icloud-ready";

const PERSON = ["salutation", "firstName", "lastName", "phone", "email", "company", "title"];

const file = process.argv[2] ?? "leads.csv";
const rows = parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true, trim: true });

// The journal has a line for each lead that was started ("> id") and for each lead that was created ("= id").
const journal = `${file}.journal`;
const lines = existsSync(journal) ? readFileSync(journal, "utf8").split("\n") : [];
const begun = new Set(lines.filter((line) => line.startsWith("> ")).map((line) => line.slice(2)));
const created = new Set(lines.filter((line) => line.startsWith("= ")).map((line) => line.slice(2)));

/** The submission id of a row, the same in every run. */
const idOf = (lead) => createHash("sha256").update(JSON.stringify(lead)).digest("hex").slice(0, 32);

function leadOf(row) {
  const lead = { leadInformation: {} };
  for (const [name, value] of Object.entries(row)) {
    if (value) (PERSON.includes(name) ? lead.leadInformation : lead)[name] = value;
  }
  return lead;
}

const waiting = [];
for (const [index, row] of rows.entries()) {
  const lead = leadOf(row);
  if (!created.has(idOf(lead))) waiting.push({ lead, row: index + 2 });
}

function* leads() {
  for (const { lead } of waiting) {
    appendFileSync(journal, `> ${idOf(lead)}\n`);
    yield lead;
  }
}

const crm = ICloudReady.fromEnv();
const results = crm.leads.createMany(leads(), {
  submissionId: idOf,
  // Only a lead that an earlier run started may be in the CRM.
  checkExisting: (lead) => begun.has(idOf(lead)),
});
const failures = [];
let done = rows.length - waiting.length;
showProgress();
for await (const result of results) {
  if (result.status === "created") {
    appendFileSync(journal, `= ${result.submissionId}\n`);
    done++;
  } else {
    failures.push({ row: waiting[result.index].row, error: result.error });
  }
  showProgress();
}

process.stderr.write("\n");
for (const { row, error } of failures) {
  const issues = error.issues?.map(({ path, code }) => `${path} ${code}`).join(", ");
  console.error(`row ${row}: ${issues ?? error.message}`);
}
console.log(`${done} of ${rows.length} leads are in the CRM`);
process.exitCode = failures.length ? 1 : 0;

function showProgress() {
  const share = rows.length ? done / rows.length : 1;
  const bar = "#".repeat(Math.floor(share * 30)).padEnd(30, ".");
  process.stderr.write(`\r[${bar}] ${done}/${rows.length}${failures.length ? `, ${failures.length} failed` : ""}`);
}
