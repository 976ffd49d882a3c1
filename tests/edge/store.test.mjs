// What happens to the outbox's file: a full disk, a lock, a broken table, a damaged page, a file that is removed or
// replaced.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, open, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { smallDisk } from "./support/disk.mjs";
import { CONFIG, adminClient } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, ORIGIN, postJson, reach } from "./support/requests.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));
const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

/** The CRM is out of reach, so that what is stored stays. */
async function start(test, { folder, config = {} } = {}) {
  folder ??= await mkdtemp(join(tmpdir(), "icloud-ready-store-"));
  const file = join(folder, "outbox.sqlite");
  const said = [];
  const alerts = [];
  test.mock.method(console, "warn", (line) => said.push(line));
  const running = { close: async () => {} };
  const run = async () => {
    await running.close();
    const { url, close } = await serve({ ...CONFIG, ...config, onAlert: (alert) => alerts.push(alert), file, port: 0 });
    const client = adminClient(url, {});
    const health = async (headers = { authorization: `Bearer ${CONFIG.adminToken}` }) => {
      const answer = await reach(`${url}/health`, { headers });
      return { status: answer.status, ...(await answer.json()) };
    };
    // A look is believed for five seconds.
    const until = (wanted) =>
      waitUntil(`the status ${wanted} of /health`, async () => (await health()).status === wanted);
    return Object.assign(running, client, { close, health, until });
  };
  test.after(async () => {
    await running.close().catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  });
  await run();
  const post = async (sent = body()) => {
    const { status } = await postJson(running.leads, sent);
    return { id: sent.submissionId, status };
  };
  const accepted = async (count) => {
    const ids = [];
    for (let index = 0; index < count; index++) {
      const { id, status } = await post();
      assert.equal(status, 202);
      ids.push(id);
    }
    return ids;
  };
  /** Fails, and says why: to pages, on the console, in /health, by an alert. */
  const fails = async (cause) => {
    assert.equal((await post()).status, 503);
    const health = await running.health();
    assert.deepEqual([health.status, health.ok, health.cause], [503, false, cause]);
    assert.deepEqual(await running.health({}), { status: 503, ok: false });
    assert.ok(said.includes(`icloud-ready forwarder: the outbox is unavailable: ${cause}`), said.join("\n"));
    await waitUntil(
      `the alert store_failed with ${cause}`,
      () => alerts.some((alert) => alert.kind === "store_failed" && alert.cause === cause),
      { describe: async () => alerts },
    );
  };
  /** Works again without a restart, and knows every lead after one. */
  const recovers = async (ids) => {
    await running.until(200);
    // Sending comes back when it is tried again.
    await waitUntil("the alert that all is well", () => alerts.at(-1).kind === "store_restored");
    const more = await accepted(3);
    await run();
    for (const id of [...ids, ...more]) assert.ok(await running.inspect(id), `${id} is lost`);
    assert.equal((await running.health()).status, 200);
  };
  return { file, folder, said, alerts, running, run, post, accepted, fails, recovers };
}

test("a full disk: no lead is acknowledged, and all is well once there is room", async (test) => {
  const disk = await smallDisk(test);
  const { accepted, fails, recovers } = await start(test, disk);
  const ids = await accepted(3);
  await disk.fill();
  await fails("SQLITE_FULL");
  await disk.free();
  await recovers(ids);
});

test("if leads fill the disk, the acknowledged ones are stored", async (test) => {
  const disk = await smallDisk(test);
  const { post, running, recovers } = await start(test, { ...disk, config: { rate: { perMinute: 1e6, burst: 1e6 } } });
  const ids = [];
  for (;;) {
    const { id, status } = await post(
      body({
        lead: { leadInformation: { firstName: "Ahmed", phone: "+201001234567" }, leadDescription: "x".repeat(20_000) },
      }),
    );
    if (status !== 202) break;
    ids.push(id);
  }
  assert.ok(ids.length, "the disk is too small");
  await running.until(503);
  assert.equal((await running.health()).cause, "SQLITE_FULL");
  await disk.grow(4_096);
  await recovers(ids);
});

test("a lock of another process: /health says so, and all is well once it ends", async (test) => {
  const { file, accepted, fails, recovers } = await start(test);
  const ids = await accepted(3);
  const other = await openFile(file);
  other.exec("BEGIN EXCLUSIVE", []);
  await fails("SQLITE_BUSY");
  other.exec("COMMIT", []);
  other.close();
  await recovers(ids);
});

