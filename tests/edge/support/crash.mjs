// Leads, faults and kills: how many of the acknowledged leads the CRM has in the end.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "../../../tools/wait.mjs";
import { API_KEY, ORGANIZATION, startSandbox } from "../../../tools/sandbox.mjs";
import { randomIntegers } from "../../support/rng.mjs";
import { freePort } from "../../support/port.mjs";
import { settled, submit } from "./delivery.mjs";
import { ORIGIN } from "./requests.mjs";
import { SECRETS, SOURCES } from "./senders.mjs";
import { start } from "./server-process.mjs";

/** The faults of a fifth of the calls, in equal parts. */
const FAULTS = [
  { kind: "status", status: 500 },
  { kind: "status", status: 503, commit: true },
  { kind: "status", status: 429, headers: { "retry-after": "1" } },
  { kind: "hang", when: "after" },
  { kind: "cut", when: "before" },
  { kind: "cut", when: "after" },
];

/** An unconfirmed 2xx for a tenth of all creates: the lead is not stored. */
const UNCONFIRMED = {
  method: "POST",
  path: "/leads",
  probability: 0.1,
  action: { kind: "status", status: 200, body: { success: false } },
};

/** A CRM whose search finds nothing, whose pages are short, and which does not confirm a tenth of all creates. */
export const UNSEARCHABLE = { switches: { searchFields: [], limitCap: 20 }, faults: [UNCONFIRMED] };

/**
 * Runs one trial. Pages retry with the same id until the lead is acknowledged; after the last kill the forwarder gets
 * no request. `idleTurns`: how many half seconds without a call to wait while leads are missing. `sabotage` damages the
 * outbox's file some leads before each kill but the last; its argument has the folder, the turn, and a wait for a
 * number of responses with a status. `switches` and `faults` are for the sandbox, in addition to those of every trial.
 * `bound`: how many milliseconds to wait for leads after the last kill. `platforms`: how many leads Meta and Google
 * deliver at the same time; of Meta's deliveries a third is lost, and its token is invalid for a while.
 */
export async function trial({
  kind,
  seed = 1,
  leads = 300,
  kills = 6,
  config = {},
  idleTurns = 60,
  log = () => {},
  folder: existing,
  sabotage,
  switches = {},
  faults = [],
  bound = 420_000,
  platforms = 0,
}) {
  const random = fractions(seed);
  const folder = existing ?? (await mkdtemp(join(tmpdir(), "icloud-ready-crash-")));
  const sandbox = await startSandbox(undefined, { requestId: "x-request-id", ...switches }, seed);
  const share = 1 - (1 - 0.2) ** (1 / FAULTS.length);
  await sandbox.faults([...faults, ...FAULTS.map((action) => ({ path: "/leads", probability: share, action }))]);
  const options = {
    folder,
    port: await freePort(),
    config: {
      crm: { apiKey: API_KEY, organizationId: ORGANIZATION, baseURL: sandbox.url, timeout: 2_000 },
      origins: [ORIGIN],
      rate: { perMinute: 100_000, burst: 100_000 },
      limits: { perMinute: 100_000, perHour: 1_000_000 },
      reconcileDelays: [2_500, 5_000],
      ...(platforms ? { sources: sourcesWith(sandbox) } : {}),
      ...config,
    },
  };
  const state = { server: await start(kind, options), acknowledged: new Set(), killed: 0 };
  const due = Array.from({ length: kills - 1 }, () => 1 + Math.floor(random() * (leads - 2))).sort(
    (one, other) => one - other,
  );
  const sabotages = sabotage ? due.map((at) => Math.max(1, at - 15)) : [];
  const responses = {};
  let posting = 0;
  const answered = async (status, count) => {
    const before = responses[status] ?? 0;
    // Without further posts no kill follows.
    await waitUntil(
      `${count} responses with ${status}`,
      () => (responses[status] ?? 0) >= before + count || (!ids.length && !posting),
    );
  };
  let killing = Promise.resolve();
  const kill = () =>
    (killing = killing.then(async () => {
      state.killed++;
      log(`kill ${state.killed} at ${state.acknowledged.size} acknowledged`);
      state.server.kill();
      await state.server.gone;
      state.server = await start(kind, options);
    }));
  const ids = Array.from({ length: leads }, (_, index) => `crash-${seed}-${String(index).padStart(5, "0")}`);
  try {
    const url = `http://127.0.0.1:${options.port}/leads`;
    const pages = Array.from({ length: 8 }, async () => {
      for (let id = ids.shift(); id !== undefined; id = ids.shift()) {
        posting++;
        await submit(url, id, random, responses);
        posting--;
        state.acknowledged.add(id);
        if (sabotages.length && state.acknowledged.size >= sabotages[0]) {
          const turn = sabotages.length;
          sabotages.shift();
          // Not awaited: others continue meanwhile. A kill waits for it.
          killing = killing.then(() => sabotage({ folder, turn, answered }));
          killing.catch(() => {});
        }
        // The first request that finds a kill due performs it, so that some happen while others are being stored.
        if (due.length && state.acknowledged.size >= due[0]) {
          due.shift();
          await kill();
        }
      }
    });
    const delivered = platforms ? deliverAll(sandbox, options.port, platforms) : [];
    await Promise.all(pages);
    for (const id of await delivered) state.acknowledged.add(id);
    await kill();
    const found = await settled(sandbox, folder, state.acknowledged, idleTurns, bound, log);
    return { acknowledged: state.acknowledged.size, kills: state.killed, ...found };
  } finally {
    state.server.kill();
    await state.server.gone;
    await sandbox.stop();
    if (!existing) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Sources whose platform is the sandbox. */
function sourcesWith({ graph }) {
  const backfill = { forms: ["9223372036854775777"], everyMinutes: 0.05 };
  const meta = { ...SOURCES.meta, accessToken: "sandbox-page-token", graphURL: graph, backfill };
  return { meta, google: SOURCES.google };
}

/** Has both platforms deliver leads until all are acknowledged; returns their submission ids. */
async function deliverAll(sandbox, port, count) {
  const url = `http://127.0.0.1:${port}/leads/sources`;
  const own = { appSecret: SECRETS.app, googleKey: SECRETS.google };
  // Later they would lengthen the pause.
  const errors = [{ code: 4 }, { code: 2, times: 3 }, { status: 502, code: null, times: 3 }];
  const urls = { metaUrl: `${url}/meta`, googleUrl: `${url}/google` };
  await sandbox.platforms({ ...own, ...urls, errors, accessToken: null });
  const { ids } = await sandbox.deliver("meta", { count, batch: 7, repeat: 1, lost: 30, reorder: true });
  await sandbox.deliver("google", { count, repeat: 1, reorder: true });
  await waitUntil("all deliveries", async () => (await sandbox.platforms()).pending === 0);
  await sandbox.platforms({ accessToken: "sandbox-page-token" });
  const google = Array.from({ length: count }, (_, number) => `google-${9_007_199_254_740_993n + BigInt(number)}`);
  return [...ids.map((id) => `meta-${id}`), ...google];
}

/** A random number from 0 up to 1. */
function fractions(seed) {
  const next = randomIntegers(seed);
  return () => next() / 2 ** 32;
}
