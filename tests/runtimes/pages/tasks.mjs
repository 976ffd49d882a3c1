// Tasks that a page or a worker can run; each resolves with JSON.

import { entries } from "./entries.mjs";
import { scenario as run, describe } from "./scenario.mjs";

/** The scenario's report, or its error. */
export function scenario(settings) {
  return run(entries, settings).catch((error) => ({ failed: `${error?.stack ?? error}` }));
}

/** Creates a lead; returns its id, or the error. */
export async function create({ baseURL, accessToken, wasm }) {
  const { sdk, slim } = entries;
  const options = { baseURL, accessToken: () => accessToken, maxRetries: 0 };
  const crm = wasm
    ? new slim.ICloudReady({ ...options, wasm: new URL(wasm, location.href) })
    : new sdk.ICloudReady(options);
  try {
    return (await crm.leads.create({ leadInformation: { firstName: "Ahmed", phone: "+201001234567" } }))._id;
  } catch (error) {
    return describe(sdk, error);
  }
}

/** Many clients that call at the same time, and validation meanwhile. */
export async function many({ baseURL, accessToken }) {
  const { sdk, validateLead } = entries;
  const make = () => new sdk.ICloudReady({ baseURL, accessToken: () => accessToken });
  const clients = Array.from({ length: 20 }, make);
  clients.push(clients[0].withOptions({ strict: true }));
  await Promise.all([sdk.preload(), ...clients.map((crm) => crm.leads.list()), validateLead({}), validateLead({})]);
  await clients[0].leads.list();
  return clients.length;
}
