// The server and its file: locked by another program, closed while requests are in progress.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { arrived, crm, submitTogether } from "./support/crm.mjs";
import { CONFIG, node } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, ORIGIN, postJson } from "./support/requests.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));
const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

test("while another program locks the file, a page may retry; the lead is stored once", async (test) => {
  const { leads, file, count } = await node(test);
  const other = await openFile(file);
  test.after(() => other.close());
  other.exec("BEGIN EXCLUSIVE", []);
  const sent = body();
  const refused = await postJson(leads, sent);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "5");
  assert.equal(refused.headers.get("access-control-allow-origin"), ORIGIN);
  other.exec("COMMIT", []);
  for (let time = 0; time < 2; time++) assert.equal((await postJson(leads, sent)).status, 202);
  assert.equal(await count(), 1);
});

test("close() waits for the calls in progress, and leaves the rest for the next start", async (test) => {
  const sandbox = await crm(test);
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-outbox-"));
  let second;
  test.after(async () => {
    await second?.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  });
  const options = { ...CONFIG, ...sandbox.config, file: join(folder, "outbox.sqlite"), port: 0 };
  await sandbox.faults([{ path: "/leads", action: { kind: "delay", ms: 2_000 } }]);
  const first = await serve(options);
  const ids = await submitTogether(`${first.url}/leads`, 60);
  await first.close();
  const there = (await sandbox.leads()).length;
  assert.ok(there < 60, `${there}`);
  // It waited for the calls in progress: no lookup is needed.
  await sandbox.faults([]);
  await sandbox.forget();
  second = await serve(options);
  await arrived(sandbox, ids);
  assert.deepEqual(new Set((await sandbox.requests()).map(({ method }) => method)), new Set(["POST"]));
});
