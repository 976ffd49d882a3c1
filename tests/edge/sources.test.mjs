// The URLs of lead sources: what is verified, stored and answered, on each platform.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { CONFIG, node, platforms, workerd } from "./support/platforms.mjs";
import { deliver, SECRETS, SENDERS, SOURCES } from "./support/senders.mjs";
import { raw, reach } from "./support/requests.mjs";

const ID = "9007199254740993";
const ANSWERS = [
  { type: "text", text: "Mona", field: { id: "1", ref: "first_name" } },
  { type: "phone_number", phone_number: "+201001234567", field: { id: "2", ref: "x" } },
];
const PERSON = { name: "Mona El Husseini", phone: "01001234567" };

/** A valid delivery to each source, and the same with another secret. */
const DELIVERIES = {
  meta: (more) => SENDERS.meta([ID], more),
  google: (more) => SENDERS.google("lead-of-google", {}, more),
  typeform: (more) => SENDERS.typeform("typeform-token", ANSWERS, more),
  partner: (more) => SENDERS.partner("msg_00000001", PERSON, more),
  site: (more) => SENDERS.site(PERSON, more),
  zapier: (more) => SENDERS.zapier({ id: "zap-00000001", ...PERSON }, more),
  tally: (more) => SENDERS.tally({ id: "tally-0000001", ...PERSON }, more),
  portal: (more) => SENDERS.portal({ id: "portal-000001", ...PERSON }, more),
};

const config = { sources: SOURCES };

for (const [platform, start] of platforms) {
  test(`${platform}: a verified delivery is stored and answered with exactly 200 {}`, async (test) => {
    const forwarder = await start(test, config);
    for (const [name, delivery] of Object.entries(DELIVERIES)) {
      const response = await deliver(forwarder.leads, name, delivery());
      assert.deepEqual([name, response.status, await response.text()], [name, 200, "{}"]);
      assert.equal(response.headers.get("access-control-allow-origin"), null);
    }
    assert.equal(await forwarder.count(), Object.keys(DELIVERIES).length);
    // The checks of pages do not apply.
    const { body, headers } = DELIVERIES.meta();
    const fromPage = { body, headers: { ...headers, origin: "https://evil.example", "sec-fetch-site": "cross-site" } };
    const response = await deliver(forwarder.leads, "meta", fromPage);
    assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [200, null]);
  });

  test(`${platform}: a wrong secret, a missing signature or one other byte is refused and stores nothing`, async (test) => {
    test.mock.method(console, "warn", () => {});
    const forwarder = await start(test, config);
    for (const [name, delivery] of Object.entries(DELIVERIES)) {
      const secret =
        name === "partner" ? `whsec_${btoa("another secret")}` : "another-secret-of-at-least-32-characters";
      const right = delivery();
      const { "content-type": type = "application/json" } = right.headers;
      const wrong = [delivery({ secret }), { ...right, headers: { "content-type": type }, query: "" }];
      if (name === "google") wrong[1].body = wrong[1].body.replace(/"google_key":"[^"]*",/, "");
      if (!["google", "site", "zapier", "portal"].includes(name))
        wrong.push({ ...right, body: right.body.replace(/.$/, " }") }, { ...right, body: `${right.body} ` });
      for (const sent of wrong) {
        const response = await deliver(forwarder.leads, name, sent);
        assert.deepEqual([name, response.status], [name, 401]);
        assert.doesNotMatch(await response.text(), /secret|token-of/i);
      }
    }
    assert.equal(await forwarder.count(), 0);
  });

  test(`${platform}: a body that is parsed and printed again has no valid signature`, async (test) => {
    const forwarder = await start(test, config);
    const { body, headers } = SENDERS.meta([ID]);
    const printed = { headers, body: JSON.stringify(JSON.parse(body)) };
    assert.equal((await deliver(forwarder.leads, "meta", printed)).status, 401);
    assert.equal((await deliver(forwarder.leads, "meta", { body, headers })).status, 200);
  });

  test(`${platform}: no door answers 404 or 410, whatever the method, and an unknown one does not exist`, async (test) => {
    const forwarder = await start(test, config);
    for (const name of Object.keys(SOURCES)) {
      for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
        const { status } = await reach(`${forwarder.leads}/sources/${name}`, { method });
        assert.ok([400, 401, 405].includes(status), `${method} ${name}: ${status}`);
      }
      assert.equal((await reach(`${forwarder.leads}/sources/${name}/`, { method: "POST", body: "{}" })).status, 401);
    }
    assert.equal((await reach(`${forwarder.leads}/sources/other`, { method: "POST", body: "{}" })).status, 404);
  });
}

const real = [
  ["node", node],
  ["workerd", workerd],
];

