// Leads posted to a forwarder, one by one or together.
import { Agent, request } from "node:http";

/** The page that the leads come from. */
export const ORIGIN = "https://agency.example";

/** Keeps up to `concurrency` connections open. */
export const openAgent = (concurrency) => new Agent({ keepAlive: true, maxSockets: concurrency });

/**
 * Has `count` requests acknowledged, `concurrency` at a time; returns the milliseconds of each. `nextBody` returns a
 * page's lead; `nextRequest` any other request, with its path, headers and body and the status that acknowledges it.
 */
export async function sendLeads({ url, agent, nextBody, nextRequest }, count, concurrency) {
  const next = nextRequest ?? (() => ({ path: "/leads", headers: { origin: ORIGIN }, body: nextBody(), status: 202 }));
  const times = [];
  const lane = async () => {
    while (count-- > 0) times.push(await post(url, agent, next()));
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return times;
}

function post(url, agent, sent) {
  const length = Buffer.byteLength(sent.body);
  const headers = { "content-type": "application/json", "content-length": length, ...sent.headers };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const posting = request(url + sent.path, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", () => {
        if (response.statusCode === sent.status) resolve(performance.now() - began);
        else reject(new Error(`the forwarder responded with ${response.statusCode}`));
      });
    });
    // The server may have closed an idle connection while another program ran.
    posting.on("error", (error) => (posting.reusedSocket ? resolve(post(url, agent, sent)) : reject(error)));
    posting.end(sent.body);
  });
}
