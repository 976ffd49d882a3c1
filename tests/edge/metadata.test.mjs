// The metadata that the CRM gets with a lead: whole members, at most 4,000 bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrived, crm } from "./support/crm.mjs";
import { platforms } from "./support/platforms.mjs";
import { body, FORM, PERSON, postForm, postJson } from "./support/requests.mjs";

const touch = {
  source: "google",
  medium: "cpc",
  campaign: "Autumn",
  term: "villa",
  content: "b",
  gclid: "g".repeat(300),
  gbraid: "gb",
  wbraid: "wb",
  fbclid: "f",
  ttclid: "tt",
  ScCid: "sc",
  msclkid: "ms",
  at: "2026-11-01T00:00:00Z",
};
const CONTEXT = {
  page: "https://agency.example/فيلا",
  referrer: "https://search.example/",
  landingPage: "https://agency.example/",
  locale: "ar",
  formId: "f1",
  elapsedMs: 500,
  trap: "",
  attribution: { first: touch, last: touch },
  consent: [{ name: "marketing", version: "2", text: "نعم", given: true, at: "2026-11-01T00:00:00Z" }],
  phone: { raw: "0100 123 4567", country: "EG", check: "strict" },
};
const ORDER = ["submissionId", "attribution", "consent", "page", "landingPage", "referrer", "locale", "phone", "marks"];

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: customField has the lead's metadata, at most 4,000 bytes`, async (test) => {
    const sandbox = await crm(test);
    const { leads } = await open(test, { ...sandbox.config, defaults: { leadOwner: "owner1", tags: ["web"] } });
    const { attribution, consent, page, landingPage, referrer, locale, phone } = CONTEXT;
    const whole = {
      attribution,
      consent,
      page,
      landingPage,
      referrer,
      locale,
      phone,
      marks: ["time_trap", "dropped_fields"],
    };
    const { submissionId: id } = body();
    // A referrer that gives the metadata this many bytes; most characters have two.
    const sized = (bytes) => {
      const room = bytes - Buffer.byteLength(JSON.stringify({ submissionId: id, ...whole, referrer: "" }));
      return "س".repeat(Math.floor(room / 2)) + "a".repeat(room % 2);
    };
    for (const [context, expected] of [
      [CONTEXT, whole],
      [
        { ...CONTEXT, referrer: sized(4_000) },
        { ...whole, referrer: sized(4_000) },
      ],
      // Space for all but the last member, for the consent only, and for the id only.
      [
        { ...CONTEXT, referrer: sized(4_001) },
        { attribution, consent, page, landingPage, referrer: sized(4_001), locale, phone },
      ],
      [
        { ...CONTEXT, page: sized(5_000) },
        { attribution, consent },
      ],
      [{ ...CONTEXT, attribution: { first: { ...touch, term: sized(5_000) }, last: touch } }, {}],
    ]) {
      const sent = body({ lead: { leadInformation: PERSON, status: "won" }, context });
      const { submissionId } = sent;
      assert.equal((await postJson(leads, sent)).status, 202);
      await arrived(sandbox, [submissionId]);
      const lead = (await sandbox.leads()).find(({ customField }) => customField.includes(submissionId));
      const custom = JSON.parse(lead.customField);
      assert.deepEqual(custom, { submissionId, ...expected });
      assert.deepEqual(
        Object.keys(custom),
        ORDER.filter((member) => member in custom),
      );
      assert.ok(Buffer.byteLength(lead.customField) <= 4_000, lead.customField.length);
      assert.deepEqual(
        [lead.campaignName, lead.leadOwner, lead.tags, lead.status],
        ["Autumn", "owner1", ["web"], undefined],
      );
    }
    const form = {
      ...FORM,
      submissionId: "metadata-form-1",
      locale: "fr",
      "context.page": page,
      "context.trap": "filled",
      "context.attribution.last.campaign": "Winter",
      "context.consent.0.name": "marketing",
    };
    assert.equal((await postForm(leads, form)).status, 303);
    await arrived(sandbox, [form.submissionId]);
    const lead = (await sandbox.leads()).find(({ customField }) => customField.includes(form.submissionId));
    assert.deepEqual(JSON.parse(lead.customField), {
      submissionId: form.submissionId,
      attribution: { last: { campaign: "Winter" } },
      consent: [{ name: "marketing" }],
      page,
      locale: "fr",
      marks: ["honeypot"],
    });
    assert.equal(lead.campaignName, "Winter");
  });
}
