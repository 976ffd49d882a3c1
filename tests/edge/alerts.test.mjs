// Alerts as an operator receives them: raised, repeated while their condition lasts, and resolved. All kinds and their
// intervals are in tests/it/outbox/alerts.rs.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { freePort } from "../support/port.mjs";
import { start as startProcess } from "./support/server-process.mjs";
import { captureLog } from "./support/log.mjs";
import { crm } from "./support/crm.mjs";
import { CONFIG, inMemory, adminClient } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, postJson, reach } from "./support/requests.mjs";
import { startTurnstile } from "./support/turnstile.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));
const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

const HOUR = 3_600_000;
const HOLD = { provider: "turnstile", secret: "a-secret", mode: "hold" };

/** Advances the time. */
function clock(test) {
  const now = performance.now.bind(performance);
  let ahead = 0;
  test.mock.method(performance, "now", () => now() + ahead);
  return (milliseconds) => (ahead += milliseconds);
}

/** A server that can be restarted; `times` counts alerts of a kind, `comes` waits for this many. */
async function start(test, config) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-alerts-"));
  const file = join(folder, "outbox.sqlite");
  const alerts = [];
  captureLog(test);
  const server = { alerts, file, close: async () => {} };
  server.run = async () => {
    await server.close();
    const { url, close } = await serve({ ...CONFIG, ...config, onAlert: (alert) => alerts.push(alert), file, port: 0 });
    Object.assign(server, adminClient(url, {}), { close });
  };
  server.times = (kind, condition) =>
    alerts.filter((alert) => alert.kind === kind && alert.condition === condition).length;
  server.comes = (count, kind, condition) =>
    waitUntil(`alert ${count} of ${kind} ${condition ?? ""}`, async () => server.times(kind, condition) >= count).then(
      () => assert.equal(server.times(kind, condition), count, JSON.stringify(alerts)),
    );
  test.after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  await server.run();
  return server;
}

test("held leads: alert raised, repeated, resolved, and shown in /health", async (test) => {
  const pass = clock(test);
  const server = await start(test, { challenge: HOLD });
  const sent = body();
  await postJson(server.leads, sent);
  await server.comes(1, "held_leads");
  assert.deepEqual([server.alerts[0].count, typeof server.alerts[0].oldestAgeMs], [1, "number"]);
  assert.equal((await server.admin("../health")).body.held, 1);
  for (const [count, wait] of [
    [2, HOUR],
    [3, 6 * HOUR],
    [4, 24 * HOUR],
  ]) {
    pass(wait - 1_000);
    await postJson(server.leads, sent);
    pass(2_000);
    await postJson(server.leads, sent);
    await server.comes(count, "held_leads");
  }
  assert.equal((await server.admin(`leads/${sent.submissionId}/drop`, "POST")).status, 200);
  await server.comes(1, "resolved", "held_leads");
  assert.equal((await server.admin("../health")).body.held, 0);
});

test("a pause: alerted again by the process after a restart, and resolved once", async (test) => {
  const sandbox = await crm(test);
  let key = "revoked-key";
  const server = await start(test, { ...sandbox.config, crm: { ...sandbox.config.crm, apiKey: () => key } });
  await postJson(server.leads, body());
  await server.comes(1, "paused");
  await server.run();
  await server.comes(2, "paused");
  assert.equal((await server.admin("../health")).body.pauseReason, "authentication");
  key = sandbox.config.crm.apiKey;
  await server.comes(1, "resumed");
});

test("a failing store: alert raised, repeated, resolved", async (test) => {
  const pass = clock(test);
  const server = await start(test, {});
  const other = await openFile(server.file);
  other.exec("BEGIN EXCLUSIVE", []);
  const fails = async () => assert.equal((await postJson(server.leads)).status, 503);
  await fails();
  await server.comes(1, "store_failed");
  await fails();
  assert.equal(server.times("store_failed"), 1);
  pass(HOUR);
  await fails();
  await server.comes(2, "store_failed");
  other.exec("COMMIT", []);
  other.close();
  await waitUntil("a store that works", async () => (await reach(`${server.url}/health`, {})).status === 200);
  await server.comes(1, "store_restored");
});

test("wrong admin tokens: alert raised, repeated after a day, resolved after a day without", async (test) => {
  const pass = clock(test);
  const server = await start(test, {});
  const guess = async () => {
    for (let index = 0; index < 5; index++)
      await reach(`${server.url}/admin/leads`, { headers: { authorization: "Bearer wrong" } });
  };
  await guess();
  await server.comes(1, "admin_auth_failed");
  // The guesses in between prevent that it is resolved at any time before the alert is repeated.
  pass(12 * HOUR);
  await guess();
  assert.equal(server.times("admin_auth_failed"), 1);
  pass(13 * HOUR);
  await guess();
  await server.comes(2, "admin_auth_failed");
  assert.match(
    await (
      await reach(`${server.url}/admin/metrics`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } })
    ).text(),
    /^icloud_ready_admin_auth_failed_total 15$/m,
  );
  pass(25 * HOUR);
  await postJson(server.leads);
  await server.comes(1, "resolved", "admin_auth_failed");
});

test("a wrong challenge secret: alert raised, repeated after an hour, resolved by the right one", async (test) => {
  const pass = clock(test);
  const turnstile = await startTurnstile(test);
  const alerts = [];
  const challenge = { provider: "turnstile", secret: "a-secret", verifyURL: turnstile.url };
  const { leads } = await inMemory(test, { challenge, onAlert: (alert) => alerts.push(alert) });
  const post = async () =>
    assert.equal((await postJson(leads, body({ challenge: { provider: "turnstile", token: "good" } }))).status, 202);
  turnstile.mode = "secret";
  await post();
  await post();
  const wrong = { kind: "challenge_secret_rejected" };
  assert.deepEqual(alerts, [wrong]);
  pass(HOUR + 1);
  await post();
  assert.deepEqual(alerts, [wrong, wrong]);
  turnstile.mode = "up";
  await post();
  assert.deepEqual(alerts, [wrong, wrong, { kind: "resolved", condition: "challenge_secret_rejected" }]);
});

test("workerd: held leads and a pause are alerted on the console, and resolved", async (test) => {
  const sandbox = await crm(test);
  await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "status", status: 403 } }]);
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-alerts-"));
  let logged = "";
  const options = { folder, port: await freePort(), config: { ...CONFIG, ...sandbox.config, challenge: HOLD } };
  const server = await startProcess("workerd", options, (text) => (logged += text));
  test.after(async () => {
    server.kill();
    await server.gone;
    await rm(folder, { recursive: true, maxRetries: 5 });
  });
  const hasLogged = (text) =>
    waitUntil(text, async () => logged.includes(text)).catch((error) => assert.fail(`${error.message}:\n${logged}`));
  const { leads, admin } = adminClient(server.url, {});
  const sent = body();
  await postJson(leads, sent);
  await hasLogged('"kind":"held_leads","count":1');
  assert.equal((await admin(`leads/${sent.submissionId}/release`, "POST")).status, 200);
  await hasLogged('"kind":"resolved","condition":"held_leads"');
  await hasLogged('"kind":"paused","reason":"permission_denied","status":403');
  await hasLogged('"kind":"resumed","reason":"permission_denied"');
});
