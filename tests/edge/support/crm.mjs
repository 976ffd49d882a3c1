// A forwarder before a sandbox.
import { waitUntil } from "../../../tools/wait.mjs";
import { API_KEY, ORGANIZATION, startSandbox } from "../../../tools/sandbox.mjs";
import { body, PERSON, postJson } from "./requests.mjs";

/** A sandbox and the options with which a forwarder sends to it without waiting long. */
export async function crm(test, { key = API_KEY, switches = {} } = {}) {
  const sandbox = await startSandbox(test, switches);
  const config = {
    crm: { apiKey: key, organizationId: ORGANIZATION, baseURL: sandbox.url },
    reconcileDelays: [200, 400],
    limits: { perMinute: 100_000, perHour: 1_000_000 },
  };
  return { ...sandbox, config };
}

/** Has leads acknowledged; gives their ids. */
export async function submit(leads, count, prefix = "lead") {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(5, "0")}`);
  for (const submissionId of ids) {
    const lead = {
      leadInformation: { ...PERSON, phone: `+2010${String(10_000_000 + Math.floor(Math.random() * 9e7))}` },
    };
    const answer = await postJson(leads, body({ submissionId, lead }));
    if (answer.status !== 202) throw new Error(`the forwarder answered ${answer.status}`);
  }
  return ids;
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
  const doubled = Object.entries(counts).filter(([, count]) => count > 1);
  if (doubled.length) throw new Error(`doubled: ${doubled.join()}`);
}
