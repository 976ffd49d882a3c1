// Leads that are sent until they are acknowledged, and whether the CRM has each of them once.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { packageFolder } from "../../../tools/paths.mjs";
import { ORIGIN } from "./requests.mjs";

const { openFile } = await import(join(packageFolder, "dist/forwarder/platforms/sqlite.js"));

/** Sends a lead until it is acknowledged. `responses` counts the responses by status. */
export async function submit(url, submissionId, random, responses) {
  const number = String(Math.floor(random() * 1e8)).padStart(8, "0");
  const body = JSON.stringify({
    submissionId,
    lead: { leadInformation: { firstName: "Test", phone: `+2010${number}` } },
  });
  for (;;) {
    const signal = AbortSignal.timeout(20_000);
    const init = { method: "POST", headers: { "content-type": "application/json", origin: ORIGIN }, body, signal };
    const response = await fetch(url, init).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (response) responses[response.status] = (responses[response.status] ?? 0) + 1;
    // A truncated response acknowledges nothing.
    if (response?.status === 202 && text !== undefined) return;
    if (response && text !== undefined && response.status < 500 && response.status !== 429)
      throw new Error(`the forwarder responded with ${response.status}`);
    await pause(50 + random() * 100);
  }
}

/**
 * Waits until the CRM has every lead, or until it received nothing for so long that no more will arrive. If leads are
 * missing after `bound` milliseconds, it fails and reports what they wait for.
 */
export async function settled(sandbox, folder, acknowledged, idleTurns, bound, log) {
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
    const duplicated = [...counts.values()].filter((count) => count > 1).length;
    const now = `${requests}`;
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    // Longer than the configured delays, including the first alarm after a kill; and where a lead failed often, as long
    // as its back-off.
    const { due, waiting } = lost ? await pending(folder) : { due: 0, waiting: "" };
    if (lost && quiet === 6) log(`no request for 3 s: ${lost} missing, ${waiting || "none waiting"}`);
    if (Date.now() - began > bound) throw new Error(`after ${bound} ms ${lost} leads are missing: ${waiting}`);
    if (quiet >= (lost ? idleTurns : Math.min(idleTurns, 24)) && Date.now() > due) {
      log(`${lost} lost, ${duplicated} duplicated after ${requests} calls`);
      return { lost, duplicated, calls: requests };
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
      "SELECT state, coalesce(reason, '-'), walks, count(*), MAX(next_at) FROM leads WHERE state NOT IN ('delivered', 'dead', 'held', 'skipped') GROUP BY 1, 2, 3";
    const found = store.exec(sql, []);
    // Fetching may wait for the trial of a pause.
    const trials = store.exec("SELECT 'pause', name, 0, 1, trial_at FROM sources WHERE pause_reason IS NOT NULL", []);
    if (found.some(([state]) => state === "fetching")) found.push(...trials);
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
