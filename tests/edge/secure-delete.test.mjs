// Erased, dropped and expired leads are removed from the outbox's files.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { captureLog } from "./support/log.mjs";
import { crm } from "./support/crm.mjs";
import { CONFIG, adminClient } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, postJson } from "./support/requests.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));
const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

/** A server with its own folder. */
async function start(test, config = {}, file) {
  const folder = file ? join(file, "..") : await mkdtemp(join(tmpdir(), "icloud-ready-erased-"));
  file ??= join(folder, "outbox.sqlite");
  const { url, close } = await serve({ ...CONFIG, ...config, onAlert() {}, file, port: 0 });
  test.after(async () => {
    await close().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  });
  return { ...adminClient(url, {}), close, file, folder };
}

/** Which of these texts the files of a folder contain. */
async function found(folder, texts) {
  const files = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0))),
  );
  return texts.filter((text) => files.some((bytes) => bytes.includes(text)));
}

async function removed(folder, texts) {
  let remaining = texts;
  await waitUntil(
    `the removal of ${texts.length} texts`,
    async () => !(remaining = await found(folder, texts)).length,
  ).catch((error) => {
    throw new Error(`${error.message}: ${remaining.length} remain, such as ${remaining.slice(0, 4)}`);
  });
}

const nameOf = (index) => `Erasable${String(index).padStart(4, "0")}`;
const phoneOf = (index) => `+20100777${String(index).padStart(4, "0")}`;
const lead = (index, more = {}) => ({
  leadInformation: { firstName: nameOf(index), phone: phoneOf(index) },
  // Of many lengths, so that rows move between pages.
  leadDescription: `${nameOf(index)} `.repeat(1 + ((index * 37) % 200)),
  ...more,
});
const texts = (indexes) => indexes.flatMap((index) => [nameOf(index), phoneOf(index)]);

/** Stores leads, some with revisions, and erases every third. */
async function fill({ leads, admin }, count) {
  const ids = [];
  for (let index = 0; index < count; index++) {
    const sent = body({ lead: lead(index) });
    ids.push(sent.submissionId);
    assert.equal((await postJson(leads, sent)).status, 202);
    if (index % 4 === 0)
      assert.equal((await postJson(leads, { ...sent, lead: lead(index, { region: "another" }) })).status, 202);
  }
  const erased = ids.flatMap((_, index) => (index % 3 === 0 ? [index] : []));
  for (const index of erased)
    assert.equal((await admin(`leads/${ids[index]}/${index % 2 ? "erase" : "drop"}`, "POST")).status, 200);
  return { ids, erased, kept: ids.map((_, index) => index).filter((index) => index % 3) };
}

test("erased and dropped leads are removed from the file and its journal while the server runs; other leads remain", async (test) => {
  const forwarder = await start(test);
  const { ids, erased, kept: stored } = await fill(forwarder, 90);
  await removed(forwarder.folder, texts(erased));
  for (const index of stored)
    assert.equal((await forwarder.inspect(ids[index])).lead.leadInformation.firstName, nameOf(index));
  // Including a lead that is stored and erased while the server is idle.
  const sent = body({ lead: lead(900) });
  await postJson(forwarder.leads, sent);
  assert.equal((await forwarder.admin(`leads/${sent.submissionId}/erase`, "POST")).status, 200);
  await removed(forwarder.folder, texts([900]));
  assert.equal(
    (await found(forwarder.folder, texts(stored))).length,
    stored.length * 2,
    "control: stored text is found",
  );
});

test("while another process reads the file, erased leads remain; they are removed once it ends, or when the server stops", async (test) => {
  captureLog(test);
  const forwarder = await start(test);
  const other = await openFile(forwarder.file);
  other.exec("BEGIN", []);
  const sent = body({ lead: lead(1) });
  await postJson(forwarder.leads, sent);
  assert.deepEqual(other.exec("SELECT COUNT(*) FROM leads", []), [[1]]);
  assert.equal((await forwarder.admin(`leads/${sent.submissionId}/erase`, "POST")).status, 200);
  await waitUntil("the log line about it", async () =>
    console.warn.mock.calls.some(({ arguments: [line] }) => /deletion_deferred.*another process reads it/.test(line)),
  );
  assert.notDeepEqual(await found(forwarder.folder, texts([1])), [], "control: a reader keeps the journal");
  other.exec("COMMIT", []);
  other.close();
  await removed(forwarder.folder, texts([1]));

  const last = body({ lead: lead(2) });
  await postJson(forwarder.leads, last);
  assert.equal((await forwarder.admin(`leads/${last.submissionId}/erase`, "POST")).status, 200);
  await forwarder.close();
  assert.deepEqual(await found(forwarder.folder, texts([2])), []);
});

test("the CRM's response is stored for the administrator, and erased with the lead", async (test) => {
  const sandbox = await crm(test);
  const message = `${nameOf(1)} has no budget ${"é".repeat(5_000)}`;
  await sandbox.faults([
    { method: "POST", path: "/leads", times: 1, action: { kind: "status", status: 400, body: { message } } },
  ]);
  const forwarder = await start(test, sandbox.config);
  const sent = body({ lead: lead(1) });
  await postJson(forwarder.leads, sent);
  await waitUntil("the refusal", async () => (await forwarder.inspect(sent.submissionId)).state === "dead");
  const { status, response } = await forwarder.inspect(sent.submissionId);
  assert.deepEqual([status, response.startsWith(`{"message":"${nameOf(1)} has no budget`)], [400, true]);
  assert.ok(
    Buffer.byteLength(response) <= 4_096 && Buffer.byteLength(response) > 4_000 && !response.includes("\ufffd"),
  );
  const [entry] = (await forwarder.admin("leads")).body.entries;
  assert.equal(entry.response, undefined);
  assert.equal((await forwarder.admin(`leads/${sent.submissionId}/erase`, "POST")).status, 200);
  assert.equal((await forwarder.inspect(sent.submissionId)).response, undefined);
  await removed(forwarder.folder, texts([1]));
});

test("delivered leads are removed from the file after their retention", async (test) => {
  const sandbox = await crm(test);
  const forwarder = await start(test, { ...sandbox.config, retention: { delivered: 0 } });
  const indexes = Array.from({ length: 30 }, (_, index) => index);
  for (const index of indexes) await postJson(forwarder.leads, body({ lead: lead(index) }));
  await waitUntil("the delivery", async () => (await forwarder.list()).every(({ state }) => state === "delivered"));
  await removed(forwarder.folder, texts(indexes));
  assert.equal((await forwarder.list()).length, indexes.length);
});

test("leads that an earlier version deleted are removed from the file when it is opened", async (test) => {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-erased-"));
  const file = join(folder, "outbox.sqlite");
  const store = await openFile(file);
  store.exec("PRAGMA secure_delete = OFF", []);
  const sql = await readFile(new URL("../fixtures/outbox-1.sql", import.meta.url), "utf8");
  for (const statement of sql.replaceAll(/^--.*$/gm, "").split(/;\n/)) if (statement.trim()) store.exec(statement, []);
  for (let index = 0; index < 50; index++)
    store.exec("INSERT INTO revisions VALUES (?, 'a', 1, ?)", [`id-${index}`, JSON.stringify(lead(index))]);
  store.exec("DELETE FROM revisions", []);
  store.close();
  const indexes = Array.from({ length: 50 }, (_, index) => index);
  assert.notDeepEqual(await found(folder, texts(indexes)), [], "control: SQLite by default leaves it there");
  await start(test, {}, file);
  await removed(folder, texts(indexes));
});
