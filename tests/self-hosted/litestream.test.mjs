// The recipe for Litestream: the outbox is lost with its machine, and restored from the copy.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startSandbox } from "../../tools/sandbox.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { EXAMPLE, folderOf, ids, installForwarder, start, submit } from "./support/forwarder.mjs";

const { resolve } = createRequire(import.meta.url);
const PROGRAM = join(resolve("@flydotio/litestream-linux-x64/package.json"), "../litestream");
const CONFIG = join(EXAMPLE, "litestream.yml");

test("leads that were not sent survive the loss of the machine, and reach the CRM once", async (test) => {
  const sandbox = await startSandbox(test);
  const folder = await folderOf(test);
  const forwarder = await installForwarder(test, sandbox, folder);
  const env = { PATH: process.env.PATH, OUTBOX: forwarder.outbox, REPLICA: `file://${folder}/replica` };
  const first = await forwarder.run();
  const litestream = await start(test, PROGRAM, ["replicate", "-config", CONFIG], { env });
  // By it the forwarder learns how the CRM lists leads.
  assert.equal((await submit(forwarder.url, "a-first-lead")).status, 202);
  await waitUntil("the first lead", async () => (await ids(sandbox)).length === 1);
  await sandbox.faults([{ method: "POST", path: "/leads", action: { kind: "status", status: 503 } }]);
  const expected = Array.from({ length: 15 }, (_, index) => `before-loss-${String(index).padStart(2, "0")}`);
  for (const id of expected) assert.equal((await submit(forwarder.url, id)).status, 202);

  const copy = join(folder, "copy.sqlite");
  const restore = async () => {
    await Promise.all(["", "-wal", "-shm"].map((end) => rm(copy + end, { force: true })));
    await promisify(execFile)(PROGRAM, ["restore", "-config", CONFIG, "-o", copy, forwarder.outbox], { env });
  };
  const hasAll = async () => {
    await restore().catch(() => {});
    const { default: Database } = await import("better-sqlite3");
    try {
      const database = new Database(copy, { readonly: true });
      const { count } = database.prepare("SELECT count(*) AS count FROM leads").get();
      database.close();
      return count === expected.length + 1;
    } catch {
      return false;
    }
  };
  await waitUntil("the copy of all leads", hasAll, { intervalMs: 500, describe: async () => litestream.output() });
  await first.stop("SIGKILL");
  await litestream.stop("SIGKILL");
  await Promise.all(["", "-wal", "-shm"].map((end) => rm(forwarder.outbox + end, { force: true })));
  await rename(copy, forwarder.outbox);
  await sandbox.faults([]);
  await sandbox.forget();
  await forwarder.run({ RESTORED: "1" });
  await waitUntil("all leads", async () => (await ids(sandbox)).length > expected.length, {
    describe: () => forwarder.states(),
  });
  assert.deepEqual(await ids(sandbox), ["a-first-lead", ...expected]);
  // Each was looked up first: it may have been sent after the copy was made.
  const requests = (await sandbox.requests()).map(({ method }) => method);
  assert.ok(requests.indexOf("GET") < requests.indexOf("POST"), requests.join());
});
