import { databaseMayExist, keyRange, runTransaction } from "../submission/store.js";
import type { LeadOutcome, Submission } from "../submission/submission.js";
import { sleep } from "./timer.js";

/** Tombstones have a separate database: a version upgrade of the first one would block tabs of an older release. */
const TOMBSTONES = "icloud-ready-lead-form-ended";

/** How long tombstones are kept: as long as a tab with a lead in memory may be suspended. */
const TOMBSTONE_LIFETIME_MS = 31 * 86_400_000;

/**
 * The timeout of a query; after a timeout the database is not used for a while, because each query would take as long.
 */
const TIMEOUT_MS = 4_000;
export const UNRESPONSIVE_MS = 10_000;

/** How long a visitor waits for the database: then the lead is sent without it. */
const VISITOR_TIMEOUT_MS = 1_000;

/** Leads that IndexedDB did not store: they exist as long as the page. */
const memory = new Map<string, Submission>();

/** The outcomes of leads that ended while this page was open. */
const endedLeads = new Map<string, LeadOutcome>();

/** A lead as this release or an earlier one stored it. */
interface StoredSubmission extends Submission {
  readonly isAsked?: boolean;
  readonly isWrong?: boolean;
}

/** Replaces the member names of earlier releases. */
const withCurrentNames = ({ isAsked, isWrong, ...submission }: StoredSubmission): Submission => ({
  ...(isAsked && { isWaitRequested: isAsked }),
  ...(isWrong && { needsCorrection: isWrong }),
  ...submission,
});

/** Replaces a lead that must not be sent anymore, for other tabs. */
interface Tombstone {
  readonly key: string;
  readonly id: string;
  readonly at: number;
  readonly outcome: LeadOutcome;
}

let unresponsiveUntil = 0;

/** Whether the database did not respond recently: then it is unknown what is stored. */
export const isUnresponsive = (): boolean => performance.now() < unresponsiveUntil;

/**
 * The result of a query; `undefined` if it takes longer than a visitor waits: then the database is not used for a
 * while.
 */
export async function withVisitorTimeout<Result>(query: Promise<Result>): Promise<Result | undefined> {
  let isLate = true;
  const inTime = query.finally(() => (isLate = false));
  const result = await Promise.race([inTime, sleep(VISITOR_TIMEOUT_MS)]);
  if (isLate) unresponsiveUntil = performance.now() + UNRESPONSIVE_MS;
  return result;
}

/** Queries the database; rejects immediately while it is unresponsive. */
async function queryDatabase<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
  name?: string,
): Promise<Result | undefined> {
  if (isUnresponsive()) throw undefined;
  const run = async () =>
    mode === "readwrite" || (await databaseMayExist(name)) ? runTransaction<Result>(mode, work, name) : undefined;
  const timer = new Promise<never>((_, reject) => setTimeout(() => reject(), TIMEOUT_MS));
  try {
    return await Promise.race([run(), timer]);
  } catch (error) {
    if (!error) unresponsiveUntil = performance.now() + UNRESPONSIVE_MS;
    throw error;
  }
}

/** Stores a lead that has not ended, in memory if the database fails. */
export async function persistLead(submission: Submission): Promise<void> {
  const { id } = submission;
  if (endedLeads.has(id)) return;
  memory.set(id, submission);
  try {
    await queryDatabase("readwrite", (store) => store.put(submission));
    // A newer copy may have been added meanwhile.
    if (memory.get(id) === submission) memory.delete(id);
  } catch {
    // It stays in memory.
  }
}

/** Keeps a lead in memory, whether or not the database stores it. */
export const holdInMemory = (submission: Submission): void => void memory.set(submission.id, submission);

/** Whether a lead is lost when the page is closed. */
export const isInMemory = (id: string): boolean => memory.has(id);

/** The stored lead; `undefined` if it does not exist or the database fails. */
export async function findLead(key: string, id: string): Promise<Submission | undefined> {
  const inPage = memory.get(id);
  if (inPage) return inPage;
  const stored = await queryDatabase<StoredSubmission>("readonly", (store) => store.get([key, id])).catch(
    () => undefined,
  );
  return stored && withCurrentNames(stored);
}

/** All stored leads of a queue. */
export async function listLeads(key: string): Promise<Submission[]> {
  const stored = await queryDatabase<StoredSubmission[]>("readonly", (store) => store.getAll(keyRange(key))).catch(
    () => undefined,
  );
  return [...(stored ?? []).filter(({ id }) => !memory.has(id)).map(withCurrentNames), ...inMemory(key)];
}

/** The leads that are lost when the page is closed. */
export function inMemory(key: string): Submission[] {
  return [...memory.values()].filter((submission) => submission.key === key);
}

/** How a lead ended, in this tab or another; `undefined` while it is pending. */
export async function outcomeOf(key: string, id: string): Promise<LeadOutcome | undefined> {
  const here = endedLeads.get(id);
  if (here) return here;
  const tombstone = await queryDatabase<Tombstone>("readonly", (store) => store.get([key, id]), TOMBSTONES).catch(
    () => undefined,
  );
  return tombstone?.outcome;
}

/** Stores how a lead ended, then removes it: a record that disappears without a tombstone was not delivered. */
export async function endLead({ key, id }: Pick<Submission, "key" | "id">, outcome: LeadOutcome): Promise<void> {
  endedLeads.set(id, outcome);
  memory.delete(id);
  try {
    const tombstone: Tombstone = { key, id, at: Date.now(), outcome };
    await queryDatabase("readwrite", (store) => writeTombstone(store, tombstone), TOMBSTONES);
  } catch {
    // A tab that waits for it resends it under the same id.
  }
  await removeLead({ key, id });
}

/** Removes the tombstone of a lead that the visitor sends again. */
export async function removeTombstone({ key, id }: Pick<Submission, "key" | "id">): Promise<void> {
  endedLeads.delete(id);
  await queryDatabase("readwrite", (store) => store.delete([key, id]), TOMBSTONES).catch(() => undefined);
}

/** Removes a lead without a tombstone: only this page has it. */
export async function removeLead({ key, id }: Pick<Submission, "key" | "id">): Promise<void> {
  memory.delete(id);
  try {
    await queryDatabase("readwrite", (store) => store.delete([key, id]));
  } catch {
    // It will be resent under the same id.
  }
}

/** Writes a tombstone and removes old ones and those with a time in the future, from a clock that was ahead. */
function writeTombstone(store: IDBObjectStore, tombstone: Tombstone): IDBRequest {
  const request = store.openCursor();
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    if (Math.abs(tombstone.at - (cursor.value as Tombstone).at) > TOMBSTONE_LIFETIME_MS) cursor.delete();
    cursor.continue();
  };
  return store.put(tombstone);
}
