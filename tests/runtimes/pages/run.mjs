// The scenario wherever a browser runs scripts.

import { entries } from "./entries.mjs";
import { scenario, tell } from "./scenario.mjs";

/** The scenario's report, or what it failed with. */
export function run(settings) {
  return scenario(entries, settings).catch((error) => ({ failed: `${error?.stack ?? error}` }));
}

/** What becomes of the first call: the lead's id, or the error as data, its cause in words. */
export async function firstCall({ baseURL, accessToken }) {
  const { ICloudReady } = entries.sdk;
  const crm = new ICloudReady({ baseURL, accessToken: () => accessToken, maxRetries: 0 });
  try {
    return (await crm.leads.create({ leadInformation: { firstName: "Ahmed", phone: "+201001234567" } }))._id;
  } catch (error) {
    return { ...tell(entries.sdk, error), cause: `${error.cause}` };
  }
}
