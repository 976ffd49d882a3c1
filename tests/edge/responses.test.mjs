// Each row of the forwarder's responses, in both content types.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { platforms } from "./support/platforms.mjs";
import {
  body,
  chunk,
  FORM,
  head,
  LAST_CHUNK,
  ORIGIN,
  PERSON,
  postForm,
  postJson,
  raw,
  reach,
} from "./support/requests.mjs";

for (const [name, open] of platforms) {
  test(`${name}: a lead is acknowledged once it is stored`, async (test) => {
    const { leads, inspect } = await open(test);
    const sent = body();
    const response = await postJson(leads, sent);
    assert.equal(response.status, 202);
    assert.deepEqual(await response.json(), { submissionId: sent.submissionId, status: "accepted" });
    assert.deepEqual((await inspect(sent.submissionId)).lead, { leadInformation: PERSON });
  });

  test(`${name}: a duplicate gets the same response and stores nothing; another body is a conflict`, async (test) => {
    const { leads, inspect, count } = await open(test);
    const sent = body();
    await postJson(leads, sent);
    const reordered = {
      lead: { leadInformation: { phone: PERSON.phone, firstName: PERSON.firstName } },
      submissionId: sent.submissionId,
    };
    const again = await postJson(leads, reordered);
    assert.equal(again.status, 202);
    assert.deepEqual(await again.json(), { submissionId: sent.submissionId, status: "accepted" });
    const changed = await postJson(leads, { ...sent, lead: { leadInformation: { ...PERSON, firstName: "Mona" } } });
    assert.equal(changed.status, 202);
    assert.deepEqual(await changed.json(), { submissionId: sent.submissionId, status: "conflict" });
    assert.equal(await count(), 1);
    assert.equal((await inspect(sent.submissionId)).lead.leadInformation.firstName, "Ahmed");
    if (name === "memory") return;
    // The last five conflicting bodies are kept as revisions.
    for (const firstName of ["A", "B", "C", "D", "E", "F"]) {
      const response = await postJson(leads, { ...sent, lead: { leadInformation: { ...PERSON, firstName } } });
      assert.equal((await response.json()).status, "conflict");
    }
    const { marks, revisions } = await inspect(sent.submissionId);
    assert.deepEqual(marks, ["conflict"]);
    assert.equal(revisions.length, 5);
    assert.ok(revisions.every(({ lead }) => lead.leadInformation.phone === PERSON.phone));
  });

  test(`${name}: duplicates are compared by lead and consents only`, async (test) => {
    const { leads, inspect, count } = await open(test);
    const consent = { name: "terms", version: "2", text: "You may call me.", given: true, at: "2026-11-01T00:00:00Z" };
    const sent = body({ context: { page: "https://agency.example/", elapsedMs: 9_000, consent: [consent] } });
    const statusOf = async (changes) => (await (await postJson(leads, { ...sent, ...changes })).json()).status;
    const context = {
      page: "https://agency.example/villas",
      elapsedMs: 20_000,
      trap: "x",
      consent: [{ at: "2026-11-02T00:00:00Z", text: consent.text, given: true, version: "2", name: "terms", more: 1 }],
    };
    assert.equal(await statusOf({}), "accepted");
    assert.equal(await statusOf({ context, challenge: { provider: "turnstile", token: "another" } }), "accepted");
    assert.deepEqual((await inspect(sent.submissionId)).marks ?? [], []);
    for (const changes of [{ given: false }, { version: "3" }, { text: "You may write to me." }, { name: "news" }]) {
      assert.equal(
        await statusOf({ context: { ...context, consent: [{ ...consent, ...changes }] } }),
        "conflict",
        JSON.stringify(changes),
      );
    }
    assert.equal(await statusOf({ context: {} }), "conflict");
    assert.equal(await count(), 1);
  });

  test(`${name}: a form post redirects to a thank-you page; posted twice it is one lead`, async (test) => {
    const { leads, url, count } = await open(test, { redirects: ["https://agency.example/done?x=1"] });
    const response = await postForm(leads, FORM);
    assert.equal(response.status, 303);
    const target = new URL(response.headers.get("location"), leads);
    assert.equal(target.href, `${url}/leads/thanks?locale=en&from=${encodeURIComponent(ORIGIN)}`);
    const page = await reach(target);
    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-type"), /^text\/html/);
    const text = await page.text();
    assert.match(text, /<html lang="en" dir="ltr">[^]*Thank you/);
    assert.ok(text.includes(`<a href="${ORIGIN}/">`), text);
    // A link leads to a listed origin only.
    for (const from of ["https://evil.example", "javascript:alert(1)", `${ORIGIN}/x`]) {
      const other = await reach(`${url}/leads/thanks?locale=en&from=${encodeURIComponent(from)}`);
      assert.doesNotMatch(await other.text(), /<a /, from);
    }
    const again = await postForm(leads, { ...FORM, _next: "https://agency.example/done?x=1" });
    assert.equal(again.status, 303);
    assert.equal(again.headers.get("location"), "https://agency.example/done?x=1");
    assert.equal(await count(), 1);
    await postForm(leads, { ...FORM, "leadInformation.firstName": "Mona" });
    assert.equal(await count(), 2);
  });

  test(`${name}: a form post redirects only to listed URLs`, async (test) => {
    const thankYouURL = "https://agency.example/thanks";
    const { leads } = await open(test, { redirects: ["https://agency.example/done"], thankYouURL });
    for (const _next of [
      "https://agency.example/done/",
      "https://agency.example/done?x",
      "//evil.example",
      "https://evil.example/",
      "x\r\nset-cookie: a=b",
    ]) {
      const response = await postForm(leads, { ...FORM, _next });
      assert.equal(response.status, 303);
      assert.equal(response.headers.get("location"), thankYouURL);
      assert.equal(response.headers.get("set-cookie"), null);
    }
  });

  test(`${name}: errors are returned with their paths, warnings are stored`, async (test) => {
    const { leads, inspect } = await open(test);
    const response = await postJson(leads, body({ lead: { leadInformation: { firstName: 5 }, dealSize: [5] } }));
    assert.equal(response.status, 400);
    const { error } = await response.json();
    assert.equal(error.code, "validation");
    assert.deepEqual(error.issues.map(({ path, code, severity }) => [path, code, severity]).sort(), [
      ["dealSize", "type", "error"],
      ["leadInformation.firstName", "type", "error"],
      ["leadInformation.phone", "required", "error"],
    ]);
    const questionable = body({ lead: { leadInformation: { firstName: "Ahmed", phone: "12" } } });
    assert.equal((await postJson(leads, questionable)).status, 202);
    assert.equal((await inspect(questionable.submissionId)).warnings[0].path, "leadInformation.phone");
  });

  test(`${name}: JSON requests need a valid submission id`, async (test) => {
    const { leads } = await open(test);
    for (const submissionId of [
      undefined,
      null,
      5,
      "",
      "short",
      "a".repeat(65),
      "with space",
      "with/slash",
      "ünïcode-id",
    ]) {
      const response = await postJson(leads, body({ submissionId }));
      assert.equal(response.status, 400, String(submissionId));
      assert.equal((await response.json()).error.issues[0].path, "submissionId");
    }
  });

  test(`${name}: an invalid form post returns the form again, in the visitor's language`, async (test) => {
    const { leads } = await open(test, { redirects: ["https://other.example/done"] });
    const hostile = `"><script>alert(1)</script>`;
    for (const [fields, headers, language, direction] of [
      [{ locale: "ar" }, {}, "ar", "rtl"],
      [{}, { "accept-language": "de, fr;q=0.8, en;q=0.7" }, "fr", "ltr"],
      [{ locale: "xx" }, { "accept-language": "de" }, "en", "ltr"],
    ]) {
      const response = await postForm(
        leads,
        { "leadInformation.firstName": hostile, _next: "https://other.example/done", extra: hostile, ...fields },
        headers,
      );
      assert.equal(response.status, 400);
      const text = await response.text();
      assert.match(text, new RegExp(`<html lang="${language}" dir="${direction}">`));
      assert.ok(!text.includes("<script"), "a value is markup");
      assert.ok(text.includes("&#60;script&#62;alert(1)"), "the value is missing");
      assert.match(text, /name="leadInformation\.phone"[^>]*aria-invalid="true"/);
      assert.match(text, /type="hidden" name="_next" value="https:\/\/other\.example\/done"/);
      assert.match(text, /type="hidden" name="_origin" value="https:\/\/agency\.example"/);
      const policy = response.headers.get("content-security-policy");
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /form-action 'self' https:\/\/other\.example/);
      assert.ok(!policy.includes("unsafe"));
    }
  });

  test(`${name}: the returned form can be submitted from the forwarder's own page`, async (test) => {
    const { leads, url, count } = await open(test, { origins: [ORIGIN, "https://b.example"] });
    const shown = async (response) => {
      const hidden = [...(await response.text()).matchAll(/type="hidden" name="(_\w+)" value="([^"]*)"/g)];
      return Object.fromEntries(hidden.map(([, field, value]) => [field, value]));
    };
    const wrong = { ...FORM, "leadInformation.firstName": "" };
    const fields = await shown(await postForm(leads, wrong));
    assert.deepEqual(Object.keys(fields), ["_origin", "_signature"]);
    // It may be invalid more than once.
    const again = await postForm(leads, { ...wrong, ...fields }, { origin: url });
    assert.equal(again.status, 400);
    assert.deepEqual(await shown(again), fields);
    assert.equal((await postForm(leads, { ...FORM, ...fields }, { origin: url })).status, 303);
    assert.equal(await count(), 1);
    // A browser sends this origin for any page whose host name resolves here, so the header alone is not trusted.
    for (const forged of [
      { _origin: ORIGIN },
      { _origin: ORIGIN, _signature: "0".repeat(32) },
      { ...fields, _origin: "https://b.example" },
      { ...fields, _origin: "https://evil.example" },
      {},
    ]) {
      assert.equal(
        (await postForm(leads, { ...FORM, ...forged }, { origin: url })).status,
        403,
        JSON.stringify(forged),
      );
    }
    assert.equal((await postForm(leads, { ...FORM, ...fields }, { origin: "https://evil.example" })).status, 403);
    assert.equal((await postJson(leads, body(), { origin: url })).status, 403);
    assert.equal(await count(), 1);
  });

  test(`${name}: other methods are rejected`, async (test) => {
    const { leads } = await open(test);
    for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"]) {
      const response = await reach(leads, { method, headers: { origin: ORIGIN } });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get("allow"), "POST, OPTIONS");
      assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
      await response.arrayBuffer();
    }
    assert.equal((await postJson(`${leads}x`)).status, 404);
    assert.equal((await postJson(leads.replace("leads", "%6Ceads"))).status, 404);
    assert.equal((await postJson(leads.replace("leads", "/leads"))).status, 404);
    assert.equal((await postJson(`${leads}?campaign=x`)).status, 202);
  });

  test(`${name}: a body may have 64 KiB, counted while it is read`, async (test) => {
    const { leads, count } = await open(test);
    const sized = (bytes) => {
      const sent = JSON.stringify(body());
      return sent.slice(0, -1) + " ".repeat(bytes - Buffer.byteLength(sent)) + "}";
    };
    assert.equal((await postJson(leads, sized(65_536))).status, 202);
    assert.equal((await postJson(leads, sized(65_537))).status, 413);
    assert.equal((await postForm(leads, { ...FORM, leadDescription: "x".repeat(65_536) })).status, 413);
    const streamed = (text) =>
      raw(leads, [
        head(leads, { "transfer-encoding": "chunked" }),
        ...(text.match(/[^]{1,9000}/g) ?? []).map(chunk),
        LAST_CHUNK,
      ]);
    assert.match(await streamed(sized(65_536)), /^HTTP\/1\.1 202/);
    assert.match(await streamed(sized(65_537)), /^HTTP\/1\.1 413/);
    assert.equal(await count(), 2);
  });

  test(`${name}: a slow body is accepted, a truncated one is not a lead`, async (test) => {
    const { leads, count } = await open(test);
    const text = JSON.stringify(body());
    const slow = [head(leads, { "content-length": text.length }), ...text.match(/[^]{1,20}/g)];
    assert.match(await raw(leads, slow, { pause: 15 }), /^HTTP\/1\.1 202/);
    await raw(leads, [head(leads, { "content-length": text.length }), text.slice(0, 40)], {
      pause: 50,
      ends: true,
    }).catch(() => {});
    assert.equal(await count(), 1);
  });

  test(`${name}: other media types, character sets and compressed bodies are rejected`, async (test) => {
    const { leads, count } = await open(test);
    for (const type of [
      "text/plain",
      "multipart/form-data; boundary=x",
      "application/xml",
      "application/json; charset=utf-16",
      "application/jsonp",
      "",
    ]) {
      const response = await postJson(leads, body(), { "content-type": type });
      assert.equal(response.status, 415, type);
      assert.equal((await response.json()).error.code, "media_type");
    }
    assert.equal((await postJson(leads, gzipSync(JSON.stringify(body())), { "content-encoding": "gzip" })).status, 415);
    assert.equal(await count(), 0);
    const json = [
      "Application/JSON ; Charset=UTF-8",
      'application/json; charset="utf-8"',
      "application/json;odata=verbose;charset=utf8",
      "application/json;",
    ];
    for (const type of json)
      assert.equal(
        (await postJson(leads, body(), { "content-type": type, "content-encoding": "identity" })).status,
        202,
        type,
      );
    const form = ["application/x-www-form-urlencoded;charset=UTF-8", "APPLICATION/X-WWW-FORM-URLENCODED"];
    for (const type of form) assert.equal((await postForm(leads, FORM, { "content-type": type })).status, 303, type);
    assert.equal(await count(), json.length + 1);
  });

  test(`${name}: too many requests from one address get Retry-After`, async (test) => {
    const { leads, count } = await open(test, { rate: { perMinute: 1, burst: 3 } });
    const statuses = [];
    for (let index = 0; index < 5; index++) {
      const response = await postJson(leads);
      statuses.push(response.status);
      if (response.status === 429) {
        assert.ok(Number(response.headers.get("retry-after")) >= 1);
        assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
        assert.equal((await response.json()).error.code, "rate_limited");
      }
    }
    assert.deepEqual(statuses, [202, 202, 202, 429, 429]);
    assert.equal(await count(), 3);
  });

  test(`${name}: form posts beyond the rate limit are stored and marked, up to ten times the limit`, async (test) => {
    const { leads, inspect, count } = await open(test, { rate: { perMinute: 1, burst: 2 } });
    const ids = [];
    let response;
    do {
      ids.push(randomUUID());
      response = await postForm(leads, { ...FORM, submissionId: ids.at(-1) });
      // On a slow machine one more may be allowed by then.
    } while (response.status === 303 && ids.length < 40);
    assert.equal(response.status, 429);
    assert.match(response.headers.get("content-type"), /^text\/html/);
    assert.ok(ids.length > 20, `${ids.length}`);
    assert.equal(await count(), ids.length - 1);
    assert.deepEqual((await inspect(ids[0])).marks, []);
    assert.deepEqual((await inspect(ids[10])).marks, ["rate"]);
  });
}
