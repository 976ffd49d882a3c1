import { createError } from "../../base/errors.js";
import { type Database, GuardedFile } from "./guarded-file.js";
import type { Store } from "../outbox/contract.js";
import type { Cleanable } from "../outbox/secure-delete.js";
import { consoleLog } from "../outbox/log.js";
import { withCode } from "../outbox/store-errors.js";

/** A store in a SQLite file. */
export interface FileStore extends Omit<Store, keyof Cleanable>, Cleanable {
  /** Sets `user_version` to the version of the tables, for other programs. */
  stamp(version: number): void;
  close(): void;
}

/** How this package's database files are recognized. */
export interface FileIdentity {
  /** The latest supported version of the tables. */
  version: number;
  /** Throws an error with the message `newer` or `foreign`. */
  check(store: Pick<Store, "exec">): void;
}

/** `ICRL`, by which programs such as `file` recognize an outbox. */
const APPLICATION_ID = 0x4943524c;

/** The header of a SQLite file. */
const MAGIC = "SQLite format 3\0";

/**
 * Opens a file, readable only by its owner; every commit is durable before it returns.
 *
 * @throws {ConfigurationError} if the runtime has no driver, or for a file of another program or of a later version,
 * which is not modified.
 */
export async function openFile(file: string, identity?: FileIdentity, log = consoleLog): Promise<FileStore> {
  const { open } = await import("node:fs/promises");
  if (identity) await check(file, identity);
  const handle = await open(file, "a", 0o600);
  await handle.chmod(0o600);
  await handle.close();
  const openDatabase = await driver();
  const openGuarded = () => {
    const database = openDatabase(file, false);
    const pragma = (text: string) => database.rows(`PRAGMA ${text}`, [])[0]?.[0];
    pragma("busy_timeout = 2000");
    // Written only once: a server that starts with a full disk reports it in `/health`.
    if (Number(pragma("application_id")) !== APPLICATION_ID) pragma(`application_id = ${APPLICATION_ID}`);
    pragma("journal_mode = WAL");
    pragma("synchronous = FULL");
    // Half a megabyte: a journal of SQLite's default size can fill a small disk.
    pragma("wal_autocheckpoint = 128");
    pragma("secure_delete = ON");
    // From here on a locked file is retried later: waiting in SQLite would block every request.
    pragma("busy_timeout = 0");
    return database;
  };
  const guard = new GuardedFile(file, await import("node:fs"), openGuarded, log);
  const roll =
    (end: "COMMIT" | "ROLLBACK") =>
    <T>(steps: () => T): T => {
      guard.ensure();
      const { database } = guard;
      database.run("BEGIN IMMEDIATE");
      let result: T;
      try {
        result = steps();
        database.run(end);
      } catch (error) {
        // Some errors roll back the transaction automatically.
        try {
          database.run("ROLLBACK");
        } catch {
          // The transaction has already ended.
        }
        throw error;
      }
      guard.ensure();
      return result;
    };
  return {
    exec: (sql, params) => guard.database.rows(sql, params),
    stamp: (version) => void guard.database.rows(`PRAGMA user_version = ${version}`, []),
    transaction: roll("COMMIT"),
    dryRun: roll("ROLLBACK"),
    vacuum() {
      guard.ensure();
      guard.database.run("VACUUM");
    },
    truncateJournal: () => guard.database.rows("PRAGMA wal_checkpoint(TRUNCATE)", [])[0]?.[0] === 0,
    close: () => guard.close(),
  };
}

