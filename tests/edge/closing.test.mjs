// The server stops, whatever connections browsers hold open; and warns if it seems to be behind an unconfigured proxy.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CONFIG, adminClient } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, head, postJson, reach } from "./support/requests.mjs";

const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

async function start(test, config = {}) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-closing-"));
  const { url, close } = await serve({ ...CONFIG, ...config, file: join(folder, "outbox.sqlite"), port: 0 });
  test.after(async () => {
    await close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  });
  return { ...adminClient(url, {}), close };
}

async function connected(test, url) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  test.after(() => socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

test("close() does not wait for idle connections", { timeout: 60_000 }, async (test) => {
  const { url, leads, close } = await start(test);
  const unused = await connected(test, url);
  const idle = await connected(test, url);
  idle.write(head(leads, { connection: "keep-alive", "content-length": 2 }) + "{}");
  await once(idle, "data");
  const closed = Promise.all([unused, idle].map((socket) => once(socket, "close")));
  await close();
  await closed;
  await close();
});

test(
  "close() waits for a request in progress, and times out on one that never arrives",
  { timeout: 60_000 },
  async (test) => {
    const { leads, url, close, inspect } = await start(test);
    const slow = await connected(test, url);
    const text = JSON.stringify(body());
    slow.write(head(leads, { connection: "keep-alive", "content-length": text.length }) + text.slice(0, 20));
    // A request that was sent later has its response, so the first one is in progress.
    assert.equal((await reach(`${url}/health`, {})).status, 200);
    const ending = close();
    slow.write(text.slice(20));
    const [response] = await once(slow, "data");
    assert.match(String(response), /^HTTP\/1\.1 202 [^]*connection: close/i);
    await ending;
    await assert.rejects(inspect("none-0001"));

    const other = await start(test);
    const stuck = await connected(test, other.url);
    stuck.write(head(other.leads, { "content-length": 1_000 }) + "{");
    assert.equal((await reach(`${other.url}/health`, {})).status, 200);
    const gone = once(stuck, "close");
    await other.close();
    await gone;
  },
);

test("behind a proxy with default settings, one warning says that all visitors share one limit", async (test) => {
  const lines = async (config, headers) => {
    const logged = [];
    const mocked = test.mock.method(console, "warn", (line) => logged.push(line));
    const { leads } = await start(test, config);
    for (let time = 0; time < 3; time++) await postJson(leads, body(), headers);
    mocked.mock.restore();
    return logged.filter((line) => /proxy/.test(line));
  };
  for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"]) {
    const [line, ...more] = await lines({}, { [header]: "203.0.113.9" });
    assert.match(line, new RegExp(`${header}.*clientAddress`), header);
    assert.doesNotMatch(line, /203/);
    assert.deepEqual(more, []);
  }
  assert.equal((await lines({ clientAddress: () => undefined }, { "x-forwarded-for": "203.0.113.9" })).length, 1);
  assert.deepEqual(await lines({}, {}), []);
  assert.deepEqual(await lines({ clientAddress: "socket" }, { "x-forwarded-for": "203.0.113.9" }), []);
  const proxied = { clientAddress: { header: "x-forwarded-for", trustedProxies: 1 } };
  assert.deepEqual(await lines(proxied, { "x-forwarded-for": "203.0.113.9" }), []);
  const { forwardedBy } = await import(join(packageFolder, "dist/forwarder/rules/client-address.js"));
  const headers = new Headers({ "x-forwarded-for": "203.0.113.9" });
  for (const peer of [
    "127.0.0.1",
    "::1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "::ffff:10.0.0.1",
    "fd00::1",
    "fe80::1",
  ]) {
    assert.equal(forwardedBy(headers, peer), "x-forwarded-for", peer);
  }
  for (const peer of ["203.0.113.1", "172.32.0.1", "2001:db8::1", undefined, "x"])
    assert.equal(forwardedBy(headers, peer), undefined, peer);
});