for (const [platform, start] of real) {
  test(`${platform}: ids beyond 2^53 arrive by their digits, and a known id is not stored again`, async (test) => {
    const forwarder = await start(test, config);
    const ids = Array.from({ length: 1_000 }, (_, number) => String(9_007_199_254_740_993n + BigInt(number)));
    for (const expected of [1_000, 1_000]) {
      assert.equal((await deliver(forwarder.leads, "meta", SENDERS.meta(ids))).status, 200);
      const metrics = await forwarder.admin("../health");
      assert.equal(metrics.body.sources.find(({ name }) => name === "meta").fetching, expected);
    }
    const entry = await forwarder.inspect(`meta-${ids[1]}`);
    assert.deepEqual(
      [entry.state, entry.source, entry.event.leadgen_id, entry.event.page_id],
      ["fetching", "meta", ids[1], "9223372036854775001"],
    );
    assert.deepEqual(entry.marks, []);
    // What JavaScript makes of two of these numbers is the same one.
    assert.equal(await forwarder.inspect(`meta-${Number(ids[0])}`), undefined);
  });

  test(`${platform}: Meta's handshake is answered with the challenge alone`, async (test) => {
    test.mock.method(console, "warn", () => {});
    const { leads } = await start(test, config);
    const ask = (changes = {}) => {
      const query = { "hub.mode": "subscribe", "hub.verify_token": SECRETS.verify, "hub.challenge": "1158201444" };
      return reach(`${leads}/sources/meta?${new URLSearchParams({ ...query, ...changes })}`, {});
    };
    const response = await ask();
    assert.deepEqual([response.status, await response.text()], [200, "1158201444"]);
    assert.match(response.headers.get("content-type"), /^text\/plain/);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal((await ask({ "hub.verify_token": "other" })).status, 401);
    for (const challenge of ["<script>", "", "a".repeat(129)])
      assert.equal((await ask({ "hub.challenge": challenge })).status, 400);
  });

  test(`${platform}: a standard webhook is refused when it is old, and not stored twice when it is repeated`, async (test) => {
    test.mock.method(console, "warn", () => {});
    const { leads, count, url } = await start(test, config);
    for (const at of [Date.now() - 310_000, Date.now() + 310_000, NaN]) {
      const sent = SENDERS.partner("msg_00000009", PERSON, { at });
      assert.equal((await deliver(leads, "partner", sent)).status, 401);
    }
    assert.equal(await count(), 0);
    const authorization = `Bearer ${CONFIG.adminToken}`;
    const metrics = await (await reach(`${url}/admin/metrics`, { headers: { authorization } })).text();
    assert.match(metrics, /^icloud_ready_source_auth_failed_total 3$/m);
    for (let time = 0; time < 3; time++) {
      const sent = SENDERS.partner("msg_00000001", { ...PERSON, time });
      assert.equal((await deliver(leads, "partner", sent)).status, 200);
    }
    assert.equal(await count(), 1);
  });

  test(`${platform}: of a rotated secret both texts are accepted`, async (test) => {
    test.mock.method(console, "warn", () => {});
    const meta = { ...SOURCES.meta, appSecret: ["new-secret-of-16-or-more", SECRETS.app] };
    const { leads } = await start(test, { sources: { meta } });
    for (const secret of ["new-secret-of-16-or-more", SECRETS.app])
      assert.equal((await deliver(leads, "meta", SENDERS.meta([ID], { secret }))).status, 200);
    assert.equal((await deliver(leads, "meta", SENDERS.meta([ID], { secret: "third-secret" }))).status, 401);
  });

  test(`${platform}: only failed deliveries are counted against their address`, async (test) => {
    test.mock.method(console, "warn", () => {});
    const { leads, admin } = await start(test, config);
    const statuses = {};
    for (let time = 0; time < 70; time++) {
      const { status } = await deliver(leads, "meta", SENDERS.meta([ID], { secret: "wrong" }));
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    assert.ok(statuses[429] >= 1 && statuses[401] >= 60, JSON.stringify(statuses));
    for (let time = 0; time < 5; time++) assert.equal((await deliver(leads, "meta", SENDERS.meta([ID]))).status, 200);
    const { body } = await admin("../health");
    assert.equal(body.sources.find(({ name }) => name === "meta").fetching, 1);
  });

  test(`${platform}: a delivery of over 1 MiB is refused while it arrives`, async (test) => {
    const { leads } = await start(test, config);
    const head = [
      `POST ${new URL(leads).pathname}/sources/meta HTTP/1.1`,
      `host: ${new URL(leads).host}`,
      "content-type: application/json",
      "transfer-encoding: chunked\r\n\r\n",
    ].join("\r\n");
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    const parts = [head, ...Array.from({ length: 18 }, () => chunk)];
    assert.match(await raw(leads, parts), /^HTTP\/1\.1 413/);
    assert.equal((await deliver(leads, "meta", { body: "x".repeat(1_048_577) })).status, 413);
  });
}

test("a delivery is stored before it is answered, and a store that is down is answered 503", async (test) => {
  test.mock.method(console, "warn", () => {});
  const [, inMemory] = platforms[0];
  const { leads, outbox, count } = await inMemory(test, config);
  outbox.fail(true);
  for (const [name, delivery] of Object.entries(DELIVERIES)) {
    const response = await deliver(leads, name, delivery());
    assert.deepEqual([name, response.status], [name, 503]);
    assert.ok(response.headers.get("retry-after"));
  }
  assert.equal(await count(), 0);
});

test("a missing secret is answered 503, shown and alerted, and the forms go on", async (test) => {
  test.mock.method(console, "warn", () => {});
  const alerts = [];
  let secret;
  const meta = { ...SOURCES.meta, appSecret: () => secret };
  const { leads, admin } = await node(test, { sources: { meta }, onAlert: (alert) => alerts.push(alert) });
  assert.equal((await deliver(leads, "meta", SENDERS.meta([ID]))).status, 503);
  assert.deepEqual((await admin("../health")).body.wrongOptions, ["sources.meta"]);
  assert.deepEqual(alerts, [{ kind: "source_secret_missing", source: "meta" }]);
  secret = SECRETS.app;
  assert.equal((await deliver(leads, "meta", SENDERS.meta([ID]))).status, 200);
  assert.equal((await admin("../health")).body.wrongOptions, undefined);
  await waitUntil("the resolved alert", () => alerts.some(({ kind }) => kind === "resolved"));
});

test("the google key is not stored", async (test) => {
  const { leads, list, inspect } = await node(test, config);
  await deliver(leads, "google", SENDERS.google("lead-of-google"));
  const [{ submissionId }] = await list();
  const entry = await inspect(submissionId);
  assert.equal(entry.event.lead_id, "lead-of-google");
  assert.doesNotMatch(JSON.stringify(entry), /google_key|google-key/);
});
