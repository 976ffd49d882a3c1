// Mistakes in a site's configuration: an unlisted origin, a misspelled endpoint path. The page can read the rejection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureLog } from "./support/log.mjs";
import { CONFIG, platforms, node } from "./support/platforms.mjs";
import { body, FORM, head, ORIGIN, postForm, postJson, raw, reach } from "./support/requests.mjs";

const UNLISTED = "https://www.agency.example";
const RIGHT = { authorization: `Bearer ${CONFIG.adminToken}` };

const preflight = (url, headers = {}) =>
  reach(url, {
    method: "OPTIONS",
    headers: {
      origin: UNLISTED,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
      ...headers,
    },
  });

for (const [name, open] of platforms) {
  test(`${name}: a page whose origin is not listed can read why it is rejected`, async (test) => {
    const { leads, count } = await open(test);
    for (const origin of [
      UNLISTED,
      "http://agency.example",
      "https://agency.example:8443",
      "null",
      "capacitor://localhost",
    ]) {
      const preflightResponse = await preflight(leads, { origin });
      assert.equal(preflightResponse.status, 204, origin);
      assert.equal(preflightResponse.headers.get("access-control-allow-origin"), origin);
      for (const sent of [body(), "{", " ".repeat(70_000)]) {
        const response = await postJson(leads, sent, { origin });
        assert.equal(response.status, 403, origin);
        assert.equal(response.headers.get("access-control-allow-origin"), origin);
        assert.equal(response.headers.get("access-control-allow-credentials"), null);
        assert.match(response.headers.get("vary"), /origin/i);
        assert.equal((await response.json()).error.code, "origin");
      }
      const form = await postForm(leads, FORM, { origin });
      assert.deepEqual([form.status, form.headers.get("access-control-allow-origin")], [403, origin]);
    }
    assert.equal(await count(), 0);
  });

  test(`${name}: rejected requests count against their address`, async (test) => {
    const { leads } = await open(test, { rate: { perMinute: 1, burst: 2 } });
    const statuses = [];
    for (let time = 0; time < 4; time++) {
      const response = await postJson(leads, body(), { origin: UNLISTED });
      assert.equal(response.headers.get("access-control-allow-origin"), UNLISTED);
      statuses.push(response.status);
    }
    assert.deepEqual(statuses, [403, 403, 429, 429]);
  });

  test(`${name}: a trailing slash does not change the path`, async (test) => {
    const { leads, url, count } = await open(test);
    assert.equal((await preflight(`${leads}/`, { origin: ORIGIN })).status, 204);
    assert.equal((await postJson(`${leads}/`)).status, 202);
    assert.equal((await postJson(`${leads}/?utm_source=x`)).status, 202);
    const form = await postForm(`${leads}/`, FORM);
    assert.equal(form.status, 303);
    assert.equal(new URL(form.headers.get("location"), leads).pathname, "/leads/thanks");
    assert.equal((await reach(`${leads}/thanks/`)).status, 200);
    assert.equal((await reach(`${leads}/`, { headers: { origin: ORIGIN } })).status, 405);
    const shown = await postForm(`${leads}/`, { "leadInformation.firstName": "Mona" });
    assert.match(await shown.text(), /<form method="post" action="&#47;leads"|<form method="post" action="\/leads"/);
    assert.equal((await reach(`${url}/health/`)).status, 200);
    assert.equal(await count(), 3);
  });

  test(`${name}: a page that posts to another path can read the 404`, async (test) => {
    const { url, leads, count } = await open(test);
    const paths = [
      "/",
      "/lead",
      "/Leads",
      "/leads//",
      "//leads",
      "/leads/nothing",
      "/%6Ceads",
      "/leads%2F",
      "/leads;x",
      "/api/leads",
      "/healthy",
      "/administration",
    ];
    for (const path of paths) {
      for (const origin of [ORIGIN, UNLISTED]) {
        const preflightResponse = await preflight(url + path, { origin });
        assert.deepEqual(
          [preflightResponse.status, preflightResponse.headers.get("access-control-allow-origin")],
          [204, origin],
          path,
        );
        const response = await postJson(url + path, body(), { origin });
        assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [404, origin], path);
        assert.equal((await response.json()).error.code, "not_found");
      }
    }
    const form = await postForm(`${leads}x`, FORM, { "accept-language": "fr" });
    assert.equal(form.status, 404);
    assert.match(await form.text(), /<html lang="fr"[^]*mal configuré/);
    assert.equal(await count(), 0);
  });

  test(`${name}: pages of other origins cannot reach /admin or /health`, async (test) => {
    const { url, leads } = await open(test);
    for (const path of ["/health", "/admin", "/admin/metrics", "/admin/leads/some-lead-1", "/health/", "/admin/"]) {
      for (const base of [url, leads]) {
        for (const origin of [ORIGIN, UNLISTED, "null"]) {
          for (const method of ["GET", "POST", "OPTIONS", "DELETE"]) {
            const response = await reach(base + path, {
              method,
              headers: { ...RIGHT, origin, "access-control-request-method": "GET" },
            });
            const logged = `${method} ${base}${path} from ${origin}`;
            assert.equal(response.status, 403, logged);
            assert.deepEqual(
              [...response.headers.keys()].filter((header) => header.startsWith("access-control")),
              [],
              logged,
            );
          }
        }
      }
    }
    assert.equal((await reach(`${url}/health`, { headers: { origin: url } })).status, 200);
    assert.equal((await reach(`${url}/admin/metrics`, { headers: { ...RIGHT, origin: url } })).status, 200);
  });

  test(`${name}: CORS allows header names that a page's scripts add, within limits`, async (test) => {
    const { leads } = await open(test);
    const allowed = async (requested) => {
      const response = await preflight(leads, { origin: ORIGIN, "access-control-request-headers": requested });
      assert.equal(response.status, 204);
      return response.headers.get("access-control-allow-headers").split(", ");
    };
    assert.deepEqual(await allowed("content-type"), ["content-type"]);
    assert.deepEqual(await allowed("traceparent, Baggage,tracestate , x-datadog-trace-id,sentry-trace"), [
      "content-type",
      "traceparent",
      "baggage",
      "tracestate",
      "x-datadog-trace-id",
      "sentry-trace",
    ]);
    assert.deepEqual(await allowed("Authorization, cookie, x-a, *, x b, x@c, , x-a, é"), ["content-type", "x-a"]);
    const many = await allowed(Array.from({ length: 100 }, (_, index) => `x-${index}`).join());
    assert.equal(many.length, 32);
    const long = await allowed(Array.from({ length: 20 }, (_, index) => `x-${index}-${"a".repeat(100)}`).join());
    assert.ok(long.length > 5 && long.join(", ").length <= 1_024, `${long.length}`);
    assert.deepEqual(await allowed(`x-${"a".repeat(2_000)}`), ["content-type"]);
  });
}

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: /health shows rejections only with the token, and a metric counts them without origins`, async (test) => {
    const { url, leads } = await open(test);
    for (let time = 0; time < 3; time++) await postJson(leads, body(), { origin: UNLISTED });
    await postJson(`${url}/lead?email=someone@example.com`);
    const health = await (await reach(`${url}/health`, { headers: RIGHT })).json();
    assert.deepEqual(
      health.refusedOrigins.map(({ value, count }) => [value, count]),
      [[UNLISTED, 3]],
    );
    assert.deepEqual(
      health.unknownPaths.map(({ value, count }) => [value, count]),
      [["/lead", 1]],
    );
    assert.deepEqual(await (await reach(`${url}/health`)).json(), { ok: true });
    const metrics = await (await reach(`${url}/admin/metrics`, { headers: RIGHT })).text();
    assert.match(metrics, /^icloud_ready_origin_refused_total 3$/m);
    assert.match(metrics, /^icloud_ready_path_not_found_total 1$/m);
    assert.doesNotMatch(metrics, /agency/);
  });
}

for (const [name, open] of platforms.filter(([name]) => name !== "workerd")) {
  test(`${name}: rejections of methods that fetch does not know are readable too`, async (test) => {
    const { leads } = await open(test);
    for (const method of ["TRACE", "TRACK", "PROPFIND", "trace"]) {
      const response = await raw(leads, [head(leads, {}, method)]);
      // The HTTP parser rejects some itself.
      if (/^HTTP\/1\.1 400 [^]*\r\n\r\n$/.test(response) && method !== "TRACE") continue;
      assert.match(response, /^HTTP\/1\.1 405 /, method);
      assert.match(response, /^access-control-allow-origin: https:\/\/agency\.example\r$/im, method);
    }
  });

  test(`${name}: an invalid Host header reaches nothing`, async (test) => {
    const { leads } = await open(test);
    for (const host of ["x/admin/metrics?", "x/health#", "user@x", "x\\health", "x y"]) {
      assert.match(await raw(leads, [head(leads, { host }, "GET")]), /^HTTP\/1\.1 400 /, host);
    }
  });
}

test("node: an alert names an origin or path that several visitors were rejected for", async (test) => {
  const alerts = [];
  const logged = captureLog(test);
  const { leads, url } = await node(test, {
    clientAddress: { header: "x-forwarded-for", trustedProxies: 1 },
    onAlert: (alert) => alerts.push(alert),
  });
  for (let time = 0; time < 5; time++) {
    assert.deepEqual(alerts, []);
    const from = { "x-forwarded-for": `192.0.2.${time % 3}` };
    assert.equal((await postJson(leads, body(), { ...from, origin: UNLISTED })).status, 403);
  }
  for (let time = 0; time < 5; time++)
    await postJson(`${url}/lead`, body(), { "x-forwarded-for": `192.0.2.${time % 3}` });
  assert.deepEqual(alerts, [
    { kind: "origin_refused", origin: UNLISTED, count: 5 },
    { kind: "path_not_found", path: "/lead", count: 5 },
  ]);
  assert.deepEqual(logged, [
    `warn origin_refused refused a page whose origin is not in the option origins {"outbox":"default","value":"${UNLISTED}"}`,
    'warn path_not_found a page posted to a path that does not exist: leads go to /leads {"outbox":"default","value":"/lead"}',
  ]);
});
