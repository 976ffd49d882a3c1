// The first lead of the demo. It shows what a lead from an advertisement says; and after it the forwarder can prove
// that the CRM does not have a lead, which it cannot in a CRM that never returned one of its leads.

const PHONE = "+201000000017";

/** Sends the lead as a page of an origin would; again, it is acknowledged and not stored twice. */
export async function sendFirstLead(endpoint, origin) {
  const at = new Date().toISOString();
  const touch = { source: "google", medium: "cpc", campaign: "Ras Anbar", term: "villa by the sea", at };
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({
      submissionId: "demo-first-lead",
      lead: {
        leadInformation: { firstName: "Nadia", lastName: "Kamal", phone: PHONE, email: "nadia@example.com" },
        interests: ["terrace villa"],
        dealSize: 13_400_000,
        leadSource: "website",
        campaignName: "Ras Anbar, second phase",
        leadDescription: "I am in town until Thursday. Could I see the model villa in the evening?",
      },
      context: {
        locale: "en",
        elapsedMs: 48_000,
        page: `${origin}/site/`,
        landingPage: `${origin}/site/?utm_source=google&utm_medium=cpc`,
        referrer: "https://www.google.com/",
        phone: { raw: "0100 000 0017", country: "EG" },
        attribution: { first: { ...touch, gclid: "demo" }, last: touch },
        consent: [{ name: "call", given: true, version: "2", text: "You may call me about this project.", at }],
      },
    }),
  });
  if (response.status !== 202) throw new Error(`the forwarder responded with ${response.status}`);
}
