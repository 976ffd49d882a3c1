// Describes a lead for people: the record's fields, and what the forwarder writes into `customField`. All values are
// untrusted text.

/** What a mark of the forwarder means. */
const MARKS = {
  time_trap: "Filled in within two seconds",
  honeypot: "Filled in a field that people do not see",
  unverified: "Challenge not verified",
  rate: "Many leads from one address",
  dropped_fields: "Some fields were not allowed",
  conflict: "Sent twice with different values",
};

const CLICK_IDS = ["gclid", "gbraid", "wbraid", "fbclid", "ttclid", "ScCid", "msclkid"];
const LANGUAGES = { ar: "Arabic", en: "English", fr: "French" };
const times = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** Text of one line. */
export function textOf(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A date and time as the reader's system writes it. */
export function timeOf(value) {
  const date = new Date(typeof value === "number" ? value : textOf(value));
  return Number.isNaN(date.getTime()) ? textOf(value) : times.format(date);
}

/**
 * Returns `{ submissionId, page, name, sections, marks }` of a lead. A section is `{ title, rows }`, a row
 * `[label, text]`; empty rows and sections are omitted. `custom` replaces the lead's `customField`.
 */
export function describeLead(lead, custom = parse(lead.customField)) {
  const person = lead.leadInformation ?? {};
  const isText = custom === undefined && textOf(lead.customField) !== "";
  const { submissionId, attribution, consent, landingPage, referrer, page, locale, phone, marks } = custom ?? {};
  const sections = [
    section("Contact", [
      ["Phone", person.phone],
      ["Typed as", phone?.raw && phone.raw !== person.phone ? phone.raw : ""],
      ["Email", person.email],
      ["Company", person.company],
      ["City", person.address?.city],
      ["Language", LANGUAGES[locale] ?? locale],
    ]),
    section("Interest", [
      ["Looking for", lead.interests],
      ["Unit", lead.unitId],
      ["Budget", typeof lead.dealSize === "number" ? lead.dealSize.toLocaleString() : lead.dealSize],
      ["Type", lead.leadType ?? lead.leadtype],
      ["Message", lead.leadDescription],
    ]),
    section("Attribution", [
      ["Source", lead.leadSource],
      ["Campaign", lead.campaignName],
      ["First touch", touchOf(attribution?.first)],
      ["Last touch", touchOf(attribution?.last)],
      ["Landing page", landingPage],
      ["Referrer", referrer],
      ["Sent from", page],
    ]),
    section("Consent", consentsOf(consent)),
    section("Custom field", isText ? [["Text", lead.customField]] : []),
  ];
  return {
    submissionId: textOf(submissionId),
    page: textOf(page),
    name: [person.salutation, person.firstName, person.lastName].map(textOf).filter(Boolean).join(" ") || "No name",
    sections: sections.filter(({ rows }) => rows.length),
    marks: (Array.isArray(marks) ? marks : []).map((mark) => MARKS[mark] ?? textOf(mark)),
  };
}

/** Elements for one section: a heading and a list of terms. */
export function sectionElement({ title, rows }) {
  const node = element("section", "details-section");
  node.append(element("h3", "details-title", title));
  const list = element("dl", "details-rows");
  for (const [label, text] of rows) {
    const row = element("div", text.length > 60 ? "row wide" : "row");
    const value = element("dd", "value", text);
    // A number is read from left to right in every language.
    value.dir = label === "Phone" ? "ltr" : "auto";
    row.append(element("dt", "term", label), value);
    list.append(row);
  }
  node.append(list);
  return node;
}

/** An element with a text. */
export function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function section(title, rows) {
  const texts = rows.map(([label, value]) => [label, textOf(value)]);
  return { title, rows: texts.filter(([, text]) => text !== "") };
}

/** `customField` as an object; `undefined` if it is another text. */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : undefined;
  } catch {
    return;
  }
}

function touchOf(touch) {
  if (!touch || typeof touch !== "object") return "";
  const click = CLICK_IDS.find((name) => touch[name]);
  const parts = [touch.source, touch.medium, touch.campaign, touch.term, touch.content].map(textOf).filter(Boolean);
  if (click) parts.push(`ad click (${click})`);
  return parts.join(" · ") + (touch.at ? `${parts.length ? ", " : ""}${timeOf(touch.at)}` : "");
}

function consentsOf(consents) {
  if (!Array.isArray(consents)) return [];
  return consents.map((consent) => {
    const { name, given, version, text, at } = consent ?? {};
    const details = [version && `version ${textOf(version)}`, at && timeOf(at), text && `“${textOf(text)}”`];
    return [textOf(name), [given ? "Given" : "Not given", ...details.filter(Boolean)].join(" · ")];
  });
}
