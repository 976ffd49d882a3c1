// The sandbox for tests with pages.

import { startSandbox as start } from "../../../tools/sandbox.mjs";
import { waitUntil } from "../../../tools/wait.mjs";
import { leave } from "./browser.mjs";

/** Starts a sandbox. It stops after the test, once the test's pages are closed. */
export async function startSandbox(test) {
  const sandbox = await start();
  test.after(() => leave(test).then(sandbox.stop));
  return {
    ...sandbox,
    /** Returns the leads once there are `count`: the forwarder delivers them later. */
    arrived: (count) =>
      waitUntil(`${count} leads in the CRM`, async () => {
        const leads = await sandbox.leads();
        return leads.length >= count && leads;
      }),
    /** The API requests as method and route, as in `POST /leads`, without preflights. */
    requests: async () =>
      (await sandbox.requests())
        .filter(({ method }) => method !== "OPTIONS")
        .map(({ method, route }) => `${method} ${route}`),
  };
}
