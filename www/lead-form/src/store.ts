import { bare } from "./bare.js";
import type { Submission } from "./submission.js";

const DATABASE = "icloud-ready-lead-form";
const STORE = "submissions";

/** A browser that does not open its database within this many milliseconds refuses it. */
const PATIENCE = 3_000;

/** Keeps a lead; gives whether it outlives the page. */
export async function store(submission: Submission): Promise<boolean> {
  try {
    await transact("readwrite", (store) => store.put(submission));
    return true;
  } catch {
    return false;
  }
}

/** Whether anything is kept, without making a database for those who never sent a lead. */
export async function isAnythingKept(key: string): Promise<boolean> {
  try {
    const databases = await indexedDB.databases();
    return databases.some(({ name }) => name === DATABASE) && (await transact<number>("readonly", (store) => store.count(rangeOf(key)))) > 0;
  } catch {
    return false;
  }
}

/** The keys of all leads for an endpoint. */
export const rangeOf = (key: string): IDBKeyRange => IDBKeyRange.bound([key], [key, []]);

/** The database is opened for each transaction: one left open can be closed by the browser. */
export function transact<Result>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE);
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore(STORE, bare({ keyPath: ["key", "id"] }));
    opening.onerror = opening.onblocked = reject;
    opening.onsuccess = () => {
      const database = opening.result;
      try {
        // Strict: once this is done a loss of power does not undo it.
        const transaction = database.transaction(STORE, mode, bare({ durability: "strict" as const }));
        const request = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => {
          clearTimeout(timer);
          database.close();
          resolve(request.result);
        };
        transaction.onabort = transaction.onerror = () => {
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
