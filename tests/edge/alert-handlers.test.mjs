// The example's handlers, called by a forwarder whose key is revoked and then renewed.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { describe, email, slack, webhook } from "../../examples/alerts/alerts.js";
import { waitUntil } from "../../tools/wait.mjs";
import { captureLog } from "./support/log.mjs";
import { crm } from "./support/crm.mjs";
import { node } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, postJson } from "./support/requests.mjs";

async function receiver(test, status = 200) {
  const received = [];
  const server = createServer(async (incoming, outgoing) => {
    const text = Buffer.concat(await incoming.toArray()).toString();
    received.push({ headers: incoming.headers, text });
    outgoing.writeHead(status).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}/hook`, received };
}

test("a webhook, Slack and e-mail get the pause and its end", async (test) => {
  const sandbox = await crm(test);
  const [hook, channel] = [await receiver(test), await receiver(test)];
  const mails = [];
  const transport = { sendMail: async (mail) => mails.push(mail) };
  const handlers = [
    webhook(hook.url, "a-secret"),
    slack(channel.url),
    email(transport, { from: "forwarder@example.com", to: "ops@example.com" }),
  ];
  let key = "revoked-key";
  const onAlert = (alert) => Promise.all(handlers.map((handle) => handle(alert)));
  const { leads } = await node(test, { ...sandbox.config, onAlert }, { key: () => key });
  await postJson(leads, body());
  const until = (count) =>
    waitUntil(`${count} alerts`, async () =>
      [hook.received, channel.received, mails].every(({ length }) => length >= count),
    );
  await until(1);
  key = sandbox.config.crm.apiKey;
  await until(2);
  const [first] = hook.received;
  const mac = createHmac("sha256", "a-secret").update(first.text).digest("hex");
  assert.equal(first.headers["x-signature"], mac);
  assert.deepEqual(JSON.parse(first.text).alert, { kind: "paused", reason: "authentication", status: 401 });
  const texts = channel.received.map(({ text }) => JSON.parse(text).text);
  assert.deepEqual(texts, [
    ":rotating_light: Lead forwarder: paused: reason=authentication, status=401",
    ":white_check_mark: Lead forwarder: resumed: reason=authentication",
  ]);
  assert.deepEqual(
    mails.map(({ subject }) => subject),
    ["Lead forwarder: paused", "Lead forwarder: resolved: resumed"],
  );
});

test("an attacker's origin is not markup in Slack", async (test) => {
  const channel = await receiver(test);
  await slack(channel.url)({ kind: "origin_refused", origin: "https://<!channel>&.example", count: 5 });
  assert.match(JSON.parse(channel.received[0].text).text, /origin=https:\/\/&lt;!channel&gt;&amp;\.example/);
  assert.equal(describe({ kind: "store_restored" }), "store_restored");
});

test("a receiver that fails is logged and changes nothing", async (test) => {
  const logged = captureLog(test);
  const failing = await receiver(test, 500);
  const { alertHandler } = await import(join(packageFolder, "dist/forwarder/outbox/alerts.js"));
  const { consoleLog } = await import(join(packageFolder, "dist/forwarder/outbox/log.js"));
  alertHandler(webhook(failing.url), consoleLog)({ kind: "store_restored" });
  await waitUntil("the log", () => logged.some((line) => line.startsWith("error handler_failed")));
  assert.match(logged.at(-1), /"handler":"onAlert","alert":"store_restored"/);
});
