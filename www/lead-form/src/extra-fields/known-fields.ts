import { type KnownField, knownFields, PERSON_FIELDS } from "../fields/person-fields.js";

const PERSON: readonly KnownField[] = [
  ["salutation", "honorific-prefix"],
  ["title", "organization-title"],
  ["company", "organization"],
];

const ADDRESS: readonly KnownField[] = [
  ["address", "street-address", "textarea"],
  ["street", "address-line1"],
  ["city", "address-level2"],
  ["zip", "postal-code"],
  ["country", "country", "country"],
];

const LEAD: readonly KnownField[] = [
  ["additionalPhones", "off", "tel"],
  ["additionalEmails", "off", "email"],
  ["interests", "off"],
  ["dealSize", "off", "number"],
  ["region", "address-level1"],
  ["unitId", "off"],
  ["leadDescription", "off", "textarea"],
  ["leadSource", "off", "hidden"],
  ["campaignName", "off", "hidden"],
  ["setName", "off", "hidden"],
];

/** All fields that a page can use by name. */
export const KNOWN_FIELDS = [
  ...PERSON_FIELDS,
  ...knownFields("leadInformation.", PERSON),
  ...knownFields("leadInformation.address.", ADDRESS),
  ...knownFields("", LEAD, "additionalPhones additionalEmails interests"),
];