test("a short lock of another process: a lead waits for its end, and what needs no file is answered meanwhile", async (test) => {
  const { file, running, post, accepted } = await start(test);
  const [id] = await accepted(1);
  const other = await openFile(file);
  other.exec("BEGIN EXCLUSIVE", []);
  const done = [];
  const note = (what) => (answer) => void done.push(`${what} ${answer.status}`);
  const lead = post().then(note("lead"));
  const health = running.health().then(note("health"));
  const preflights = Array.from({ length: 5 }, () =>
    reach(running.leads, { method: "OPTIONS", headers: { origin: ORIGIN } }).then(note("preflight")),
  );
  await Promise.all(preflights);
  assert.deepEqual(done, Array(5).fill("preflight 204"));
  other.exec("COMMIT", []);
  other.close();
  await Promise.all([lead, health]);
  assert.deepEqual(done.slice(5).sort(), ["health 200", "lead 202"]);
  assert.ok(await running.inspect(id));
});

test("a table that is broken: /health says so before a lead comes", async (test) => {
  const { file, running, accepted, fails, recovers } = await start(test);
  const ids = await accepted(1);
  const other = await openFile(file);
  other.exec("ALTER TABLE leads RENAME TO gone", []);
  await running.until(503);
  await fails("SQLITE_ERROR");
  other.exec("ALTER TABLE gone RENAME TO leads", []);
  other.close();
  await recovers(ids);
});

test("a damaged file: /health says so, no lead is acknowledged, and one that cannot be read is not served", async (test) => {
  const { file, running, run, accepted, post } = await start(test);
  await accepted(40);
  await running.close();
  const store = await openFile(file);
  const [[page]] = store.exec("SELECT rootpage FROM sqlite_master WHERE name = 'leads'", []);
  store.close();
  const damage = async (pages) => {
    const handle = await open(file, "r+");
    for (const page of pages) await handle.write(Buffer.alloc(4_096, 0x5a), 0, 4_096, (page - 1) * 4_096);
    await handle.close();
  };
  await damage([page]);
  await run();
  const { status, cause } = await running.health();
  assert.deepEqual([status, cause], [503, "SQLITE_CORRUPT"]);
  assert.equal((await post()).status, 503);
  await running.close();
  await damage(Array.from({ length: 8 }, (_, index) => index + 2));
  await assert.rejects(run(), {
    name: "ConfigurationError",
    message: `the outbox's file ${file} cannot be opened: SQLITE_CORRUPT`,
  });
});

for (const [how, vanish] of [
  ["removed", (file) => rm(file)],
  ["moved away", (file) => rename(file, `${file}.old`)],
  ["cut to nothing", (file) => truncate(file)],
  ["removed with its journal", async (file) => Promise.all(["", "-wal", "-shm"].map((end) => rm(file + end)))],
  ["left without its journal", (file) => rm(`${file}-wal`)],
]) {
  test(`a file that is ${how} while in use: acknowledged leads are stored after a restart`, async (test) => {
    const { file, folder, said, running, run, post, accepted } = await start(test);
    const ids = await accepted(10);
    await vanish(file);
    // A server that finds it gone may refuse one lead or more, but acknowledges none that would be lost.
    await waitUntil("leads that are acknowledged again", async () => {
      const { id, status } = await post();
      if (status === 202) ids.push(id);
      return ids.length > 15;
    });
    assert.match(said.join("\n"), /was removed while in use/);
    assert.equal((await running.health()).status, 200);
    await run();
    for (const id of ids) assert.ok(await running.inspect(id), `${id} is lost`);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith(".restoring")),
      [],
    );
  });
}

test("if the file is replaced while in use, nothing is acknowledged, and a copy has the earlier leads", async (test) => {
  const { file, folder, running, run, accepted, fails } = await start(test);
  const before = await accepted(2);
  const backup = join(folder, "backup.sqlite");
  const store = await openFile(file);
  store.exec("VACUUM INTO ?", [backup]);
  store.close();
  const ids = await accepted(5);
  const copy = `${backup}.copy`;
  await copyFile(backup, copy);
  await rename(copy, file);
  await fails("file_replaced");
  await running.until(503);
  const [saved] = (await readdir(folder)).filter((name) => /^outbox\.sqlite\.replaced-\d+$/.test(name));
  assert.equal((await stat(join(folder, saved))).mode & 0o777, 0o600);
  const rescued = await openFile(join(folder, saved));
  const known = rescued.exec("SELECT id FROM leads", []).map(([id]) => id);
  rescued.close();
  assert.deepEqual(
    [...before, ...ids].filter((id) => !known.includes(id)),
    [],
  );
  await rm(`${file}-wal`, { force: true });
  await rm(`${file}-shm`, { force: true });
  await run();
  assert.equal((await running.health()).status, 200);
});

test("control: a store that does not look for its file acknowledges leads that are lost", async (test) => {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-store-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "outbox.sqlite");
  const store = await openFile(file);
  store.exec("CREATE TABLE leads (id TEXT)", []);
  await rm(file);
  // Outside of a transaction nothing is looked for.
  store.exec("INSERT INTO leads VALUES ('a')", []);
  store.close();
  const again = await openFile(file);
  assert.throws(() => again.exec("SELECT * FROM leads", []), { code: "SQLITE_ERROR" });
  again.close();
});
