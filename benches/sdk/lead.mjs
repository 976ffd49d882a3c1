// The request body, 1.1 kB of JSON, and the responses.
export const TOKEN = "token-of-the-benchmark";
export const MAX_LIST = 5_000;

export const LEAD = {
  leadInformation: {
    firstName: "Ahmed",
    lastName: "Abdelrahman",
    phone: "+201001234567",
    email: "ahmed.abdelrahman@example.com",
    address: { address: "Villa 12, Palm Hills", country: "EG", city: "Cairo" },
    company: "Abdelrahman Trading",
  },
  leadType: "buying",
  leadSource: "website",
  status: "active",
  leadRating: 4,
  leadDescription:
    "Looks for a villa with a garden near the sea, four bedrooms, ready within a year; would like to visit in November, " +
    "on a Friday or a Saturday, with the family, and pay in cash. Prefers a call in the evening, in Arabic or in English.",
  notes: ["Called twice, no answer on the first day", "Asked for the plans of the corner units by e-mail"],
  additionalPhones: ["+201001234568", "+201001234569"],
  additionalEmails: ["office@example.com"],
  isQualified: true,
  campaignName: "Q3-Resale-Boost",
  setName: "Resale Units",
  dealSize: 12_500_000,
  region: "New Cairo",
  interests: ["villa", "garden", "sea view"],
  tags: ["hot", "returning"],
  customField: '{"utm_source":"google","utm_medium":"cpc","utm_campaign":"autumn-villas","gclid":"EAIaIQobChMI"}',
};

/** The response to a create. */
export const RECORD = JSON.stringify(record(LEAD, 0));

/** The response to a list: this many records, each of about 450 bytes. */
export function list(count) {
  const { notes, customField, leadDescription, additionalPhones, ...short } = LEAD;
  const data = Array.from({ length: count }, (_, index) => record(short, index));
  return JSON.stringify({ data, total: count, page: 1, limit: count });
}

function record(lead, index) {
  const _id = index.toString(16).padStart(24, "6");
  return { _id, ...lead, createdAt: "2026-11-30T08:00:00.000Z", updatedAt: "2026-11-30T08:00:00.000Z" };
}
