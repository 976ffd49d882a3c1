// The outbox's file: of this version, of an earlier one, of a later one, and of another program.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { arrived, crm } from "./support/crm.mjs";
import { CONFIG } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, postJson } from "./support/requests.mjs";

const { serve } = await import(join(packageFolder, "runtime/forwarder/node.js"));

/** The leads that each earlier version's store still has to send. */
const EARLIER = {
  1: [0, 1, 2, 3, 4],
  2: [0, 1, 2, 3, 4],
  3: [0, 1, 2, 3, 4, 8, 9, 11, 12, 13],
  4: [0, 1, 2, 3, 4, 8, 9, 11, 12, 13],
  5: [0, 1, 2, 3, 4, 8, 9, 11, 12, 13],
};

/** A file created with these statements, and the fields of its header. */
async function database(test, sql) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-schema-"));
  test.after(() => rm(folder, { recursive: true, maxRetries: 5 }));
  const file = join(folder, "outbox.sqlite");
  if (sql !== undefined) {
    const { default: Database } = await import("better-sqlite3").catch(() => ({}));
    const { DatabaseSync } = Database ? {} : await import("node:sqlite");
    const created = Database ? new Database(file) : new DatabaseSync(file);
    created.exec(sql);
    created.close();
  }
  const header = async (offset) => (await readFile(file)).readUInt32BE(offset);
  return { file, version: () => header(60), application: () => header(68) };
}

const serving = (file, config = {}) => serve({ ...CONFIG, ...config, file, port: 0 });

test("a new file has its application id and version, and opens again", async (test) => {
  const { file, version, application } = await database(test);
  for (let time = 0; time < 2; time++) {
    const { close } = await serving(file);
    await close();
    assert.equal(await application(), 0x4943524c);
    assert.ok((await version()) >= 2, `${await version()}`);
  }
});

for (const [earlierVersion, numbers] of Object.entries(EARLIER)) {
  test(`a file of version ${earlierVersion} opens, drains, and has its application id and version`, async (test) => {
    const sandbox = await crm(test);
    const text = await readFile(new URL(`../fixtures/outbox-${earlierVersion}.sql`, import.meta.url), "utf8");
    // Its times, as if it had been written just now.
    const earlier = text.replaceAll(/\b19\d{11}\b/g, (time) => Number(time) - 1_900_094_400_000 + Date.now());
    const { file, application } = await database(test, earlier);
    const { url, close } = await serving(file, { ...sandbox.config, reconcileDelays: [10, 20] });
    test.after(close);
    await arrived(
      sandbox,
      numbers.map((number) => `submission-${String(number).padStart(5, "0")}`),
    );
    assert.equal((await postJson(`${url}/leads`, body())).status, 202);
    assert.equal(await application(), 0x4943524c);
  });
}

for (const [name, sql, logged] of [
  [
    "another program's tables",
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customers VALUES (1, 'Mona')",
    /another program/,
  ],
  [
    "another program's tables with our names",
    "CREATE TABLE leads (id INTEGER, name TEXT); CREATE TABLE facts (id INTEGER)",
    /another program/,
  ],
  [
    "another application_id",
    "PRAGMA application_id = 1196444487; CREATE TABLE gpkg_contents (id INTEGER)",
    /another program/,
  ],
  ["another application_id and no tables", "PRAGMA application_id = 7; PRAGMA user_version = 1", /another program/],
  ["a later user_version", "PRAGMA application_id = 1229148748; PRAGMA user_version = 4000", /later version/],
  [
    "a later version of the tables",
    "PRAGMA application_id = 1229148748; CREATE TABLE facts (name TEXT PRIMARY KEY, value); INSERT INTO facts VALUES ('schema', 4000)",
    /later version/,
  ],
]) {
  test(`a file with ${name} is rejected and not changed`, async (test) => {
    for (const mode of ["DELETE", "WAL"]) {
      const { file } = await database(test, `PRAGMA journal_mode = ${mode}; ${sql}`);
      const before = await readFile(file);
      await assert.rejects(serving(file), (error) => {
        assert.equal(error.name, "ConfigurationError");
        assert.match(error.message, logged);
        return true;
      });
      assert.deepEqual(await readFile(file), before);
    }
  });
}

test("a file that is not a database is rejected and not changed", async (test) => {
  const { file } = await database(test);
  for (const text of ["no database", "x".repeat(10_000)]) {
    await writeFile(file, text);
    await assert.rejects(serving(file), { name: "ConfigurationError", message: /not a SQLite database/ });
    assert.equal(await readFile(file, "utf8"), text);
  }
});
