// `bulk-client.mjs KIND LEADS URL` in a separate process that runs with --expose-gc: creates leads over HTTP, and
// prints leads per second, the peak memory and the heap size afterwards.
import { LEAD, TOKEN } from "./lead.mjs";

const CONCURRENCY = 8;
const [kind, leads, baseURL] = process.argv.slice(2);

/** Leads that are not kept, so that the client's memory is measured. */
function* input(count) {
  for (let index = 0; index < count; index++) yield { ...LEAD, leadRating: index };
}

const kinds = {
  async loop() {
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
    };
    return async (count) => {
      const leads = input(count);
      let created = 0;
      const worker = async () => {
        // One iterator for all workers.
        for (let next = leads.next(); !next.done; next = leads.next()) {
          const body = JSON.stringify({ ...next.value, customField: `{"submissionId":"${crypto.randomUUID()}"}` });
          const response = await fetch(`${baseURL}/leads`, { method: "POST", headers, body });
          if (!response.ok) throw new Error(`${response.status}`);
          created += (await response.json())._id ? 1 : 0;
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, worker));
      return created;
    };
  },
  async "icloud-ready"() {
    const { ICloudReady } = await import("../../pkg/runtime/node.js");
    const crm = new ICloudReady({ accessToken: TOKEN, baseURL, rateLimit: false });
    return async (count) => {
      let created = 0;
      for await (const { status } of crm.leads.createMany(input(count), { concurrency: CONCURRENCY })) {
        created += status === "created" ? 1 : 0;
      }
      return created;
    };
  },
};

const createAll = await kinds[kind]();
// Connections, wasm, compiled code.
await createAll(500);
const [start, before] = [performance.now(), process.cpuUsage()];
const created = await createAll(+leads);
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(before);
if (created !== +leads) throw new Error(`${created} of ${leads} leads were created`);
for (let pass = 0; pass < 3; pass++) {
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 50));
}
console.log(
  JSON.stringify({
    rate: +leads / seconds,
    cpu: (user + system) / +leads,
    peak: process.resourceUsage().maxRSS / 1_024,
    heap: process.memoryUsage().heapUsed / 2 ** 20,
  }),
);
process.exit();
