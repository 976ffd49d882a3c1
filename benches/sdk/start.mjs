// `start.mjs CLIENT` in a separate process: from importing the client to sending the first request. Prints milliseconds
// of time and of CPU.
import { load } from "./clients.mjs";
import { LEAD, RECORD, TOKEN } from "./lead.mjs";

// Node.js loads its own `fetch` at the first access, by any client.
const response = () => new Response(RECORD, { headers: { "content-type": "application/json" } });
response();
const [start, before] = [performance.now(), process.cpuUsage()];
const connect = await load(process.argv[2]);
let sent;
const fetch = async () => {
  sent ??= [performance.now() - start, process.cpuUsage(before)];
  return response();
};
await connect({ baseURL: "https://crm.example", token: TOKEN, fetch }).create(LEAD);
const [time, { user, system }] = sent;
console.log(JSON.stringify({ time, cpu: (user + system) / 1_000 }));
