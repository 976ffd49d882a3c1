// A forwarder with a sandbox as its CRM.
import { waitUntil } from "../../../tools/wait.mjs";
import { API_KEY, ORGANIZATION, startSandbox } from "../../../tools/sandbox.mjs";
import { body, PERSON, postJson } from "./requests.mjs";

/** A sandbox and the options with which a forwarder sends to it with short delays. */
export async function crm(test, { key = API_KEY, switches = {} } = {}) {
  const sandbox = await startSandbox(test, switches);
  const config = {
    crm: { apiKey: key, organizationId: ORGANIZATION, baseURL: sandbox.url },
    reconcileDelays: [200, 400],
    limits: { perMinute: 100_000, perHour: 1_000_000 },
  };
  return { ...sandbox, config };
}

/** Has leads acknowledged, one after another; returns their ids. */
export async function submit(leads, count, prefix = "lead") {
  const ids = idsOf(count, prefix);
  for (const id of ids) await submitOne(leads, id);
  return ids;
}

/** Has leads acknowledged that arrive at the same time; returns their ids. */
export async function submitTogether(leads, count) {
  const ids = idsOf(count, "lead");
  await Promise.all(ids.map((id) => submitOne(leads, id)));
  return ids;
}

const idsOf = (count, prefix) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(5, "0")}`);

let submitted = 0;

async function submitOne(leads, submissionId) {
  // Each lead has a number of its own, by which lookups find it too.
  const phone = `+2010${10_000_000 + submitted++}`;
  const response = await postJson(leads, body({ submissionId, lead: { leadInformation: { ...PERSON, phone } } }));
  if (response.status !== 202) throw new Error(`the forwarder responded with ${response.status}`);
}

/** How often the CRM has each submission. */
export async function counted(sandbox) {
  const counts = {};
  for (const { customField } of await sandbox.leads()) {
    const id = JSON.parse(customField).submissionId;
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

/** Waits until the CRM has each of the leads, once. */
export async function arrived(sandbox, ids) {
  await waitUntil("all leads", async () => {
    const counts = await counted(sandbox);
    return ids.every((id) => counts[id]);
  });
  const counts = await counted(sandbox);
  const duplicated = Object.entries(counts).filter(([, count]) => count > 1);
  if (duplicated.length) throw new Error(`duplicated: ${duplicated.join()}`);
}
