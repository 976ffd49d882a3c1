// What happens to the fields that a page sends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { platforms } from "./support/platforms.mjs";
import { body, FORM, ORIGIN, PERSON, postForm, postJson } from "./support/requests.mjs";

for (const [name, open] of platforms) {
  test(`${name}: unusual values of known fields are rejected, or accepted unchanged`, async (test) => {
    const { leads, inspect } = await open(test);
    for (const [changes, paths] of [
      [{ interests: "villa" }, ["interests"]],
      [{ interests: { 0: "villa" } }, ["interests"]],
      [{ interests: [["villa"], { _id: 1 }, "villa"] }, ["interests.0", "interests.1"]],
      [{ additionalPhones: [5] }, ["additionalPhones.0"]],
      [{ dealSize: { valueOf: 5 } }, ["dealSize"]],
      [{ region: ["Cairo"], setName: true }, ["region", "setName"]],
      [{ leadInformation: { ...PERSON, address: "Cairo" } }, ["leadInformation.address"]],
      [
        { leadInformation: { firstName: " \u00a0\n", phone: "\t" } },
        ["leadInformation.firstName", "leadInformation.phone"],
      ],
      [{ leadInformation: [PERSON] }, ["leadInformation"]],
    ]) {
      const response = await postJson(leads, body({ lead: { leadInformation: PERSON, ...changes } }));
      assert.equal(response.status, 400, JSON.stringify(changes));
      assert.deepEqual(
        (await response.json()).error.issues.map(({ path }) => path).sort(),
        paths,
        JSON.stringify(changes),
      );
    }
    const accepted = {
      leadInformation: { firstName: "A\u0000\u202e\ud83c\udfe0 <b>", phone: "\u0660\u0661\u0662" },
      dealSize: -1e308,
      interests: [],
      region: "",
      leadDescription: null,
    };
    const sent = body({ lead: accepted });
    assert.equal((await postJson(leads, `\ufeff${JSON.stringify(sent)}`)).status, 202);
    const cleaned = { ...accepted, leadInformation: { firstName: "A\ud83c\udfe0 <b>", phone: "012" } };
    assert.deepEqual((await inspect(sent.submissionId)).lead, cleaned);
  });

  test(`${name}: lists in a form post may have indexes, and numeric fields are parsed`, async (test) => {
    const { leads, inspect } = await open(test, { allowFields: ["leadRating", "isQualified", "notes"] });
    const named = (submissionId, fields) =>
      `submissionId=${submissionId}&${new URLSearchParams([...Object.entries(FORM), ...fields])}`;
    const fields = [
      ["interests.0", "villa"],
      ["interests.1", "garden"],
      ["additionalPhones", "+201001234568"],
      ["additionalPhones", "+201001234569"],
      ["notes", "a"],
      ["dealSize", " 5e6 "],
      ["leadRating", "4"],
      ["isQualified", "true"],
      ["region", "   "],
      ["leadInformation.address.city", "Cairo"],
    ];
    assert.equal((await postForm(leads, named("form-lists-0001", fields))).status, 303);
    assert.deepEqual((await inspect("form-lists-0001")).lead, {
      leadInformation: { ...PERSON, address: { city: "Cairo" } },
      interests: ["villa", "garden"],
      additionalPhones: ["+201001234568", "+201001234569"],
      notes: ["a"],
      dealSize: 5_000_000,
      leadRating: 4,
      isQualified: true,
    });
    for (const [name, value] of [
      ["leadRating", "4.5"],
      ["isQualified", "maybe"],
    ]) {
      assert.equal((await postForm(leads, named("form-lists-0002", [[name, value]]))).status, 400, name);
    }
    assert.equal(await inspect("form-lists-0002"), undefined);
    // As many as fit.
    const many = Array.from({ length: 5_000 }, () => ["interests", "a"]);
    assert.equal((await postForm(leads, named("form-lists-0003", many))).status, 303);
    assert.equal((await inspect("form-lists-0003")).lead.interests.length, 5_000);
  });

  test(`${name}: a page can set allowed fields; the others are stored and marked, but not sent`, async (test) => {
    const { leads, inspect } = await open(test);
    const set = {
      leadInformation: {
        salutation: "Mr",
        ...PERSON,
        lastName: "Hassan",
        email: "ahmed@example.com",
        title: "Engineer",
        company: "Example",
        address: { address: "1", country: "EG", city: "Cairo", street: "2", zip: "3" },
      },
      additionalPhones: ["+201001234568"],
      additionalEmails: ["a@example.com"],
      interests: ["villa"],
      dealSize: 5_000_000,
      region: "Cairo",
      unitId: "unit1",
      leadDescription: "A text",
      leadSource: "website",
      campaignName: "Q3",
      setName: "Resale",
    };
    const dropped = {
      customer: "c",
      leadOwner: "o",
      taskId: "t",
      promoId: "p",
      leadType: "new",
      leadtype: "new",
      status: "won",
      leadRating: 5,
      history: [1],
      activityLog: [],
      notes: ["n"],
      documents: [],
      idengagerRequestId: "r",
      isQualified: true,
      tags: ["hot"],
      customField: '{"submissionId":"stolen-id"}',
      _id: "x",
      uid: "U",
      leadNumber: 1,
      realmId: "r",
      createdBy: "c",
      creationDate: "d",
      createdAt: "d",
      updatedAt: "d",
      deleted: true,
      deletedAt: "d",
      lastAssignedDate: "d",
      territoryId: "t",
      proposalUrl: "u",
      claimedAt: "d",
      converted: true,
      workflowStart: true,
      isFavorite: true,
      conversations: [],
      customFields: [],
      favoritedBy: [],
      assignedAccounts: [],
      workflowSetup: [],
      units: [],
      workflow: [],
      collaborators: [],
      __v: 1,
      unheardOf: { of: "x" },
    };
    const sent = body({ lead: { ...set, ...dropped } });
    sent.lead.leadInformation = {
      ...set.leadInformation,
      _id: "y",
      rating: 9,
      address: { ...set.leadInformation.address, planet: "Mars" },
    };
    assert.equal((await postJson(leads, sent)).status, 202);
    const found = await inspect(sent.submissionId);
    assert.deepEqual(found.lead, set);
    assert.deepEqual(found.dropped.lead, {
      leadInformation: { _id: "y", rating: 9, address: { planet: "Mars" } },
      ...dropped,
    });
    assert.deepEqual(found.marks, ["dropped_fields"]);
  });

  test(`${name}: server defaults override the page, also per origin; allowFields changes the list`, async (test) => {
    const { leads, inspect } = await open(test, {
      allowFields: ["leadRating", "-region", "leadInformation.nickname", "-leadInformation.title"],
      defaults: {
        leadOwner: "owner1",
        tags: ["web"],
        leadSource: { [ORIGIN]: "agency", "https://a.portal.example": "portal" },
      },
    });
    const lead = {
      leadInformation: { ...PERSON, nickname: "A", title: "T" },
      region: "Cairo",
      leadRating: 4,
      leadSource: "page",
      leadOwner: "evil",
      tags: ["evil"],
    };
    const one = body({ lead });
    await postJson(leads, one);
    const common = { leadInformation: { ...PERSON, nickname: "A" }, leadRating: 4, leadOwner: "owner1", tags: ["web"] };
    assert.deepEqual((await inspect(one.submissionId)).lead, { ...common, leadSource: "agency" });
    const two = body({ lead });
    await postJson(leads, two, { origin: "https://a.portal.example" });
    assert.deepEqual((await inspect(two.submissionId)).lead, { ...common, leadSource: "portal" });
    const three = body({ lead });
    await postJson(leads, three, { origin: "https://b.portal.example" });
    assert.deepEqual((await inspect(three.submissionId)).lead, { ...common, leadSource: "page" });
  });

  test(`${name}: context becomes metadata and marks; the last touch sets the campaign`, async (test) => {
    const { leads, inspect } = await open(test);
    const touch = (campaign) => ({ source: "google", medium: "cpc", campaign, gclid: "g", at: "2026-11-01T00:00:00Z" });
    const context = {
      page: "https://agency.example/villas",
      referrer: "https://search.example/",
      landingPage: "https://agency.example/",
      locale: "ar",
      formId: "f1",
      elapsedMs: 300,
      trap: "filled",
      attribution: { first: touch("spring"), last: { ...touch("autumn"), evil: "x" } },
      consent: [{ name: "marketing", version: "2", text: "Yes", given: true, at: "2026-11-01T00:00:00Z" }],
      phone: { raw: "0100 123 4567", country: "EG", check: "strict" },
    };
    const sent = body({ context });
    await postJson(leads, sent);
    const found = await inspect(sent.submissionId);
    assert.equal(found.lead.campaignName, "autumn");
    assert.deepEqual(found.custom, {
      attribution: { first: touch("spring"), last: touch("autumn") },
      consent: context.consent,
      page: context.page,
      landingPage: context.landingPage,
      referrer: context.referrer,
      locale: "ar",
      phone: context.phone,
    });
    assert.deepEqual(found.marks, ["time_trap", "honeypot"]);
    const explicit = body({ context, lead: { leadInformation: PERSON, campaignName: "Q3" } });
    await postJson(leads, explicit);
    assert.equal((await inspect(explicit.submissionId)).lead.campaignName, "Q3");
    const odd = body({
      context: { page: 5, consent: "x", attribution: [1], phone: null, locale: {}, elapsedMs: "soon", trap: "" },
    });
    assert.equal((await postJson(leads, odd)).status, 202);
    assert.deepEqual((await inspect(odd.submissionId)).custom, {});
  });
}
