// Leads, faults and kills: how many of the acknowledged leads the CRM has in the end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { waitUntil } from "../../../tools/wait.mjs";
import { API_KEY, ORGANIZATION, startSandbox } from "../../../tools/sandbox.mjs";
import { randomIntegers } from "../../support/rng.mjs";
import { freePort, isFree } from "../../support/port.mjs";
import { packageFolder } from "../../../tools/paths.mjs";
import { ORIGIN } from "./requests.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));
const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));

/** What goes wrong with a fifth of the calls, in equal parts. */
const FAULTS = [
  { kind: "status", status: 500 },
  { kind: "status", status: 503, commit: true },
  { kind: "status", status: 429, headers: { "retry-after": "1" } },
  { kind: "hang", when: "after" },
  { kind: "cut", when: "before" },
  { kind: "cut", when: "after" },
];

/** A 2xx that confirms nothing, to a tenth of all creates: the lead is not there. */
const UNCONFIRMED = {
  method: "POST",
  path: "/leads",
  probability: 0.1,
  action: { kind: "status", status: 200, body: { success: false } },
};

/** A CRM whose search finds nothing, whose pages are short, and which confirms nothing of a tenth of all creates. */
export const UNSEARCHABLE = { switches: { searchFields: [], limitCap: 20 }, faults: [UNCONFIRMED] };

/**
 * Runs one trial. Pages retry with the same id until the lead is acknowledged; after the last kill the forwarder gets
 * no request. `patience`: how many half seconds without a call are waited out where leads are missing. `mischief` is
 * done to the outbox's file some leads before each kill but the last: it is given the folder, its turn, and a wait for
 * so many answers with a status. `switches` and `faults` are the sandbox's own, beside those of every trial. `bound`:
 * for how many milliseconds leads are waited for after the last kill.
 */
