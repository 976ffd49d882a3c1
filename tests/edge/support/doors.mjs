// The ways a forwarder is reached: each gives its address, and a look at what it holds.
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { doubleInbox } from "./double.mjs";
import { ORIGIN } from "./requests.mjs";

export const PACKAGE = process.env.PACKAGE ?? fileURLToPath(new URL("../../../pkg", import.meta.url));
const part = (path) => import(join(PACKAGE, path));

export const CONFIG = {
  crm: { apiKey: "test-key", organizationId: "686f894eaf67193dd6e124ce", baseURL: "http://127.0.0.1:9/api/v2" },
  origins: [ORIGIN, "https://*.portal.example", "http://localhost:4321"],
  rate: { perMinute: 10_000, burst: 10_000 },
  adminToken: "an-admin-token-of-more-than-32-characters",
};

/** The handler with an outbox in memory. */
export async function double(test, config = {}, env = {}) {
  await part("runtime/validation-node.js");
  const { assemble } = await part("dist/forwarder/forwarder.js");
  const { listen } = await part("dist/forwarder/http.js");
  const inbox = doubleInbox();
  const spared = [];
  const forwarder = assemble(
    { clientAddress: "socket", ...CONFIG, ...config },
    {
      inbox: () => inbox,
      spare: (_settings, env) => env.spare && (async (arrival) => void spared.push(arrival)),
      socket: ({ address }) => address,
    },
  );
  const { url, close } = await listen((request, address) => forwarder.fetch(request, env, { address }), { port: 0, host: "127.0.0.1" });
  test.after(close);
  const inspect = async (id) => {
    const entry = inbox.entries.get(id);
    const parsed = (text) => (text === undefined ? undefined : JSON.parse(text));
    return entry && { ...entry, lead: parsed(entry.lead), custom: parsed(entry.custom), dropped: parsed(entry.dropped), warnings: parsed(entry.warnings) };
  };
  return { url, leads: `${url}/leads`, inspect, inbox, spared, forwarder, count: async () => inbox.entries.size };
}

/** All doors, by name: the contract is the same through each. */
export const doors = [["double", double]];
