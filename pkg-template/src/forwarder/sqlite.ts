import { failure } from "../errors.js";
import type { Store, Value } from "./inbox.js";

/** A store in a SQLite file. */
export interface FileStore extends Store {
  close(): void;
}

/** A database as one of the drivers gives it, made alike. */
interface Database {
  run(sql: string): void;
  rows(sql: string, params: Value[]): Value[][];
  close(): void;
}

/**
 * Opens a file, readable by its owner alone; what is written to it is on the disk before the write
 * is over.
 *
 * @throws {ConfigurationError} where the runtime has no driver.
 */
export async function openFile(file: string): Promise<FileStore> {
  const { open } = await import("node:fs/promises");
  const handle = await open(file, "a", 0o600);
  await handle.chmod(0o600);
  await handle.close();
  const database = await opened(file);
  for (const pragma of ["busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL"]) database.rows(`PRAGMA ${pragma}`, []);
  return {
    exec: (sql, params) => database.rows(sql, params),
    transaction(steps) {
      database.run("BEGIN IMMEDIATE");
      try {
        const result = steps();
        database.run("COMMIT");
        return result;
      } catch (error) {
        // Some errors have ended the transaction already.
        try {
          database.run("ROLLBACK");
        } catch {
          // Then there is nothing to take back.
        }
        throw error;
      }
    },
    close: () => database.close(),
  };
}

async function opened(file: string): Promise<Database> {
  for (const [driver, open] of DRIVERS) {
    const module = await loaded(driver);
    if (module) return open(module, file);
  }
  throw failure("configuration", "SQLite is missing: use Node.js 22.13 or later, Bun or Deno, or install better-sqlite3");
}

async function loaded(name: string): Promise<any> {
  try {
    // Not a literal: no bundler should look for the drivers of other runtimes.
    return await import(name);
  } catch {
    return undefined;
  }
}

/** The drivers, the runtime's own first. */
const DRIVERS: [string, (module: any, file: string) => Database][] = [
  [
    "bun:sqlite",
    ({ Database }, file) => {
      const database = new Database(file);
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
    ({ DatabaseSync }, file) => {
      const database = new DatabaseSync(file);
      const prepared = statements((sql) => {
        const statement = database.prepare(sql);
        statement.setReturnArrays?.(true);
        return statement;
      });
      const values = (row: object) => (Array.isArray(row) ? row : Object.values(row));
      return {
        run: (sql) => database.exec(sql),
        rows: (sql, params) => prepared(sql).all(...params).map(values),
        close: () => database.close(),
      };
    },
  ],
  [
    "better-sqlite3",
    ({ default: Database }, file) => {
      const database = new Database(file);
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
