// What a stranger may send.
import assert from "node:assert/strict";
import { test } from "node:test";
import { doors } from "./support/doors.mjs";
import { body, FORM, head, ORIGIN, PERSON, postForm, postJson, raw } from "./support/requests.mjs";

const FOREIGN = [
  undefined,
  "null",
  "",
  "https://agency.example.evil.example",
  "https://evilagency.example",
  "https://agency.example:8443",
  "http://agency.example",
  "https://agency.example/",
  "https://agency.example.",
  "https://AGENCY.example",
  "https://user@agency.example",
  "https://portal.example",
  "https://evilportal.example",
  "https://.portal.example",
  "https://a..portal.example",
  "https://a.portal.example:444",
  "https://a.portal.example.evil.example",
  "https://evil.example#.portal.example",
  "https://evil.example\\.portal.example",
  "https://evil.example/.portal.example",
  "http://a.portal.example",
  "http://localhost",
  "http://localhost:4322",
  "https://localhost:4321",
  "*",
];

for (const [name, open] of doors) {
  test(`${name}: only pages of listed origins are let in`, async (test) => {
    const { leads, count } = await open(test);
    for (const origin of FOREIGN) {
      const headers = { "content-length": 2, ...(origin === undefined ? { origin } : { origin }) };
      const answer = await raw(leads, [head(leads, headers), "{}"]);
      assert.match(answer, /^HTTP\/1\.1 403 /, String(origin));
      assert.doesNotMatch(answer, /access-control-allow/i, String(origin));
      assert.match(answer, /^vary: .*origin/im);
      const form = await raw(leads, [head(leads, { ...headers, "content-type": "application/x-www-form-urlencoded" }), "{}"]);
      assert.match(form, /^HTTP\/1\.1 403 /, String(origin));
    }
    const listed = [ORIGIN, "https://a.portal.example", "https://a.b-c.portal.example", "http://localhost:4321"];
    for (const origin of listed) {
      const answer = await postJson(leads, body(), { origin });
      assert.equal(answer.status, 202, origin);
      assert.equal(answer.headers.get("access-control-allow-origin"), origin);
      assert.equal(answer.headers.get("access-control-expose-headers"), "Retry-After");
      assert.equal(answer.headers.get("access-control-allow-credentials"), null);
      assert.match(answer.headers.get("vary"), /origin/i);
    }
    assert.equal(await count(), listed.length);
  });

  test(`${name}: a browser may ask before it sends, for a day`, async (test) => {
    const { leads } = await open(test);
    const ask = (origin) =>
      fetch(leads, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" } });
    const answer = await ask(ORIGIN);
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get("access-control-allow-origin"), ORIGIN);
    assert.equal(answer.headers.get("access-control-allow-methods"), "POST");
    assert.equal(answer.headers.get("access-control-allow-headers"), "content-type");
    assert.equal(answer.headers.get("access-control-max-age"), "86400");
    const refused = await ask("https://evil.example");
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get("access-control-allow-origin"), null);
  });

  test(`${name}: every refusal can be read by the page`, async (test) => {
    const { leads } = await open(test);
    for (const [status, answer] of [
      [400, await postJson(leads, "{")],
      [400, await postJson(leads, body({ lead: {} }))],
      [405, await fetch(leads, { method: "PUT", headers: { origin: ORIGIN } })],
      [413, await postJson(leads, " ".repeat(70_000))],
      [415, await postJson(leads, body(), { "content-type": "text/plain" })],
      [404, await postJson(`${leads}/nothing`)],
    ]) {
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get("access-control-allow-origin"), ORIGIN, String(status));
      assert.match(answer.headers.get("vary"), /origin/i);
      const { error } = await answer.json();
      assert.ok(error.code && error.message && Array.isArray(error.issues));
    }
  });

  test(`${name}: a site key lets a form in whose page hides its origin`, async (test) => {
    const { leads, count } = await open(test, { siteKeys: ["site-key-0001"] });
    const post = (siteKey, origin) => postForm(leads, { ...FORM, siteKey }, { origin });
    assert.equal((await post("site-key-0001", "null")).status, 303);
    assert.equal((await post("site-key-0002", "null")).status, 403);
    assert.equal((await post("", "null")).status, 403);
    assert.equal((await post("site-key-0001", "https://evil.example")).status, 403);
    assert.equal((await postJson(leads, body({ siteKey: "site-key-0001" }), { origin: "null" })).status, 403);
    assert.equal(await count(), 1);
  });

  test(`${name}: each site key is counted on its own`, async (test) => {
    const { leads } = await open(test, { siteKeys: ["site-key-0001", "site-key-0002"], rate: { perMinute: 1, burst: 1 } });
    const post = async (siteKey, origin, index = 0) => (await postForm(leads, { ...FORM, siteKey, region: `${index}` }, { origin })).status;
    const statuses = [];
    do statuses.push(await post("site-key-0001", "null", statuses.length));
    while (statuses.at(-1) === 303 && statuses.length < 40);
    assert.equal(statuses.at(-1), 429);
    assert.ok(statuses.length > 10, `${statuses.length}`);
    assert.equal(await post("site-key-0002", "null"), 303);
    assert.equal(await post("site-key-0001", ORIGIN), 303);
  });

  test(`${name}: what is no lead is refused, and never more than that`, async (test) => {
    const { leads, count } = await open(test);
    const nested = (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const bytes = (text, byte) => Uint8Array.from([...Buffer.from(text.split("@")[0]), byte, ...Buffer.from(text.split("@")[1])]);
    const wrap = (value) => `{"submissionId":"a-known-id-1","lead":{"leadInformation":{"firstName":"A","phone":"+201001234567"},"interests":${value}}}`;
    for (const sent of [
      "", "{", "null", "[]", "1", '"text"', "{}", "undefined", '{"a":1}}', "\u0000", nested(30_000), wrap(nested(30_000)), wrap(nested(40)),
      `{"a":`.repeat(12_000), JSON.stringify(body({ lead: [] })), JSON.stringify(body({ lead: "x" })), JSON.stringify(body({ lead: null })),
      JSON.stringify(body({ lead: { leadInformation: [] } })), JSON.stringify(body({ lead: { leadInformation: "x" } })),
      bytes(wrap('["@"]'), 0xff), bytes(wrap('["@"]'), 0xc0), bytes(wrap('["@"]'), 0xed),
    ]) {
      const answer = await postJson(leads, sent);
      assert.equal(answer.status, 400, String(sent).slice(0, 60));
      assert.ok((await answer.json()).error.issues.length);
    }
    for (const sent of ["leadInformation.firstName=%FF&leadInformation.phone=%2B201001234567", "a=%zz", "a=%C3%28", "%E0%A4%A=b", `a${".b".repeat(3_000)}=1`, ""]) {
      assert.equal((await postForm(leads, sent)).status, 400, sent.slice(0, 40));
    }
    assert.equal(await count(), 0);
  });

  test(`${name}: an id is 8 to 64 letters, digits, _ and -, whatever it means to JavaScript`, async (test) => {
    const { leads, inspect, count } = await open(test);
    const ids = ["__proto__", "constructor", "hasOwnProperty", "toString_", "--------", "12345678", "a".repeat(64)];
    for (const submissionId of ids) {
      for (let time = 0; time < 2; time++) {
        const answer = await postJson(leads, body({ submissionId }));
        assert.deepEqual([answer.status, await answer.json()], [202, { submissionId, status: "accepted" }]);
      }
      assert.deepEqual((await inspect(submissionId)).lead, { leadInformation: PERSON });
    }
    assert.equal(await count(), ids.length);
    for (const submissionId of ["a".repeat(7), "a".repeat(65), "12345678\n", "\u0661\u0662345678", 12_345_678, ["12345678"], { id: "12345678" }, true]) {
      assert.equal((await postJson(leads, body({ submissionId }))).status, 400, JSON.stringify(submissionId));
      if (typeof submissionId !== "string") continue;
      // A form's id that is none is made anew.
      assert.equal((await postForm(leads, { ...FORM, submissionId })).status, 303);
    }
    assert.equal(await count(), ids.length + 1);
  });

  test(`${name}: odd values of known fields are refused, or taken as they are`, async (test) => {
    const { leads, inspect } = await open(test);
    for (const [changes, paths] of [
      [{ interests: "villa" }, ["interests"]],
      [{ interests: { 0: "villa" } }, ["interests"]],
      [{ interests: [["villa"], { _id: 1 }, "villa"] }, ["interests.0", "interests.1"]],
      [{ additionalPhones: [5] }, ["additionalPhones.0"]],
      [{ dealSize: "5" }, ["dealSize"]],
      [{ dealSize: { valueOf: 5 } }, ["dealSize"]],
      [{ region: ["Cairo"], setName: true }, ["region", "setName"]],
      [{ leadInformation: { ...PERSON, address: "Cairo" } }, ["leadInformation.address"]],
      [{ leadInformation: { firstName: " \u00a0\n", phone: "\t" } }, ["leadInformation.firstName", "leadInformation.phone"]],
      [{ leadInformation: [PERSON] }, ["leadInformation"]],
    ]) {
      const answer = await postJson(leads, body({ lead: { leadInformation: PERSON, ...changes } }));
      assert.equal(answer.status, 400, JSON.stringify(changes));
      assert.deepEqual((await answer.json()).error.issues.map(({ path }) => path).sort(), paths, JSON.stringify(changes));
    }
    const taken = { leadInformation: { firstName: "A\u0000\u202e\ud83c\udfe0 <b>", phone: "\u0660\u0661\u0662" }, dealSize: -1e308, interests: [], region: "", leadDescription: null };
    const sent = body({ lead: taken });
    assert.equal((await postJson(leads, `\ufeff${JSON.stringify(sent)}`)).status, 202);
    assert.deepEqual((await inspect(sent.submissionId)).lead, taken);
  });

  test(`${name}: a form's lists may have indexes, and its numbers are numbers`, async (test) => {
    const { leads, inspect } = await open(test, { allowFields: ["leadRating", "isQualified", "notes"] });
    const named = (submissionId, fields) => `submissionId=${submissionId}&${new URLSearchParams([...Object.entries(FORM), ...fields])}`;
    const fields = [
      ["interests.0", "villa"], ["interests.1", "garden"], ["additionalPhones", "+201001234568"], ["additionalPhones", "+201001234569"], ["notes", "a"],
      ["dealSize", " 5e6 "], ["leadRating", "4"], ["isQualified", "true"], ["region", "   "], ["leadInformation.address.city", "Cairo"],
    ];
    assert.equal((await postForm(leads, named("form-lists-0001", fields))).status, 303);
    assert.deepEqual((await inspect("form-lists-0001")).lead, {
      leadInformation: { ...PERSON, address: { city: "Cairo" } }, interests: ["villa", "garden"], additionalPhones: ["+201001234568", "+201001234569"],
      notes: ["a"], dealSize: 5_000_000, leadRating: 4, isQualified: true,
    });
    for (const [name, value] of [["dealSize", "five"], ["dealSize", "Infinity"], ["leadRating", "4.5"], ["isQualified", "maybe"]]) {
      assert.equal((await postForm(leads, named("form-lists-0002", [[name, value]]))).status, 400, name);
    }
    assert.equal(await inspect("form-lists-0002"), undefined);
    // As many as there is room for.
    const many = Array.from({ length: 5_000 }, () => ["interests", "a"]);
    assert.equal((await postForm(leads, named("form-lists-0003", many))).status, 303);
    assert.equal((await inspect("form-lists-0003")).lead.interests.length, 5_000);
  });

  test(`${name}: of two members with one name the last one counts, for the check and for the CRM`, async (test) => {
    const { leads, inspect } = await open(test);
    const id = "duplicate-0001";
    const text = `{"submissionId":"${id}","lead":{"leadInformation":{"firstName":7}},"lead":{"leadInformation":{"firstName":9,"firstName":"Mona","phone":"+201001234567"}}}`;
    assert.equal((await postJson(leads, text)).status, 202);
    assert.deepEqual((await inspect(id)).lead, { leadInformation: { firstName: "Mona", phone: "+201001234567" } });
    const form = `submissionId=duplicate-0002&leadInformation.firstName=A&leadInformation.firstName=Mona&leadInformation.phone=%2B201001234567&interests=villa&interests=garden`;
    assert.equal((await postForm(leads, form)).status, 303);
    const { lead } = await inspect("duplicate-0002");
    assert.equal(lead.leadInformation.firstName, "Mona");
    assert.deepEqual(lead.interests, ["villa", "garden"]);
  });

  test(`${name}: names that JavaScript knows are only names`, async (test) => {
    const { leads, inspect } = await open(test);
    const pollution = `{"polluted":"yes","toJSON":"x","firstName":"Evil"}`;
    const text = `{"submissionId":"prototype-0001","__proto__":${pollution},"constructor":{"prototype":${pollution}},"lead":{"__proto__":${pollution},"toString":"x","constructor":{"prototype":${pollution}},"leadInformation":{"__proto__":${pollution},"firstName":"Ahmed","phone":"+201001234567"}},"context":{"__proto__":${pollution}}}`;
    assert.equal((await postJson(leads, text)).status, 202);
    assert.deepEqual((await inspect("prototype-0001")).lead, { leadInformation: PERSON });
    const names = ["__proto__.polluted", "constructor.prototype.polluted", "leadInformation.__proto__.polluted", "context.__proto__.polluted", "__proto__", "hasOwnProperty", "toString"];
    const fields = { ...FORM, submissionId: "prototype-0002", ...Object.fromEntries(names.filter((name) => name !== "__proto__").map((name) => [name, "yes"])) };
    assert.equal((await postForm(leads, `${new URLSearchParams(fields)}&__proto__=yes`)).status, 303);
    assert.deepEqual((await inspect("prototype-0002")).lead, { leadInformation: PERSON });
    assert.equal({}.polluted, undefined);
    assert.equal((await postJson(leads, body({ lead: {} }))).status, 400);
  });

  test(`${name}: half a character is made a whole one`, async (test) => {
    const { leads, inspect } = await open(test);
    const text = `{"submissionId":"surrogate-0001","lead":{"leadInformation":{"firstName":"A\\ud800 \\ud83c\\udfe0","phone":"+201001234567"}}}`;
    assert.equal((await postJson(leads, text)).status, 202);
    assert.equal((await inspect("surrogate-0001")).lead.leadInformation.firstName, "A\ufffd \u{1f3e0}");
  });

  test(`${name}: a page sets what it may; the rest is kept, marked, and goes nowhere`, async (test) => {
    const { leads, inspect } = await open(test);
    const set = {
      leadInformation: { salutation: "Mr", ...PERSON, lastName: "Hassan", email: "ahmed@example.com", title: "Engineer", company: "Example", address: { address: "1", country: "EG", city: "Cairo", street: "2", zip: "3" } },
      additionalPhones: ["+201001234568"], additionalEmails: ["a@example.com"], interests: ["villa"], dealSize: 5_000_000, region: "Cairo",
      unitId: "unit1", leadDescription: "A text", leadSource: "website", campaignName: "Q3", setName: "Resale",
    };
    const kept = {
      customer: "c", leadOwner: "o", taskId: "t", promoId: "p", leadType: "new", leadtype: "new", status: "won", leadRating: 5, history: [1], activityLog: [],
      notes: ["n"], documents: [], idengagerRequestId: "r", isQualified: true, tags: ["hot"], customField: '{"submissionId":"stolen-id"}', _id: "x", uid: "U", leadNumber: 1,
      realmId: "r", createdBy: "c", creationDate: "d", createdAt: "d", updatedAt: "d", deleted: true, deletedAt: "d", lastAssignedDate: "d", territoryId: "t",
      proposalUrl: "u", claimedAt: "d", converted: true, workflowStart: true, isFavorite: true, conversations: [], customFields: [], favoritedBy: [],
      assignedAccounts: [], workflowSetup: [], units: [], workflow: [], collaborators: [], __v: 1, unheardOf: { of: "x" },
    };
    const sent = body({ lead: { ...set, ...kept } });
    sent.lead.leadInformation = { ...set.leadInformation, _id: "y", rating: 9, address: { ...set.leadInformation.address, planet: "Mars" } };
    assert.equal((await postJson(leads, sent)).status, 202);
    const found = await inspect(sent.submissionId);
    assert.deepEqual(found.lead, set);
    assert.deepEqual(found.dropped.lead, { leadInformation: { _id: "y", rating: 9, address: { planet: "Mars" } }, ...kept });
    assert.deepEqual(found.marks, ["dropped_fields"]);
  });

  test(`${name}: the server's fields win, by origin too; the list can be changed`, async (test) => {
    const { leads, inspect } = await open(test, {
      allowFields: ["leadRating", "-region", "leadInformation.nickname", "-leadInformation.title"],
      defaults: { leadOwner: "owner1", tags: ["web"], leadSource: { [ORIGIN]: "agency", "https://a.portal.example": "portal" } },
    });
    const lead = { leadInformation: { ...PERSON, nickname: "A", title: "T" }, region: "Cairo", leadRating: 4, leadSource: "page", leadOwner: "evil", tags: ["evil"] };
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

  test(`${name}: context becomes metadata and marks; the last touch names the campaign`, async (test) => {
    const { leads, inspect } = await open(test);
    const touch = (campaign) => ({ source: "google", medium: "cpc", campaign, gclid: "g", at: "2026-11-01T00:00:00Z" });
    const context = {
      page: "https://agency.example/villas", referrer: "https://search.example/", landingPage: "https://agency.example/", locale: "ar", formId: "f1", elapsedMs: 300, trap: "filled",
      attribution: { first: touch("spring"), last: { ...touch("autumn"), evil: "x" } },
      consent: [{ name: "marketing", version: "2", text: "Yes", given: true, at: "2026-11-01T00:00:00Z" }],
      phone: { raw: "0100 123 4567", country: "EG", check: "strict" },
    };
    const sent = body({ context });
    await postJson(leads, sent);
    const found = await inspect(sent.submissionId);
    assert.equal(found.lead.campaignName, "autumn");
    assert.deepEqual(found.custom, {
      attribution: { first: touch("spring"), last: touch("autumn") }, consent: context.consent, page: context.page, landingPage: context.landingPage,
      referrer: context.referrer, locale: "ar", phone: context.phone,
    });
    assert.deepEqual(found.marks, ["time_trap", "honeypot"]);
    const explicit = body({ context, lead: { leadInformation: PERSON, campaignName: "Q3" } });
    await postJson(leads, explicit);
    assert.equal((await inspect(explicit.submissionId)).lead.campaignName, "Q3");
    const odd = body({ context: { page: 5, consent: "x", attribution: [1], phone: null, locale: {}, elapsedMs: "soon", trap: "" } });
    assert.equal((await postJson(leads, odd)).status, 202);
    assert.deepEqual((await inspect(odd.submissionId)).custom, {});
  });
}
