// A backup made while leads are sent, restored after more of them were: no lead reaches the CRM twice.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { counted, crm, submitTogether } from "./support/crm.mjs";
import { adminClient, CONFIG } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));
const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

const LEADS = 12;

/** Restores a backup that was made when some leads were sent; returns how often the CRM has each. */
async function restore(test, restored) {
  const sandbox = await crm(test);
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-restored-"));
  const [file, copy] = [join(folder, "outbox.sqlite"), join(folder, "copy.sqlite")];
  const started = [];
  test.after(async () => {
    for (const { close } of started) await close();
    await rm(folder, { recursive: true });
  });
  const start = async (file, more = {}) => {
    const server = await serve({ ...CONFIG, ...sandbox.config, ...more, file, port: 0 });
    started.push(server);
    return adminClient(server.url, {});
  };
  // From the fifth lead on the CRM takes long, so that the copy has leads in every state.
  await sandbox.faults([{ method: "POST", path: "/leads", skip: 4, action: { kind: "delay", ms: 5_000 } }]);
  const { leads } = await start(file);
  const ids = await submitTogether(leads, LEADS);
  // Between two leads none is being sent, and such a backup would prove less.
  await waitUntil("a backup with leads in every state", async () => {
    await rm(copy, { force: true });
    const source = await openFile(file);
    source.exec("VACUUM INTO ?", [copy]);
    source.close();
    const states = await statesOf(copy);
    return states.pending && states.sending && states.delivered;
  });
  await waitUntil("all leads in the CRM", async () => (await sandbox.leads()).length === LEADS);
  await started.pop().close();
  await sandbox.faults([]);
  const { list } = await start(copy, { restored });
  await waitUntil("all leads delivered", async () => (await list("&state=delivered")).length === LEADS);
  return { ids, counts: await counted(sandbox) };
}

async function statesOf(file) {
  const store = await openFile(file);
  const rows = store.exec("SELECT state, COUNT(*) FROM leads GROUP BY state", []);
  store.close();
  return Object.fromEntries(rows);
}

test("with restored: true no lead of a backup is sent twice", async (test) => {
  const { ids, counts } = await restore(test, true);
  assert.deepEqual(counts, Object.fromEntries(ids.map((id) => [id, 1])));
});

test("control: without it, leads are sent twice", async (test) => {
  const { counts } = await restore(test, false);
  assert.ok(Object.values(counts).some((count) => count > 1));
});