export async function trial({
  kind,
  seed = 1,
  leads = 300,
  kills = 6,
  config = {},
  patience = 60,
  log = () => {},
  folder: given,
  mischief,
  switches = {},
  faults = [],
  bound = 420_000,
}) {
  const random = fractions(seed);
  const folder = given ?? (await mkdtemp(join(tmpdir(), "icloud-ready-crash-")));
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
      ...config,
    },
  };
  const state = { server: await start(kind, options), acknowledged: new Set(), killed: 0 };
  const due = Array.from({ length: kills - 1 }, () => 1 + Math.floor(random() * (leads - 2))).sort(
    (one, other) => one - other,
  );
  const mischiefs = mischief ? due.map((at) => Math.max(1, at - 15)) : [];
  const answers = {};
  let posting = 0;
  const answered = async (status, count) => {
    const before = answers[status] ?? 0;
    // Without further posts no kill follows.
    await waitUntil(
      `${count} answers ${status}`,
      () => (answers[status] ?? 0) >= before + count || (!ids.length && !posting),
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
        await submit(url, id, random, answers);
        posting--;
        state.acknowledged.add(id);
        if (mischiefs.length && state.acknowledged.size >= mischiefs[0]) {
          const turn = mischiefs.length;
          mischiefs.shift();
          // Not waited for: others go on meanwhile. A kill waits for it.
          killing = killing.then(() => mischief({ folder, turn, answered }));
          killing.catch(() => {});
        }
        // The first request that finds a kill due performs it, so that some strike while others are being stored.
        if (due.length && state.acknowledged.size >= due[0]) {
          due.shift();
          await kill();
        }
      }
    });
    await Promise.all(pages);
    await kill();
    const found = await settled(sandbox, folder, state.acknowledged, patience, bound, log);
    return { acknowledged: state.acknowledged.size, kills: state.killed, ...found };
  } finally {
    state.server.kill();
    await state.server.gone;
    await sandbox.stop();
    if (!given) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function submit(url, submissionId, random, answers) {
  const number = String(Math.floor(random() * 1e8)).padStart(8, "0");
  const body = JSON.stringify({
    submissionId,
    lead: { leadInformation: { firstName: "Test", phone: `+2010${number}` } },
  });
  for (;;) {
    const signal = AbortSignal.timeout(20_000);
    const init = { method: "POST", headers: { "content-type": "application/json", origin: ORIGIN }, body, signal };
    const answer = await fetch(url, init).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (answer) answers[answer.status] = (answers[answer.status] ?? 0) + 1;
    // An answer that broke off acknowledges nothing.
    if (answer?.status === 202 && text !== undefined) return;
    if (answer && text !== undefined && answer.status < 500 && answer.status !== 429)
      throw new Error(`the forwarder answered ${answer.status}`);
    await pause(50 + random() * 100);
  }
}

/**
 * Waits until the CRM has every lead, or until it has been sent nothing for so long that no more will come. Where leads
 * are missing after `bound` milliseconds it fails and says what they wait for.
 */
async function settled(sandbox, folder, acknowledged, patience, bound, log) {
  let [quiet, seen] = [0, ""];
  const began = Date.now();
  for (;;) {
    const requests = (await sandbox.requests()).at(-1)?.seq;
    const counts = new Map();
    for (const { customField } of await sandbox.leads()) {
      const id = JSON.parse(customField ?? "{}").submissionId;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const lost = [...acknowledged].filter((id) => !counts.has(id)).length;
    const doubled = [...counts.values()].filter((count) => count > 1).length;
    const now = `${requests}`;
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    // Longer than the waits that the forwarder was told to make, the first alarm after a kill among them; and
    // where a lead failed often, as long as it chose to wait itself.
    const { due, waiting } = lost ? await pending(folder) : { due: 0, waiting: "" };
    if (lost && quiet === 6) log(`nothing is asked for 3 s: ${lost} not there, ${waiting || "none waits"}`);
    if (Date.now() - began > bound) throw new Error(`after ${bound} ms ${lost} leads are not there: ${waiting}`);
    if (quiet >= (lost ? patience : Math.min(patience, 24)) && Date.now() > due) {
      log(`${lost} lost, ${doubled} doubled after ${requests} calls`);
      return { lost, doubled, calls: requests };
    }
    await pause(500);
  }
}

/**
 * What leads wait for and when the last of them is due, read from the outbox's file: asking the forwarder could wake
 * it.
 */
async function pending(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /(?<!metadata)\.sqlite$/.test(name));
  const rows = names.map(async (name) => {
    const store = await openFile(join(folder, name));
    const sql =
      "SELECT state, coalesce(reason, '-'), walks, count(*), MAX(next_at) FROM leads WHERE state NOT IN ('delivered', 'dead', 'held') GROUP BY 1, 2, 3";
    const found = store.exec(sql, []);
    store.close();
    return found;
  });
  const groups = (await Promise.all(rows)).flat();
  const waiting = groups.map(
    ([state, reason, walks, count, at]) =>
      `${count} ${state}/${reason} after ${walks} walks, due ${new Date(at).toISOString()}`,
  );
  return { due: Math.max(0, ...groups.map((group) => group[4])), waiting: waiting.join("; ") };
}

/** Starts a forwarder that can be killed. What it says on its stderr goes to `said`. */
export async function start(kind, options, said = () => {}) {
  // What was killed here before may be a moment in dying.
  await waitUntil(`the port ${options.port}`, () => isFree(options.port));
  const child = spawn(process.execPath, [SERVER, kind, JSON.stringify(options)], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.setEncoding("utf8").on("data", said);
  const gone = once(child, "exit");
  // The whole group at once: workerd is a process of its own.
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  };
  process.once("exit", kill);
  gone.then(() => process.off("exit", kill));
  const line = await new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once("line", (line) => {
      resolve(line);
      lines.on("line", said);
    });
    child.once("exit", (code) => reject(new Error(`the forwarder ended with ${code}`)));
  });
  return { ...JSON.parse(line), kill, gone };
}

/** Chance from 0 up to 1. */
function fractions(seed) {
  const next = randomIntegers(seed);
  return () => next() / 2 ** 32;
}
