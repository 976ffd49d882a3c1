// A machine with `serve` behind Caddy, between pages and the CRM, and its operator.
import { setTimeout as pause } from "node:timers/promises";
import { API_KEY, ORGANIZATION, startSandbox } from "../../../../tools/sandbox.mjs";
import { waitUntil, within } from "../../../../tools/wait.mjs";
import { submit } from "../../../edge/support/delivery.mjs";
import { smallDisk } from "../../../edge/support/disk.mjs";
import { ORIGIN } from "../../../edge/support/requests.mjs";
import { start } from "../../../edge/support/server-process.mjs";
import { freePort } from "../../../support/port.mjs";
import { randomIntegers } from "../../../support/rng.mjs";
import { folderOf, responds } from "../forwarder.mjs";
import { PROXIES } from "../proxies.mjs";
import { startRelay } from "./relay.mjs";

const ADMIN_TOKEN = "admin-token-for-tests-".padEnd(40, "0");

/** Pages, and how many leads a second they send together. */
const PAGES = 6;
const LEADS_PER_SECOND = 6;

/**
 * Starts the machine. Its clock runs `speed` times as fast as the real one. `kilobytes` is the size of the disk for the
 * outbox, otherwise it has that of the system. `processes`: to how many forwarders Caddy passes requests on; the first
 * one is started.
 */
export async function startMachine(scope, { speed = 1, kilobytes, processes = 1, config = {} }) {
  const sandbox = await startSandbox(scope);
  const relay = await startRelay(scope, Number(new URL(sandbox.url).port));
  const disk = kilobytes ? await smallDisk(scope, kilobytes) : undefined;
  const folder = disk?.folder ?? (await folderOf(scope));
  const ports = await Promise.all(Array.from({ length: processes }, freePort));
  const baseURL = new URL(sandbox.url);
  baseURL.port = relay.port;
  const options = {
    folder,
    clock: { speed, epoch: Date.now() },
    config: {
      crm: { apiKey: API_KEY, organizationId: ORGANIZATION, baseURL: baseURL.href },
      origins: [ORIGIN],
      adminToken: ADMIN_TOKEN,
      clientAddress: { header: "x-forwarded-for", trustedProxies: 1 },
      rate: { perMinute: 100_000, burst: 100_000 },
      limits: { perMinute: 100_000, perHour: 1_000_000 },
      ...config,
    },
  };
  const servers = [];
  const alerts = [];
  const output = [];
  const machine = {
    sandbox,
    relay,
    disk,
    folder,
    alerts,
    output,
    /** Starts the process of this number. */
    async run(number = 0) {
      servers[number] = await start("node", { ...options, port: ports[number] }, (line) => {
        output.push(line);
        const { event, level: _, message: __, ...alert } = parsed(line);
        if (event === "alert") alerts.push({ ...alert, at: performance.now() });
      });
    },
    /** Ends it; returns its exit code. */
    async end(signal, number = 0) {
      servers[number].kill(signal);
      const [code] = await within(`the end after ${signal}`, 60_000, servers[number].gone);
      return code;
    },
    setClock: (ahead) => servers[0].setClock(ahead),
    /** Sends a request to the admin API. */
    async admin(path, method = "GET") {
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, connection: "close" };
      const response = await fetch(`http://127.0.0.1:${ports[0]}${path}`, { method, headers });
      return response.json();
    },
  };
  await machine.run();
  scope.after(async () => {
    for (const { kill, gone } of servers) {
      kill();
      await gone;
    }
  });
  const port = await freePort();
  const caddy = await PROXIES.caddy(scope, await folderOf(scope), ports, port);
  machine.url = `http://127.0.0.1:${port}`;
  await responds(caddy, machine.url);
  return machine;
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

/** Pages that send leads, each until it is acknowledged, until `stop()`. */
export function startPages(url, seed) {
  const next = randomIntegers(seed);
  const random = () => next() / 2 ** 32;
  const [acknowledged, responses] = [new Set(), {}];
  let isStopped = false;
  const pages = Array.from({ length: PAGES }, async (_, page) => {
    for (let number = 0; !isStopped; number++) {
      const id = `chaos-${seed}-${page}-${String(number).padStart(5, "0")}`;
      await submit(`${url}/leads`, id, random, responses);
      acknowledged.add(id);
      await pause(((PAGES * 1_000) / LEADS_PER_SECOND) * (0.5 + random()));
    }
  });
  const all = Promise.all(pages);
  all.catch(() => {});
  return {
    acknowledged,
    responses,
    async stop() {
      isStopped = true;
      await within("the acknowledgement of the last leads", 120_000, all);
    },
    /** Waits for a number of acknowledged leads from now on. */
    async acknowledges(count) {
      const before = acknowledged.size;
      await waitUntil(`${count} leads`, () => acknowledged.size >= before + count);
    },
  };
}
