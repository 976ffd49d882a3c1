// The platforms of a forwarder: each returns its URL, and access to its stored leads.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryOutbox } from "./memory-outbox.mjs";
import { packageFolder } from "../../../tools/paths.mjs";
import { ORIGIN, reach } from "./requests.mjs";
import { describedSources } from "../../../tools/sources.mjs";
import { forwarderOptions, startWorker } from "../../../tools/workerd.mjs";

const part = (path) => import(join(packageFolder, path));

export const CONFIG = {
  crm: { apiKey: "test-key", organizationId: "686f894eaf67193dd6e124ce", baseURL: "http://127.0.0.1:9/api/v2" },
  origins: [ORIGIN, "https://*.portal.example", "http://localhost:4321"],
  rate: { perMinute: 10_000, burst: 10_000 },
  adminToken: "an-admin-token-of-more-than-32-characters",
};

/** The handler with an outbox in memory. */
export async function inMemory(test, config = {}, env = {}) {
  await part("runtime/forwarder-node.js");
  const { assemble } = await part("dist/forwarder/http/forwarder.js");
  const { listen } = await part("dist/forwarder/platforms/node-server.js");
  const outbox = memoryOutbox();
  const queued = [];
  const forwarder = assemble(
    { clientAddress: "socket", ...CONFIG, ...config, sources: await sourcesOf(config.sources) },
    {
      outbox: () => outbox,
      fallbackQueue: (_settings, env) => env.queue && (async (lead) => void queued.push(lead)),
      socket: ({ address }) => address,
    },
  );
  const { url, close } = await listen((request, address) => forwarder.fetch(request, env, { address }), {
    port: 0,
    host: "127.0.0.1",
  });
  test.after(close);
  const inspect = async (id) => {
    const entry = outbox.entries.get(id);
    const parsed = (text) => (text === undefined ? undefined : JSON.parse(text));
    return (
      entry && {
        ...entry,
        lead: parsed(entry.lead),
        custom: parsed(entry.custom),
        dropped: parsed(entry.dropped),
        warnings: parsed(entry.warnings),
      }
    );
  };
  return {
    url,
    leads: url + (config.path ?? "/leads"),
    inspect,
    outbox,
    queued,
    forwarder,
    count: async () => outbox.entries.size,
  };
}

/** Real workerd, with an outbox whose CRM does not exist. `key` provides the CRM's key at each send. */
export async function workerd(test, config = {}, more = {}) {
  const { url, close, miniflare } = await startWorker(
    await forwarderOptions({ ...CONFIG, clientAddress: "cf-connecting-ip", ...config }, more),
  );
  test.after(close);
  return { ...adminClient(url, config), miniflare };
}

/** The Node.js server. */
export async function node(test, config = {}, { key } = {}) {
  const { serve } = await part("runtime/forwarder/node.js");
  const sources = await sourcesOf(config.sources);
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-outbox-"));
  const file = join(folder, "outbox.sqlite");
  const crm = { ...(config.crm ?? CONFIG.crm), ...(key ? { apiKey: key } : {}) };
  const { url, close } = await serve({ ...CONFIG, ...config, sources, crm, file, port: 0 });
  test.after(async () => {
    await close();
    await rm(folder, { recursive: true });
  });
  return { ...adminClient(url, config), file };
}

/** The described sources of a forwarder in this process. */
export async function sourcesOf(described) {
  return describedSources(await part("dist/forwarder/sources.js"), described);
}

/** What a forwarder's outbox stores, as its administrator sees it. */
export function adminClient(url, config) {
  const leads = url + (config.path ?? "/leads");
  const admin = async (path, method = "GET") => {
    const response = await reach(`${url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${CONFIG.adminToken}` },
    });
    return { status: response.status, body: await response.json() };
  };
  const inspect = async (id) => {
    const { status, body } = await admin(`leads/${id}`);
    return status === 200 ? body : undefined;
  };
  const list = async (query = "") => (await admin(`leads?limit=200${query}`)).body.entries;
  return { url, leads, admin, inspect, list, count: async () => (await list()).length };
}

/** All platforms, by name: the contract is the same through each. */
export const platforms = [
  ["memory", inMemory],
  ["node", node],
  ["workerd", workerd],
];