/** @throws {ConfigurationError} for a file that is not an outbox of this version or an earlier one. */
async function check(file: string, { version, check }: FileIdentity): Promise<void> {
  const { open } = await import("node:fs/promises");
  const handle = await open(file, "r").catch((error: { code?: string }) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (!handle) return;
  const { bytesRead, buffer } = await handle.read(new Uint8Array(MAGIC.length), 0, MAGIC.length, 0);
  await handle.close();
  if (!bytesRead) return;
  if (new TextDecoder("latin1").decode(buffer.subarray(0, bytesRead)) !== MAGIC)
    throw refused(file, "is not a SQLite database");
  const database = (await driver())(file, true);
  try {
    database.rows("PRAGMA busy_timeout = 5000", []);
    const pragma = (name: string) => Number(database.rows(`PRAGMA ${name}`, [])[0]?.[0]);
    const id = pragma("application_id");
    if (id !== 0 && id !== APPLICATION_ID) throw new Error("foreign");
    if (id === APPLICATION_ID && pragma("user_version") > version) throw new Error("newer");
    check({ exec: (sql, params) => database.rows(sql, params) });
  } catch (error) {
    const { message } = error as Error;
    if (message === "foreign")
      throw refused(file, "is a database of another program: give the outbox a file of its own");
    if (message === "newer")
      throw refused(file, "was written by a later version of icloud-ready: install that version or a later one");
    throw error;
  } finally {
    database.close();
  }
}

function refused(file: string, problem: string): Error {
  return createError("configuration", `the outbox's file ${file} ${problem}`);
}

type Open = (file: string, readOnly: boolean) => Database;

/** Opens databases with the runtime's driver; errors have SQLite's codes. */
async function driver(): Promise<Open> {
  for (const [name, open] of DRIVERS) {
    const module = await loaded(name);
    if (module) return (file, readOnly) => withCodedErrors(withSqliteCodes(() => open(module, file, readOnly)));
  }
  throw createError(
    "configuration",
    "SQLite is missing: use Node.js 22.13 or later, Bun or Deno, or install better-sqlite3",
  );
}

function withCodedErrors({ run, rows, serialize, close }: Database): Database {
  return {
    serialize,
    run: (sql) => withSqliteCodes(() => run(sql)),
    rows: (sql, params) => withSqliteCodes(() => rows(sql, params)),
    close: () => withSqliteCodes(close),
  };
}

function withSqliteCodes<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw withCode(error);
  }
}

async function loaded(name: string): Promise<any> {
  try {
    // Not a literal, so that bundlers do not resolve the drivers of other runtimes.
    return await import(name);
  } catch {
    return undefined;
  }
}

/** The drivers, the runtime's own first. */
const DRIVERS: [string, (module: any, file: string, readOnly: boolean) => Database][] = [
  [
    "bun:sqlite",
    ({ Database }, file, readOnly) => {
      const database = readOnly ? new Database(file, { readonly: true }) : new Database(file);
      const prepared = statements((sql) => database.query(sql));
      return {
        run: (sql) => database.run(sql),
        rows: (sql, params) => prepared(sql).values(...params) ?? [],
        close: () => database.close(),
      };
    },
  ],
  [
    "node:sqlite",
    ({ DatabaseSync }, file, readOnly) => {
      const database = new DatabaseSync(file, { readOnly });
      const prepared = statements((sql) => {
        const statement = database.prepare(sql);
        statement.setReturnArrays?.(true);
        return statement;
      });
      const values = (row: object) => (Array.isArray(row) ? row : Object.values(row));
      return {
        run: (sql) => database.exec(sql),
        rows: (sql, params) =>
          prepared(sql)
            .all(...params)
            .map(values),
        serialize: database.serialize && (() => database.serialize()),
        close: () => database.close(),
      };
    },
  ],
  [
    "better-sqlite3",
    ({ default: Database }, file, readOnly) => {
      const database = new Database(file, { readonly: readOnly });
      const prepared = statements((sql) => {
        const statement = database.prepare(sql);
        return statement.reader ? statement.raw() : statement;
      });
      return {
        run: (sql) => database.exec(sql),
        rows(sql, params) {
          const statement = prepared(sql);
          if (statement.reader) return statement.all(...params);
          statement.run(...params);
          return [];
        },
        close: () => database.close(),
      };
    },
  ],
];

/** Prepares each statement once. */
function statements(prepare: (sql: string) => any): (sql: string) => any {
  const known = new Map<string, any>();
  return (sql) => {
    const statement = known.get(sql) ?? prepare(sql);
    known.set(sql, statement);
    return statement;
  };
}
