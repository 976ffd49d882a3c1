import type { Value } from "../outbox/contract.js";
import { logWarning } from "../outbox/log.js";
import { StoreError } from "../outbox/store-errors.js";

/** A database as one of the drivers gives it, made alike. */
export interface Database {
  run(sql: string): void;
  rows(sql: string, params: Value[]): Value[][];
  /** The bytes of a file that holds all of it. */
  serialize?: (() => Uint8Array) | undefined;
  close(): void;
}

/** What is used of `node:fs`. */
export type FileSystem = typeof import("node:fs");

/** How long after an attempt to restore a file the next one waits, in milliseconds. */
const RESTORE_INTERVAL_MS = 1_000;

/** What SQLite keeps beside the file while it is open. What was committed last is in the first alone. */
const JOURNALS = ["-wal", "-shm"];

/**
 * An open database whose file may be removed or replaced by someone else. The system keeps an open file that has no
 * name any more, and SQLite writes to it as before, but the next process does not find it. So before a transaction
 * begins, and before it is reported as done, the names are compared with what was opened: a file that is gone is
 * written anew from the open one, and one that was replaced is left alone, with a copy of the open one beside it.
 */
export class GuardedFile {
  readonly #file: string;
  readonly #fs: FileSystem;
  readonly #open: () => Database;
  #database: Database;
  #known: string | undefined;
  #journals: string[] = [];
  #triedAt = -Infinity;
  #isCopied = false;
  /** Set where the old file is closed and the new one not open yet. */
  #isClosed = false;

  constructor(file: string, fs: FileSystem, open: () => Database) {
    this.#file = file;
    this.#fs = fs;
    this.#open = open;
    this.#database = open();
    this.#known = this.#identity("");
  }

  get database(): Database {
    return this.#database;
  }

  /**
   * Sees to it that what is committed, or was just committed, is found by the next process.
   *
   * @throws {StoreError} where it would not be.
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
    logWarning(
      `the outbox's file ${found === undefined ? "" : "or its journal "}was removed while in use; it is restored, and no lead is lost`,
    );
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#database.close();
  }

  /** What a name stands for; a file that was cut to nothing counts as missing. */
  #identity(end: string): string | undefined {
    try {
      const stats = this.#fs.statSync(this.#file + end, { throwIfNoEntry: false });
      if (!stats || (end === "" && stats.size === 0)) return undefined;
      return `${stats.dev}:${stats.ino}`;
    } catch {
      // It may not be looked at: Deno, for one, may have leave for the file alone.
      return end === "" ? this.#known : undefined;
    }
  }

  /** They come with the first statement, and stay while the file is open. */
  #haveJournalsChanged(): boolean {
    const found = JOURNALS.map((end) => this.#identity(end) ?? "");
    const isChanged = this.#journals.some((known, index) => known !== "" && known !== found[index]);
    if (!isChanged) this.#journals = found;
    return isChanged;
  }

  /** Writes a file that is gone anew, from the open one. */
  #writeAnew(): void {
    const copy = `${this.#file}.restoring`;
    this.#fs.rmSync(copy, { force: true });
    this.#copyTo(copy);
    this.#isClosed = true;
    this.#database.close();
    // Those of the old file would be taken for the new one's.
    for (const end of JOURNALS) this.#fs.rmSync(this.#file + end, { force: true });
    this.#fs.renameSync(copy, this.#file);
    this.#sync(this.#file.replace(/[^/\\]*$/, "") || ".", "r");
    this.#openAnew();
  }

  /** Puts what the lost journal held into the file, and begins another one. */
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

  /** Saves what is in the open file beside the one that took its place. */
  #copyAside(): void {
    const copy = `${this.#file}.replaced-${Date.now()}`;
    try {
      this.#copyTo(copy);
      this.#isCopied = true;
      logWarning(
        `the outbox's file was replaced while in use, so no lead is taken or sent; its leads are saved in ${copy}; restart to go on`,
      );
    } catch {
      logWarning(
        "the outbox's file was replaced while in use, so no lead is taken or sent, and its leads could not be saved beside it",
      );
    }
  }

  #copyTo(copy: string): void {
    // Created here, so that only the owner can read it.
    this.#fs.closeSync(this.#fs.openSync(copy, "wx", 0o600));
    try {
      this.#database.rows("VACUUM INTO ?", [copy]);
    } catch (error) {
      // Deno has no leave for that, unless it has leave for every file.
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
