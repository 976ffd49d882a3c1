// Deliveries that are hard to read, and those that do not fit: nothing of them is lost silently.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { waitUntil } from "../../tools/wait.mjs";
import { arrived, crm } from "./support/crm.mjs";
import { captureLog } from "./support/log.mjs";
import { CONFIG, node, workerd } from "./support/platforms.mjs";
import { reach } from "./support/requests.mjs";
import { deliver, SECRETS, SENDERS, SOURCES } from "./support/senders.mjs";

const ID = "9007199254740993";
const PERSON = { name: "Mona El Husseini", phone: "01001234567" };
const ZAPIER = SENDERS.zapier({ id: "zap-00000001", ...PERSON });
const config = { sources: SOURCES };

for (const [platform, start] of [
  ["node", node],
  ["workerd", workerd],
]) {
  test(`${platform}: a compressed body and an unknown charset are refused with 415, and nothing is stored`, async (test) => {
    const { leads, count } = await start(test, config);
    const sent = ZAPIER;
    const zipped = { ...sent, body: gzipSync(sent.body), headers: { ...sent.headers, "content-encoding": "gzip" } };
    const unknown = { ...sent, headers: { ...sent.headers, "content-type": "application/json; charset=x-none" } };
    for (const [wrong, path, message] of [
      [zipped, "content-encoding", /without compression/],
      [unknown, "content-type", /send UTF-8/],
    ]) {
      const response = await deliver(leads, "zapier", wrong);
      assert.equal(response.status, 415);
      const { code, issues } = (await response.json()).error;
      assert.deepEqual([code, issues[0].path], ["media_type", path]);
      assert.match(issues[0].message, message);
    }
    assert.equal(await count(), 0);
    const identity = { ...sent, headers: { ...sent.headers, "content-encoding": "identity" } };
    assert.equal((await deliver(leads, "zapier", identity)).status, 200);
  });

  test(`${platform}: a body is decoded by its declared charset`, async (test) => {
    const { leads, list, inspect } = await start(test, config);
    // "منى" in Windows-1256 and "Zoé" in ISO-8859-1.
    const arabic = Buffer.from([0xe3, 0xe4, 0xec]);
    const { headers, query } = SENDERS.site(PERSON);
    const sends = [
      ["site", query, "windows-1256", Buffer.concat([Buffer.from("name="), arabic, Buffer.from("&phone=01001234567")])],
      ["site", query, '"Windows-1256"', "name=%E3%E4%EC+x&phone=01001234568"],
      ["zapier", "", "iso-8859-1", Buffer.from('{"id":"zap-00000001","name":"Zo\xe9"}', "latin1")],
    ];
    for (const [name, query, charset, body] of sends) {
      const type = name === "site" ? "application/x-www-form-urlencoded" : "application/json";
      const own = name === "site" ? headers : ZAPIER.headers;
      const sent = { body, query, headers: { ...own, "content-type": `${type}; charset=${charset}` } };
      assert.equal((await deliver(leads, name, sent)).status, 200);
    }
    const entries = await Promise.all((await list()).map(({ submissionId }) => inspect(submissionId)));
    assert.deepEqual(entries.map(({ event }) => event.name).sort(), ["Zoé", "منى", "منى x"].sort());
  });

  test(`${platform}: repeated names of a form are a list, multipart ones too`, async (test) => {
    const { leads, list, inspect } = await start(test, config);
    const form = new FormData();
    for (const [name, value] of Object.entries(PERSON)) form.append(name, value);
    for (const unit of ["villa", "flat", "office"]) form.append("unit", unit);
    const multipart = new Response(form);
    const urlencoded = new URLSearchParams([...form].map(([name, value]) => [name, String(value)]));
    const { headers } = ZAPIER;
    for (const [type, body] of [
      [multipart.headers.get("content-type"), Buffer.from(await multipart.arrayBuffer())],
      ["application/x-www-form-urlencoded", String(urlencoded)],
    ])
      assert.equal(
        (await deliver(leads, "zapier", { body, headers: { ...headers, "content-type": type } })).status,
        200,
      );
    const events = await Promise.all((await list()).map(async ({ submissionId }) => inspect(submissionId)));
    for (const { event } of events) assert.deepEqual(event.unit, ["villa", "flat", "office"]);
  });

  test(`${platform}: events without a readable id are counted and logged, and the others are stored`, async (test) => {
    const log = captureLog(test);
    const { leads, admin, url } = await start(test, config);
    const { body } = SENDERS.meta([ID, '"no id"', "null"]);
    const signed = (body) => ({
      body,
      headers: { "x-hub-signature-256": `sha256=${createHmac("sha256", SECRETS.app).update(body).digest("hex")}` },
    });
    for (const sent of [body, '{"object":"page"}'])
      assert.equal((await deliver(leads, "meta", signed(sent))).status, 200);
    assert.equal((await admin("../health")).body.sources.find(({ name }) => name === "meta").fetching, 1);
    const metrics = await waitUntil("the metric", async () => {
      const text = await (
        await reach(`${url}/admin/metrics`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } })
      ).text();
      return text.includes('source_unreadable_total{source="meta"} 3') && text;
    });
    assert.match(metrics, /source_unreadable_total\{source="google"\} 0/);
    if (platform === "node") {
      const lines = log.filter((line) => line.startsWith("warn source_unreadable"));
      assert.match(lines[0], /"source":"meta","count":2/);
      assert.match(lines[1], /"source":"meta","count":1/);
      assert.equal(lines.length, 2);
    }
  });

  test(`${platform}: beyond the capacity a delivery gets 503, and its repetition is stored later`, async (test) => {
    const { leads, admin, inspect } = await start(test, { ...config, capacity: { leads: 2 } });
    assert.equal((await deliver(leads, "zapier", ZAPIER)).status, 200);
    const batch = SENDERS.meta([ID, "9007199254740994"]);
    const refused = await deliver(leads, "meta", batch);
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "300"]);
    assert.equal((await refused.json()).error.code, "full");
    assert.equal((await deliver(leads, "zapier", ZAPIER)).status, 200);
    assert.equal((await admin("leads/webhook-zap-00000001/drop", "POST")).status, 200);
    await waitUntil("free space", async () => (await deliver(leads, "meta", batch)).status === 200);
    assert.equal((await inspect(`meta-${ID}`)).state, "fetching");
  });
}

test("a token function that never ends is given up after 30 s, and other requests go on", async (test) => {
  const sandbox = await crm(test);
  // A second for each minute.
  const { setTimeout } = globalThis;
  const now = performance.now.bind(performance);
  test.mock.method(performance, "now", () => now() * 60);
  test.mock.method(globalThis, "setTimeout", (step, ms, ...more) => setTimeout(step, ms / 60, ...more));
  // One more than the requests that may run at once.
  const [asked, hanging] = [[], 7];
  const accessToken = (page) => {
    asked.push(page);
    return asked.length <= hanging ? new Promise(() => {}) : "sandbox-page-token";
  };
  const meta = { ...SOURCES.meta, accessToken, graphURL: sandbox.graph };
  const { leads, inspect } = await node(test, { ...sandbox.config, sources: { meta } });
  await sandbox.platforms({ metaUrl: `${leads}/sources/meta`, appSecret: SECRETS.app });
  const { ids } = await sandbox.deliver("meta", { count: 2 });
  await arrived(
    sandbox,
    ids.map((id) => `meta-${id}`),
  );
  assert.ok(asked.length > hanging, `${asked.length}`);
  assert.equal((await inspect(`meta-${ids[0]}`)).state, "delivered");
});
