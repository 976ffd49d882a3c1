// One rate limit for all senders of an outbox: the CRM never returns 429.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { arrived, crm, submit } from "./support/crm.mjs";
import { CONFIG, adminClient } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { forwarderOptions, startWorker } from "../../tools/workerd.mjs";

// A minute of 2 s and an hour of 60 s, on both sides.
const LIMITS = { perMinute: 48, perHour: 480 };

async function twoServers(test, config) {
  const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-outbox-"));
  const options = { ...config, clientAddress: "socket", file: join(folder, "outbox.sqlite"), port: 0 };
  const servers = [await serve(options), await serve(options)];
  test.after(async () => {
    for (const { close } of servers) await close();
    await rm(folder, { recursive: true });
  });
  return servers.map(({ url }) => url);
}

async function twoIsolates(test, config) {
  const options = await forwarderOptions(config);
  const { modules, compatibilityDate, bindings, durableObjects, ...rest } = options;
  const shared = { modules, compatibilityDate, bindings };
  const remote = { LEAD_OUTBOX: { ...durableObjects.LEAD_OUTBOX, scriptName: "one" } };
  const { miniflare, close } = await startWorker({
    ...rest,
    workers: [
      { name: "one", ...shared, durableObjects, unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] },
      { name: "two", ...shared, durableObjects: remote, unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] },
    ],
  });
  test.after(close);
  return [(await miniflare.unsafeGetDirectURL("one")).origin, (await miniflare.unsafeGetDirectURL("two")).origin];
}

for (const [name, open] of [
  ["two servers on one file", twoServers],
  ["two isolates before one object", twoIsolates],
]) {
  test(`${name} and an administrator together stay below the CRM's limits`, async (test) => {
    const sandbox = await crm(test, { switches: { limits: { ...LIMITS, minuteMs: 2_000, hourMs: 60_000 } } });
    await sandbox.faults([{ method: "POST", path: "/leads", times: 3, action: { kind: "status", status: 400 } }]);
    const urls = await open(test, { ...CONFIG, ...sandbox.config, limits: { ...LIMITS, minute: 2_000, hour: 60_000 } });
    const [one, two] = urls.map((url) => adminClient(url, {}));
    const dead = async () => (await one.admin("leads?state=dead")).body.entries;
    const refused = await submit(one.leads, 3, "refused");
    await waitUntil("the refusals", async () => (await dead()).length === 3);
    const both = Promise.all([submit(one.leads, 90, "one"), submit(two.leads, 90, "two")]);
    for (const [index, id] of refused.entries())
      assert.equal((await [one, two][index % 2].admin(`leads/${id}/replay`, "POST")).status, 200);
    await arrived(sandbox, [...refused, ...(await both).flat()]);
    const requests = await sandbox.requests();
    assert.equal(requests.filter(({ status }) => status === 429).length, 0);
    assert.equal(requests.filter(({ method, status }) => method === "POST" && status === 200).length, 183);
  });
}
