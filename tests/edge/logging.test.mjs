// What is logged: one record an event, with ids and codes, by the option logger or on the console.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { API_KEY } from "../../tools/sandbox.mjs";
import { crm, submit } from "./support/crm.mjs";
import { CONFIG, inMemory, node, platforms } from "./support/platforms.mjs";
import { body, ORIGIN, postJson } from "./support/requests.mjs";

const pino = createRequire(new URL("../../tools/", import.meta.url))("pino");

/** A pino logger, and the records that it writes. */
function pinoLogger(level = "debug") {
  const records = [];
  return { records, logger: pino({ level }, { write: (line) => records.push(JSON.parse(line)) }) };
}

test("a pino logger gets a lead's life: accepted, each attempt with its cause, without personal data", async (test) => {
  const sandbox = await crm(test);
  const { records, logger } = pinoLogger();
  await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "status", status: 422 } }]);
  const { leads, inspect, admin } = await node(test, { ...sandbox.config, logger });
  const [refused, accepted] = await submit(leads, 2);
  await waitUntil("both", async () => (await inspect(refused)).state === "dead" && (await inspect(accepted)).crmId);
  await admin(`leads/${refused}/replay`, "POST");
  await waitUntil("the replay", async () => (await inspect(refused)).state === "delivered");
  const about = (id) => records.filter(({ submissionId, event }) => submissionId === id && event !== "admin_action");
  const life = about(refused).map(({ event, attempt, state, cause }) => [event, attempt, state, cause].join(" "));
  assert.deepEqual(life, [
    "lead_accepted   ",
    "attempt 1 dead http_422",
    ...(life.length > 3 ? ["alert   "] : []),
    "attempt 2 delivered ",
  ]);
  for (const record of about(accepted)) {
    assert.equal(record.outbox, "default");
    assert.equal(typeof record.time, "number");
    assert.ok(record.level === 30 && record.msg, JSON.stringify(record));
  }
  assert.ok(about(accepted).every(({ event, durationMs }) => event === "alert" || Number.isInteger(durationMs)));
  const audited = records.filter(({ event, action }) => event === "admin_action" && action === "replay");
  assert.match(audited[0].token, /^admin:[\da-f]{8}$/);
  const text = JSON.stringify(records);
  assert.doesNotMatch(text, new RegExp(`Ahmed|\\+2010|${API_KEY}|${CONFIG.adminToken}`));
});

test("a logger decides which levels it keeps, unless logLevel does", async (test) => {
  for (const [level, logLevel, events] of [
    ["warn", undefined, []],
    ["debug", "warn", []],
    ["debug", undefined, ["lead_accepted", "lead_refused"]],
    ["debug", "info", ["lead_accepted", "lead_refused"]],
  ]) {
    const { records, logger } = pinoLogger(level);
    const { leads } = await inMemory(test, { logger, logLevel });
    await postJson(leads, body());
    await postJson(leads, "{");
    assert.deepEqual(
      records.map(({ event }) => event),
      events,
    );
  }
});

test("the console gets one line of JSON an event: warnings and errors, or more with logLevel", async (test) => {
  const lines = [];
  for (const method of ["info", "warn", "error"])
    test.mock.method(console, method, (line) => lines.push({ method, ...JSON.parse(line) }));
  const { leads, outbox } = await inMemory(test, { logLevel: "info" });
  const sent = body();
  await postJson(leads, sent);
  outbox.fail(true);
  await postJson(leads, body());
  const [accepted, failed] = lines;
  assert.ok(Math.abs(Date.parse(accepted.time) - Date.now()) < 60_000);
  const { method, level, event, outbox: name, submissionId, outcome } = accepted;
  assert.deepEqual(
    { method, level, event, name, submissionId, outcome },
    {
      method: "info",
      level: "info",
      event: "lead_accepted",
      name: "default",
      submissionId: sent.submissionId,
      outcome: "accepted",
    },
  );
  assert.deepEqual([failed.level, failed.event, failed.cause], ["error", "outbox_unavailable", "unknown"]);
});

test("a logger that throws or is incomplete breaks nothing, or is refused", async (test) => {
  const failing = () => {
    throw new Error("no disk");
  };
  const logger = { debug: failing, info: failing, warn: failing, error: async () => failing() };
  const { leads, outbox } = await inMemory(test, { logger });
  assert.equal((await postJson(leads)).status, 202);
  outbox.fail(true);
  assert.equal((await postJson(leads)).status, 503);
  for (const config of [{ logger: { warn: failing } }, { logLevel: "loud" }, { notify: {} }, { logger: 1 }])
    await assert.rejects(inMemory(test, config), /logger must be|logLevel must be|notify must be/);
});

/** A proxy before the sandbox that records what is sent to it; the sandbox records no headers. */
async function recordingProxy(test, sandbox) {
  const requests = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks = await incoming.toArray();
    const { method, url, headers } = incoming;
    const body = Buffer.concat(chunks).toString();
    requests.push({ method, headers, body });
    const forwarded = { "content-type": "application/json", "x-api-key": headers["x-api-key"] ?? "" };
    for (const name of ["organizationid", "authorization"]) if (headers[name]) forwarded[name] = headers[name];
    const target = new URL(sandbox.url).origin + url;
    const response = await fetch(target, { method, headers: forwarded, ...(body ? { body } : {}) });
    outgoing.writeHead(response.status, { "content-type": "application/json" }).end(await response.text());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.closeAllConnections() ?? server.close());
  const { pathname } = new URL(sandbox.url);
  return { requests, baseURL: `http://127.0.0.1:${server.address().port}${pathname}` };
}

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: a valid traceparent goes from the page to the CRM if that is asked for, and nothing else`, async (test) => {
    const sandbox = await crm(test);
    const { requests: recorded, baseURL } = await recordingProxy(test, sandbox);
    const config = { ...sandbox.config, crm: { ...sandbox.config.crm, baseURL } };
    const traced = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const send = async (leads, traceparent) => {
      const sent = body();
      const headers = { origin: ORIGIN, traceparent, tracestate: "vendor=secret", baggage: "user=secret" };
      assert.equal((await postJson(leads, sent, headers)).status, 202);
      return sent.submissionId;
    };
    const [on, off] = [await open(test, { ...config, propagateTraceparent: true }), await open(test, config)];
    const expected = new Map();
    expected.set(await send(on.leads, traced), traced);
    expected.set(await send(off.leads, traced), undefined);
    for (const wrong of [
      `01${traced.slice(2)}`,
      traced.toUpperCase(),
      `${traced}-more`,
      traced.replace(/-0{2}f0.*-/, "-0000000000000000-"),
      `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    ])
      expected.set(await send(on.leads, wrong), undefined);
    await waitUntil("all leads", async () => (await sandbox.leads()).length === expected.size);
    const requests = recorded.filter(({ method }) => method === "POST");
    for (const { headers, body } of requests) {
      const { submissionId } = JSON.parse(JSON.parse(body).customField);
      assert.equal(headers.traceparent, expected.get(submissionId));
      assert.deepEqual([headers.tracestate, headers.baggage], [undefined, undefined]);
    }
    assert.equal(requests.length, expected.size);
  });
}
