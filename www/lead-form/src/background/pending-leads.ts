import { databaseMayExist, keyRange, runTransaction } from "../submission/store.js";

/** Whether there may be stored leads. Does not create a database for visitors who never sent a lead. */
export async function hasPendingLeads(key: string): Promise<boolean> {
  try {
    return (
      (await databaseMayExist()) &&
      (await runTransaction<number>("readonly", (store) => store.count(keyRange(key)))) > 0
    );
  } catch (error) {
    // Without an error, the browser timed out: there may be stored leads.
    return !error;
  }
}
