// Limits of what is stored and open at once: each is an answer, a metric and an alert. All of the outbox's limits are
// in tests/it/outbox/capacity.rs, the disk in store.test.mjs.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { CONFIG, node, platforms } from "./support/platforms.mjs";
import { body, FORM, ORIGIN, postForm, postJson, reach } from "./support/requests.mjs";

const metricsOf = async (url) => {
  const headers = { authorization: `Bearer ${CONFIG.adminToken}` };
  return (await reach(`${url}/admin/metrics`, { headers })).text();
};

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: beyond its capacity the outbox answers 503, readable by the page, and keeps what it has`, async (test) => {
    const { url, leads, count } = await open(test, { capacity: { leads: 2 } });
    const first = body();
    assert.equal((await postJson(leads, first)).status, 202);
    assert.equal((await postJson(leads)).status, 202);
    const refused = await postJson(leads);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("access-control-allow-origin"), ORIGIN);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.equal((await refused.json()).error.code, "full");
    const form = await postForm(leads, FORM);
    assert.deepEqual([form.status, form.headers.get("content-type")], [503, "text/html; charset=utf-8"]);
    assert.equal((await postJson(leads, first)).status, 202);
    assert.equal(await count(), 2);
    assert.match(await metricsOf(url), /^icloud_ready_leads_refused_total\{limit="leads"\} 2$/m);
  });
}

test("node: an address that has too many leads waiting is limited, and capacity is alerted", async (test) => {
  const alerts = [];
  const { leads } = await node(test, {
    capacity: { leadsPerAddress: 1 },
    clientAddress: { header: "x-forwarded-for", trustedProxies: 1 },
    onAlert: (alert) => alerts.push(alert),
  });
  const from = (address) => postJson(leads, body(), { "x-forwarded-for": address });
  assert.equal((await from("203.0.113.9")).status, 202);
  const refused = await from("203.0.113.9");
  assert.deepEqual([refused.status, (await refused.json()).error.code], [429, "rate_limited"]);
  assert.equal((await from("203.0.113.10")).status, 202);
  await waitUntil("the alert", async () => alerts.some(({ kind }) => kind === "capacity_reached"));
  const { limit, refused: isRefused } = alerts.find(({ kind }) => kind === "capacity_reached");
  assert.deepEqual([limit, isRefused], ["address_leads", true]);
});

test("node: connections beyond the limit are answered 503 and closed, and the alert is resolved", async (test) => {
  const alerts = [];
  const capacity = { connections: 3 };
  const { url, leads } = await node(test, { capacity, onAlert: (alert) => alerts.push(alert) });
  const idle = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      await once(socket, "connect");
      return socket;
    }),
  );
  const refused = await postJson(leads);
  assert.deepEqual([refused.status, refused.headers.get("access-control-allow-origin")], [503, ORIGIN]);
  assert.equal(refused.headers.get("connection"), "close");
  assert.deepEqual(alerts, [{ kind: "connections_full", connections: 4 }]);
  for (const socket of idle) socket.destroy();
  const isResolved = async () => alerts.some(({ condition }) => condition === "connections_full");
  await waitUntil("the end of the alert", isResolved);
  assert.equal((await postJson(leads)).status, 202);
  const metrics = await metricsOf(url);
  assert.match(metrics, /^icloud_ready_leads_refused_total\{limit="connections"\} 1$/m);
  assert.match(metrics, /^icloud_ready_connections [1-3]$/m);
});

test("node: notify gets each new lead once after its acknowledgement, with its fields only if asked for", async (test) => {
  for (const personalData of [false, true]) {
    const calls = [];
    const send = (lead) => {
      calls.push(lead);
      throw new Error("the mail server is down");
    };
    const { leads } = await node(test, { notify: personalData ? { send, personalData } : send, logger: SILENT });
    const sent = body();
    assert.equal((await postJson(leads, sent)).status, 202);
    assert.equal((await postJson(leads, sent)).status, 202);
    await postJson(leads, { ...sent, lead: { leadInformation: { firstName: "Other", phone: "+201001234567" } } });
    await postForm(leads, FORM);
    await waitUntil("two calls", async () => calls.length >= 2);
    assert.deepEqual(
      calls.map(({ origin, form, marks }) => [origin, form, marks]),
      [
        [ORIGIN, false, []],
        [ORIGIN, true, []],
      ],
    );
    const [{ submissionId, at, lead }] = calls;
    assert.equal(submissionId, sent.submissionId);
    assert.ok(Math.abs(at - Date.now()) < 60_000);
    assert.equal(lead?.leadInformation.firstName, personalData ? "Ahmed" : undefined);
    assert.equal(/Ahmed|\+2010/.test(JSON.stringify(calls)), personalData);
  }
});

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
