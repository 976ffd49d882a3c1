// What happens to the outbox's file: a full disk, a lock, a broken table, a damaged page, a file that is removed or
// replaced.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, open, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { smallDisk } from "./support/disk.mjs";
import { captureLog } from "./support/log.mjs";
import { CONFIG, adminClient, sourcesOf } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, ORIGIN, postJson, reach } from "./support/requests.mjs";
import { deliver, SENDERS, SOURCES } from "./support/senders.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));
const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

/** Advances the time. */
function clock(test) {
  const now = performance.now.bind(performance);
  let ahead = 0;
  test.mock.method(performance, "now", () => now() + ahead);
  return (milliseconds) => (ahead += milliseconds);
}

/** SQLite itself reports that these small disks are full. */
const UNGUARDED = { freeDisk: 0 };

/** The CRM is unreachable, so that stored leads remain. */
async function start(test, { folder, config = {} } = {}) {
  folder ??= await mkdtemp(join(tmpdir(), "icloud-ready-store-"));
  const file = join(folder, "outbox.sqlite");
  const logged = captureLog(test);
  const alerts = [];
  const running = { close: async () => {} };
  const run = async () => {
    await running.close();
    const { url, close } = await serve({ ...CONFIG, ...config, onAlert: (alert) => alerts.push(alert), file, port: 0 });
    const client = adminClient(url, {});
    const health = async (headers = { authorization: `Bearer ${CONFIG.adminToken}` }) => {
      const response = await reach(`${url}/health`, { headers });
      return { status: response.status, ...(await response.json()) };
    };
    const metrics = async () => {
      const headers = { authorization: `Bearer ${CONFIG.adminToken}` };
      return (await reach(`${url}/admin/metrics`, { headers })).text();
    };
    // The result of a check is cached for five seconds.
    const until = (wanted) =>
      waitUntil(`the status ${wanted} of /health`, async () => (await health()).status === wanted);
    return Object.assign(running, client, { close, health, metrics, until });
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
  /** Fails, and reports why: to pages, on the console, in /health, by an alert. */
  const fails = async (cause) => {
    assert.equal((await post()).status, 503);
    const health = await running.health();
    assert.deepEqual([health.status, health.ok, health.cause], [503, false, cause]);
    assert.deepEqual(await running.health({}), { status: 503, ok: false });
    assert.ok(
      logged.some((line) => line.startsWith("error outbox_unavailable") && line.includes(`"cause":"${cause}"`)),
      logged.join("\n"),
    );
    await waitUntil(
      `the alert store_failed with ${cause}`,
      () => alerts.some((alert) => alert.kind === "store_failed" && alert.cause === cause),
      { describe: async () => alerts },
    );
  };
  /** Works again without a restart, and has every lead after one. */
  const recovers = async (ids) => {
    await running.until(200);
    // Sending recovers at the next attempt.
    await waitUntil(
      "the alert that all is well",
      () => alerts.findLast(({ kind }) => kind.startsWith("store_"))?.kind === "store_restored",
      { describe: async () => alerts },
    );
    const more = await accepted(3);
    await run();
    for (const id of [...ids, ...more]) assert.ok(await running.inspect(id), `${id} is lost`);
    assert.equal((await running.health()).status, 200);
  };
  return { file, folder, logged, alerts, running, run, post, accepted, fails, recovers };
}

test("a full disk: no lead is acknowledged, and the forwarder recovers once there is space", async (test) => {
  const disk = await smallDisk(test);
  const { accepted, fails, recovers } = await start(test, { ...disk, config: { capacity: UNGUARDED } });
  const ids = await accepted(3);
  await disk.fill();
  await fails("SQLITE_FULL");
  await disk.free();
  await recovers(ids);
});

test("if leads fill the disk, the acknowledged ones are stored", async (test) => {
  const disk = await smallDisk(test);
  const { post, running, recovers } = await start(test, {
    ...disk,
    config: { capacity: UNGUARDED, rate: { perMinute: 1e6, burst: 1e6 } },
  });
  const ids = [];
  const large = {
    leadInformation: { firstName: "Ahmed", phone: "+201001234567" },
    leadDescription: "x".repeat(20_000),
  };
  // A refused lead alone does not prove that the disk is full: a checkpoint or a smaller write can still succeed.
  await waitUntil("a disk so full that /health reports it", async () => {
    const { id, status } = await post(body({ lead: large }));
    if (status === 202) ids.push(id);
    return status !== 202 && (await running.health()).cause === "SQLITE_FULL";
  });
  assert.ok(ids.length, "the disk is too small");
  await disk.grow(4_096);
  await recovers(ids);
});

test("a disk that is nearly full: new leads are refused, known ones acknowledged, and leads are still sent", async (test) => {
  const pass = clock(test);
  const disk = await smallDisk(test, 8_192);
  const sources = await sourcesOf(SOURCES);
  const config = { capacity: { freeDisk: 2_000_000 }, sources };
  const { running, accepted, post, fails, recovers } = await start(test, { ...disk, config });
  const ids = await accepted(3);
  const status = async (events) => (await deliver(running.leads, "meta", SENDERS.meta(events))).status;
  assert.equal(await status(["444444444444", "555555555555"]), 200);
  await disk.fillUpTo(1_000_000);
  pass(6_000);
  await fails("disk_low");
  assert.equal((await post(body({ submissionId: ids[0] }))).status, 202);
  assert.equal(await status(["555555555555", "444444444444"]), 200);
  assert.equal(await status(["444444444444", "666666666666"]), 503);
  const metrics = await running.metrics();
  // The lead and the delivery.
  assert.match(metrics, /^icloud_ready_leads_refused_total\{limit="disk"\} 2$/m);
  assert.match(metrics, /^icloud_ready_free_disk_bytes \d{6,7}$/m);
  await disk.free();
  pass(6_000);
  await recovers(ids);
});

test("a lock of another process: /health reports it, and the forwarder recovers once it ends", async (test) => {
  const { file, accepted, fails, recovers } = await start(test);
  const ids = await accepted(3);
  const other = await openFile(file);
  other.exec("BEGIN EXCLUSIVE", []);
  await fails("SQLITE_BUSY");
  other.exec("COMMIT", []);
  other.close();
  await recovers(ids);
});

test("a short lock of another process delays a lead, but not responses that need no file", async (test) => {
  const { file, running, post, accepted } = await start(test);
  const [id] = await accepted(1);
  const other = await openFile(file);
  other.exec("BEGIN EXCLUSIVE", []);
  const done = [];
  const note = (what) => (response) => void done.push(`${what} ${response.status}`);
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

test("a broken table: /health reports it before a lead arrives", async (test) => {
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

test("a damaged file: /health reports it, no lead is acknowledged, and an unreadable file is not served", async (test) => {
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
    const { file, folder, logged, running, run, post, accepted } = await start(test);
    const ids = await accepted(10);
    await vanish(file);
    // A server that finds the file missing may reject leads, but acknowledges none that would be lost.
    await waitUntil("acknowledgements after the failure", async () => {
      const { id, status } = await post();
      if (status === 202) ids.push(id);
      return ids.length > 15;
    });
    assert.match(logged.join("\n"), /was removed while in use/);
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

test("control: a store that does not check its file acknowledges leads that are lost", async (test) => {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-store-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "outbox.sqlite");
  const store = await openFile(file);
  store.exec("CREATE TABLE leads (id TEXT)", []);
  await rm(file);
  // Outside of a transaction nothing is checked.
  store.exec("INSERT INTO leads VALUES ('a')", []);
  store.close();
  const again = await openFile(file);
  assert.throws(() => again.exec("SELECT * FROM leads", []), { code: "SQLITE_ERROR" });
  again.close();
});
