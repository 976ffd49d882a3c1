import type { Value } from "../outbox/contract.js";
import type { Log } from "../outbox/log.js";
import { StoreError } from "../outbox/store-errors.js";

/** A database connection, the same for all drivers. */
export interface Database {
  run(sql: string): void;
  rows(sql: string, params: Value[]): Value[][];
  /** Returns the database as the bytes of a file. */
  serialize?: (() => Uint8Array) | undefined;
  close(): void;
}

/** The module `node:fs`. */
export type FileSystem = typeof import("node:fs");

/** The minimum time between attempts to restore a file, in milliseconds. */
const RESTORE_INTERVAL_MS = 1_000;

/** The files that SQLite keeps next to an open database. The latest commits are only in the first. */
const JOURNALS = ["-wal", "-shm"];

/**
 * An open database whose file another program may remove or replace. The system keeps an unlinked file while it is
 * open, and SQLite continues to write to it, but the next process does not find it. So before a transaction begins, and
 * before it is reported as committed, the names are compared with the open files: a removed file is rewritten from the
 * open one, and a replaced one is left unchanged, with a copy of the open one next to it.
 */
export class GuardedFile {
  readonly #file: string;
  readonly #fs: FileSystem;
  readonly #open: () => Database;
  readonly #log: Log;
  #database: Database;
  #known: string | undefined;
  #journals: string[] = [];
  #triedAt = -Infinity;
  #isCopied = false;
  /** Whether the old file is closed and the new one is not open yet. */
  #isClosed = false;

  constructor(file: string, fs: FileSystem, open: () => Database, log: Log) {
    this.#file = file;
    this.#fs = fs;
    this.#open = open;
    this.#log = log;
    this.#database = open();
    this.#known = this.#identity("");
  }

  get database(): Database {
    return this.#database;
  }

  /**
   * Ensures that the next process finds all commits.
   *
   * @throws {StoreError} if it would not.
   */
  ensure(): void {
    const found = this.#identity("");
    if (found === this.#known && !this.#isClosed && !this.#haveJournalsChanged()) return;
    const now = performance.now();
    const mayTry = now - this.#triedAt >= RESTORE_INTERVAL_MS;
    if (mayTry) this.#triedAt = now;
    if (found !== undefined && found !== this.#known) {
      if (mayTry && !this.#isCopied) this.#copyAside();
      throw new StoreError("file_replaced");
    }
    if (!mayTry) throw new StoreError("file_missing");
    try {
      if (found === undefined && !this.#isClosed) this.#writeAnew();
      else this.#reopen();
    } catch {
      throw new StoreError("file_missing");
    }
    this.#triedAt = -Infinity;
    this.#log(
      "file_restored",
      `the outbox's file ${found === undefined ? "" : "or its journal "}was removed while in use; it is restored, and no lead is lost`,
    );
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#database.close();
  }

  /** The identity of the file with a name; a file truncated to zero bytes counts as missing. */
  #identity(end: string): string | undefined {
    try {
      const stats = this.#fs.statSync(this.#file + end, { throwIfNoEntry: false });
      if (!stats || (end === "" && stats.size === 0)) return undefined;
      return `${stats.dev}:${stats.ino}`;
    } catch {
      // Access may be denied: Deno, for example, may have permission only for the database file.
      return end === "" ? this.#known : undefined;
    }
  }

  /** The journals are created by the first statement and exist while the file is open. */
  #haveJournalsChanged(): boolean {
    const found = JOURNALS.map((end) => this.#identity(end) ?? "");
    const isChanged = this.#journals.some((known, index) => known !== "" && known !== found[index]);
    if (!isChanged) this.#journals = found;
    return isChanged;
  }

  /** Rewrites a removed file from the open one. */
  #writeAnew(): void {
    const copy = `${this.#file}.restoring`;
    this.#fs.rmSync(copy, { force: true });
    this.#copyTo(copy);
    this.#isClosed = true;
    this.#database.close();
    // SQLite would take the old file's journals for the new one's.
    for (const end of JOURNALS) this.#fs.rmSync(this.#file + end, { force: true });
    this.#fs.renameSync(copy, this.#file);
    this.#sync(this.#file.replace(/[^/\\]*$/, "") || ".", "r");
    this.#openAnew();
  }

  /** Writes the content of the lost journal to the file, and starts a new journal. */
  #reopen(): void {
    if (!this.#isClosed) {
      const [busy] = this.#database.rows("PRAGMA wal_checkpoint(TRUNCATE)", [])[0] ?? [];
      if (busy !== 0) throw new Error("another process is reading");
      this.#isClosed = true;
      this.#database.close();
    }
    this.#openAnew();
  }

  #openAnew(): void {
    this.#database = this.#open();
    this.#isClosed = false;
    this.#known = this.#identity("");
    this.#journals = [];
  }

  /** Saves the open file next to the one that replaced it. */
  #copyAside(): void {
    const copy = `${this.#file}.replaced-${Date.now()}`;
    try {
      this.#copyTo(copy);
      this.#isCopied = true;
      this.#log(
        "file_copied",
        "the outbox's file was replaced while in use, so no lead is taken or sent; its leads are saved in a copy; restart to go on",
        { copy },
      );
    } catch {
      this.#log(
        "file_replaced",
        "the outbox's file was replaced while in use, so no lead is taken or sent, and its leads could not be saved beside it",
      );
    }
  }

  #copyTo(copy: string): void {
    // Created first, so that only the owner can read it.
    this.#fs.closeSync(this.#fs.openSync(copy, "wx", 0o600));
    try {
      this.#database.rows("VACUUM INTO ?", [copy]);
    } catch (error) {
      // Deno denies this without permission for all files.
      const bytes = this.#database.serialize?.();
      if (!bytes) throw error;
      this.#fs.writeFileSync(copy, bytes);
    }
    this.#sync(copy, "r+");
  }

  #sync(path: string, flags: string): void {
    const handle = this.#fs.openSync(path, flags);
    try {
      this.#fs.fsyncSync(handle);
    } finally {
      this.#fs.closeSync(handle);
    }
  }
}
