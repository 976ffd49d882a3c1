import { databaseMayExist, keyRange, runTransaction } from "../submission/store.js";

/** Whether leads may be stored. Does not create a database for visitors who never sent a lead. */
export async function hasPendingLeads(key: string): Promise<boolean> {
  try {
    return (
      (await databaseMayExist()) &&
      (await runTransaction<number>("readonly", (store) => store.count(keyRange(key)))) > 0
    );
  } catch (error) {
    // Without an error the browser did not respond in time: leads may be stored.
    return !error;
  }
}
