import { nullProto } from "../base/null-proto.js";
import type { Submission } from "./submission.js";

const DATABASE = "icloud-ready-lead-form";
const STORE = "submissions";

/** A browser that does not open the database within this time is treated as refusing it. */
const OPEN_TIMEOUT_MS = 3_000;

/** Stores a lead. Returns whether that succeeded. */
export async function storeLead(submission: Submission): Promise<boolean> {
  try {
    await runTransaction("readwrite", (store) => store.put(submission));
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a database may exist: checked before reading, which creates one in WebKit. Not checked in a page with an
 * opaque origin, which has none: Chromium causes an unhandled rejection there that the page cannot catch.
 */
export const databaseMayExist = async (name = DATABASE): Promise<boolean> =>
  origin !== "null" && ((await indexedDB.databases?.())?.some((database) => database.name === name) ?? true);

/** The key range of all leads for an endpoint. */
export const keyRange = (key: string): IDBKeyRange => IDBKeyRange.bound([key], [key, []]);

/**
 * Opens the database for each transaction: the browser can close one that is left open, and it prevents a page from
 * deleting it. Rejects with `undefined` if the browser does not respond.
 */
export function runTransaction<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
  name = DATABASE,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(), OPEN_TIMEOUT_MS);
    // Without a version: a later release may have upgraded it.
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => {
      if (mode === "readonly") opening.transaction?.abort();
      else opening.result.createObjectStore(STORE, nullProto({ keyPath: ["key", "id"] }));
    };
    opening.onerror = reject;
    opening.onsuccess = () => {
      const database = opening.result;
      try {
        // Strict: a power loss does not undo a completed transaction.
        const transaction = database.transaction(STORE, mode, nullProto({ durability: "strict" as const }));
        const request = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => {
          clearTimeout(timer);
          database.close();
          resolve(request.result);
        };
        transaction.onabort = () => {
          database.close();
          reject(transaction.error);
        };
      } catch (error) {
        database.close();
        reject(error);
      }
    };
  });
}
