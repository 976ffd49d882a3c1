// Leads posted to a forwarder, one by one or together.
import { Agent, request } from "node:http";

/** The page that the leads come from. */
export const ORIGIN = "https://agency.example";

/** Keeps up to `concurrency` connections open. */
export const openAgent = (concurrency) => new Agent({ keepAlive: true, maxSockets: concurrency });

/** Has `count` leads acknowledged, `concurrency` at a time; returns the milliseconds that each took. */
export async function sendLeads({ url, agent, nextBody }, count, concurrency) {
  const times = [];
  const lane = async () => {
    while (count-- > 0) times.push(await post(url, agent, nextBody()));
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return times;
}

function post(url, agent, body) {
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), origin: ORIGIN };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request(`${url}/leads`, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", () => {
        if (response.statusCode === 202) resolve(performance.now() - began);
        else reject(new Error(`the forwarder responded with ${response.statusCode}`));
      });
    });
    // The server may have closed an idle connection while another program ran.
    sent.on("error", (error) => (sent.reusedSocket ? resolve(post(url, agent, body)) : reject(error)));
    sent.end(body);
  });
}
