// Hostile input.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { packageFolder } from "../../tools/paths.mjs";
import { platforms } from "./support/platforms.mjs";
import { body, FORM, head, ORIGIN, PERSON, postForm, postJson, raw, reach } from "./support/requests.mjs";

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

for (const [name, open] of platforms) {
  test(`${name}: only pages of listed origins are accepted`, async (test) => {
    const { leads, count } = await open(test);
    for (const origin of FOREIGN) {
      const headers = { "content-length": 2, ...(origin === undefined ? { origin } : { origin }) };
      const response = await raw(leads, [head(leads, headers), "{}"]);
      assert.match(response, /^HTTP\/1\.1 403 /, String(origin));
      assert.match(response, /^vary: .*origin/im);
      const form = await raw(leads, [
        head(leads, { ...headers, "content-type": "application/x-www-form-urlencoded" }),
        "{}",
      ]);
      assert.match(form, /^HTTP\/1\.1 403 /, String(origin));
    }
    const listed = [ORIGIN, "https://a.portal.example", "https://a.b-c.portal.example", "http://localhost:4321"];
    for (const origin of listed) {
      const response = await postJson(leads, body(), { origin });
      assert.equal(response.status, 202, origin);
      assert.equal(response.headers.get("access-control-allow-origin"), origin);
      assert.equal(response.headers.get("access-control-expose-headers"), "Retry-After");
      assert.equal(response.headers.get("access-control-allow-credentials"), null);
      assert.match(response.headers.get("vary"), /origin/i);
    }
    assert.equal(await count(), listed.length);
  });

  test(`${name}: CORS preflight responses are cached for a day`, async (test) => {
    const { leads } = await open(test);
    const preflightFrom = (origin) =>
      reach(leads, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
      });
    const response = await preflightFrom(ORIGIN);
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
    assert.equal(response.headers.get("access-control-allow-methods"), "POST");
    assert.equal(response.headers.get("access-control-allow-headers"), "content-type");
    assert.equal(response.headers.get("access-control-max-age"), "86400");
  });

  test(`${name}: every rejection is readable across origins`, async (test) => {
    const { leads } = await open(test);
    for (const [status, response] of [
      [400, await postJson(leads, "{")],
      [400, await postJson(leads, body({ lead: {} }))],
      [405, await reach(leads, { method: "PUT", headers: { origin: ORIGIN } })],
      [413, await postJson(leads, " ".repeat(70_000))],
      [415, await postJson(leads, body(), { "content-type": "text/plain" })],
      [404, await postJson(`${leads}/nothing`)],
    ]) {
      assert.equal(response.status, status);
      assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN, String(status));
      assert.match(response.headers.get("vary"), /origin/i);
      const { error } = await response.json();
      assert.ok(error.code && error.message && Array.isArray(error.issues));
    }
  });

  test(`${name}: a site key accepts a form whose page hides its origin`, async (test) => {
    const { leads, count } = await open(test, { siteKeys: ["site-key-0001"] });
    const post = (siteKey, origin) => postForm(leads, { ...FORM, siteKey }, { origin });
    assert.equal((await post("site-key-0001", "null")).status, 303);
    assert.equal((await post("site-key-0002", "null")).status, 403);
    assert.equal((await post("", "null")).status, 403);
    assert.equal((await post("site-key-0001", "https://evil.example")).status, 403);
    assert.equal((await postJson(leads, body({ siteKey: "site-key-0001" }), { origin: "null" })).status, 403);
    assert.equal(await count(), 1);
  });

  test(`${name}: each site key has its own rate limit`, async (test) => {
    const { leads } = await open(test, {
      siteKeys: ["site-key-0001", "site-key-0002"],
      rate: { perMinute: 1, burst: 1 },
    });
    const post = async (siteKey, origin, index = 0) =>
      (await postForm(leads, { ...FORM, siteKey, region: `${index}` }, { origin })).status;
    const statuses = [];
    do statuses.push(await post("site-key-0001", "null", statuses.length));
    while (statuses.at(-1) === 303 && statuses.length < 40);
    assert.equal(statuses.at(-1), 429);
    assert.ok(statuses.length > 10, `${statuses.length}`);
    assert.equal(await post("site-key-0002", "null"), 303);
    assert.equal(await post("site-key-0001", ORIGIN), 303);
  });

  test(`${name}: input that is not a lead is rejected, and never causes another error`, async (test) => {
    const { leads, count } = await open(test);
    const nested = (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const bytes = (text, byte) =>
      Uint8Array.from([...Buffer.from(text.split("@")[0]), byte, ...Buffer.from(text.split("@")[1])]);
    const wrap = (value) =>
      `{"submissionId":"a-known-id-1","lead":{"leadInformation":{"firstName":"A","phone":"+201001234567"},"interests":${value}}}`;
    for (const sent of [
      "",
      "{",
      "null",
      "[]",
      "1",
      '"text"',
      "{}",
      "undefined",
      '{"a":1}}',
      "\u0000",
      nested(30_000),
      wrap(nested(30_000)),
      wrap(nested(40)),
      `{"a":`.repeat(12_000),
      JSON.stringify(body({ lead: [] })),
      JSON.stringify(body({ lead: "x" })),
      JSON.stringify(body({ lead: null })),
      JSON.stringify(body({ lead: { leadInformation: [] } })),
      JSON.stringify(body({ lead: { leadInformation: "x" } })),
      bytes(wrap('["@"]'), 0xff),
      bytes(wrap('["@"]'), 0xc0),
      bytes(wrap('["@"]'), 0xed),
    ]) {
      const response = await postJson(leads, sent);
      assert.equal(response.status, 400, String(sent).slice(0, 60));
      assert.ok((await response.json()).error.issues.length);
    }
    for (const sent of [
      "leadInformation.firstName=%FF&leadInformation.phone=%2B201001234567",
      "a=%zz",
      "a=%C3%28",
      "%E0%A4%A=b",
      `a${".b".repeat(3_000)}=1`,
      "",
    ]) {
      assert.equal((await postForm(leads, sent)).status, 400, sent.slice(0, 40));
    }
    assert.equal(await count(), 0);
  });

  test(`${name}: a small body has no large response`, async (test) => {
    const { leads } = await open(test);
    const response = await postJson(
      leads,
      body({ lead: { leadInformation: PERSON, interests: Array(20_000).fill(1) } }),
    );
    assert.equal(response.status, 400);
    const text = await response.text();
    assert.equal(JSON.parse(text).error.issues.length, 100);
    assert.ok(text.length < 20_000, `${text.length}`);
  });

  test(`${name}: a submission id is 8 to 64 letters, digits, _ and -, including names that JavaScript reserves`, async (test) => {
    const { leads, inspect, count } = await open(test);
    const ids = ["__proto__", "constructor", "hasOwnProperty", "toString_", "--------", "12345678", "a".repeat(64)];
    for (const submissionId of ids) {
      for (let time = 0; time < 2; time++) {
        const response = await postJson(leads, body({ submissionId }));
        assert.deepEqual([response.status, await response.json()], [202, { submissionId, status: "accepted" }]);
      }
      assert.deepEqual((await inspect(submissionId)).lead, { leadInformation: PERSON });
    }
    assert.equal(await count(), ids.length);
    for (const submissionId of [
      "a".repeat(7),
      "a".repeat(65),
      "12345678\n",
      "\u0661\u0662345678",
      12_345_678,
      ["12345678"],
      { id: "12345678" },
      true,
    ]) {
      assert.equal((await postJson(leads, body({ submissionId }))).status, 400, JSON.stringify(submissionId));
      if (typeof submissionId !== "string") continue;
      // An invalid id in a form post is replaced.
      assert.equal((await postForm(leads, { ...FORM, submissionId })).status, 303);
    }
    assert.equal(await count(), ids.length + 1);
  });

  test(`${name}: of duplicate members the last one is used, in validation and in the CRM`, async (test) => {
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

  test(`${name}: names such as __proto__ cause no prototype pollution`, async (test) => {
    const { leads, inspect } = await open(test);
    const pollution = `{"polluted":"yes","toJSON":"x","firstName":"Evil"}`;
    const text = `{"submissionId":"prototype-0001","__proto__":${pollution},"constructor":{"prototype":${pollution}},"lead":{"__proto__":${pollution},"toString":"x","constructor":{"prototype":${pollution}},"leadInformation":{"__proto__":${pollution},"firstName":"Ahmed","phone":"+201001234567"}},"context":{"__proto__":${pollution}}}`;
    assert.equal((await postJson(leads, text)).status, 202);
    assert.deepEqual((await inspect("prototype-0001")).lead, { leadInformation: PERSON });
    const names = [
      "__proto__.polluted",
      "constructor.prototype.polluted",
      "leadInformation.__proto__.polluted",
      "context.__proto__.polluted",
      "__proto__",
      "hasOwnProperty",
      "toString",
    ];
    const fields = {
      ...FORM,
      submissionId: "prototype-0002",
      ...Object.fromEntries(names.filter((name) => name !== "__proto__").map((name) => [name, "yes"])),
    };
    assert.equal((await postForm(leads, `${new URLSearchParams(fields)}&__proto__=yes`)).status, 303);
    assert.deepEqual((await inspect("prototype-0002")).lead, { leadInformation: PERSON });
    assert.equal({}.polluted, undefined);
    assert.equal((await postJson(leads, body({ lead: {} }))).status, 400);
  });

  test(`${name}: a lone surrogate is replaced with U+FFFD`, async (test) => {
    const { leads, inspect } = await open(test);
    const text = `{"submissionId":"surrogate-0001","lead":{"leadInformation":{"firstName":"A\\ud800 \\ud83c\\udfe0","phone":"+201001234567"}}}`;
    assert.equal((await postJson(leads, text)).status, 202);
    assert.equal((await inspect("surrogate-0001")).lead.leadInformation.firstName, "A\ufffd \u{1f3e0}");
  });
}

test("a text that does not end is read once, not once per escape", async () => {
  // In a process of its own, which can be killed: with a search per escape this takes minutes.
  const script = `
    const { exactNumbers } = await import(${JSON.stringify(join(packageFolder, "dist/forwarder/message/json.js"))});
    for (const end of ["", "\\\\"]) {
      const text = '1e"' + '\\\\"'.repeat(500_000) + end;
      if (exactNumbers(text) !== text) throw new Error("it is changed");
    }
    console.log(exactNumbers('{"a\\\\"1e400":1e400,"b":12345678901234567890}'));`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  assert.equal(stdout, '{"a\\"1e400":"1e400","b":"12345678901234567890"}\n');
});
