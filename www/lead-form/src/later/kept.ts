import { rangeOf, store, transact } from "../store.js";
import type { Submission } from "../submission.js";

/** What IndexedDB would not take: it lives as long as the page. */
const memory = new Map<string, Submission>();

/** Keeps a lead, in the page alone if it must be. */
export async function keep(submission: Submission): Promise<void> {
  if (await store(submission)) memory.delete(submission.id);
  else memory.set(submission.id, submission);
}

/** A lead that is kept; rejects where that cannot be told, which is not the same as its being gone. */
export async function find(key: string, id: string): Promise<Submission | undefined> {
  return memory.get(id) ?? transact<Submission | undefined>("readonly", (store) => store.get([key, id]));
}

/** All leads that are kept for a key. */
export async function all(key: string): Promise<Submission[]> {
  const here = inMemory(key);
  try {
    const stored = await transact<Submission[]>("readonly", (store) => store.getAll(rangeOf(key)));
    return [...stored.filter(({ id }) => !memory.has(id)), ...here];
  } catch {
    return here;
  }
}

/** The leads that will be gone with the page. */
export function inMemory(key: string): Submission[] {
  return [...memory.values()].filter((submission) => submission.key === key);
}

/** Lets a lead go. */
export async function forget({ key, id }: Pick<Submission, "key" | "id">): Promise<void> {
  memory.delete(id);
  try {
    await transact("readwrite", (store) => store.delete([key, id]));
  } catch {
    // It will be sent once more, under the same id.
  }
}
