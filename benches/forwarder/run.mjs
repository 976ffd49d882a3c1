// Acknowledged leads: the forwarder against a Worker that only inserts a row. Same machine, same Miniflare,
// alternately. Prints a Markdown table; fails if a median is beyond 1.3 times the row's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { openAgent, ORIGIN, sendLeads } from "../load.mjs";
import { median } from "../median.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 15);
const [ALONE, TOGETHER, CONCURRENCY] = [400, 1_200, 32];
const agent = openAgent(CONCURRENCY);
let count = 0;

const folder = await mkdtemp(join(tmpdir(), "icloud-ready-bench-"));
const sandbox = await startSandbox();
const config = {
  crm: { apiKey: API_KEY, organizationId: ORGANIZATION, baseURL: sandbox.url },
  origins: [ORIGIN],
  rate: { perMinute: 1e9, burst: 1e9 },
  // All leads come from one address, faster than the CRM's limits let them leave.
  capacity: { leads: 1e9, bytes: 1e12, leadsPerAddress: 1e9, bytesPerAddress: 1e12 },
};
const contenders = [await start("row"), await start("forwarder")];
try {
  // Warm, and past the per-minute limit: from here on the outbox sends at its steady rate.
  for (const { url } of contenders) await sendLeads({ url, agent, nextBody }, 600, CONCURRENCY);
  await waitUntil("432 leads in the CRM", async () => (await sandbox.leads()).length >= 432, { intervalMs: 500 });
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of round % 2 ? contenders : [...contenders].reverse()) await measure(contender);
  }
  const [row, forwarder] = contenders.map(({ samples }) => samples);
  const ratios = { rate: median(row.rate) / median(forwarder.rate), p50: median(forwarder.p50) / median(row.p50) };
  const line = (name, { rate, p50, cpu }) =>
    `| ${name} | ${median(rate).toFixed(0)} | ${median(p50).toFixed(2)} | ${median(cpu).toFixed(2)} |`;
  console.log(`| | acknowledged a second, ${CONCURRENCY} at once | p50 one by one, ms | CPU a request, ms |
| --- | ---: | ---: | ---: |
${line("a row inserted", row)}
${line("the forwarder", forwarder)}
| ratio | ${ratios.rate.toFixed(2)} | ${ratios.p50.toFixed(2)} | ${(median(forwarder.cpu) / median(row.cpu)).toFixed(2)} |

Medians of ${ROUNDS} rounds in turns, ${TOGETHER} and ${ALONE} leads a round; Node.js ${process.version}, workerd by Miniflare.`);
  if (Math.max(ratios.rate, ratios.p50) > 1.3) {
    console.error("the forwarder is beyond 1.3 times the row");
    process.exitCode = 1;
  }
} finally {
  for (const { stop } of contenders) await stop();
  agent.destroy();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure({ url, pid, samples }) {
  const times = await sendLeads({ url, agent, nextBody }, ALONE, 1);
  samples.p50.push(median(times));
  const [cpu, start] = [await cpuOf(pid), performance.now()];
  await sendLeads({ url, agent, nextBody }, TOGETHER, CONCURRENCY);
  samples.rate.push(TOGETHER / ((performance.now() - start) / 1_000));
  samples.cpu.push(((await cpuOf(pid)) - cpu) / TOGETHER);
}

function nextBody() {
  return JSON.stringify({
    submissionId: `bench-${process.pid}-${count++}`,
    lead: {
      leadInformation: { firstName: "Ahmed", phone: "+201001234567", email: "ahmed@example.com" },
      interests: ["villa"],
      region: "Cairo",
    },
    context: {
      page: "https://agency.example/villas",
      locale: "ar",
      elapsedMs: 8_123,
      attribution: { last: { source: "google", campaign: "autumn" } },
    },
  });
}

async function start(kind) {
  const program = fileURLToPath(new URL("serve.mjs", import.meta.url));
  const options = JSON.stringify({ config, persist: join(folder, kind) });
  const child = spawn(process.execPath, [program, kind, options], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const stop = async () => {
    child.stdin.end();
    await once(child, "exit");
  };
  return { ...JSON.parse(line), pid: await workerdOf(child.pid), stop, samples: { rate: [], p50: [], cpu: [] } };
}

/** The workerd process that a process started. */
async function workerdOf(parent) {
  for (const entry of await readdir("/proc")) {
    const text = /^\d+$/.test(entry) && (await readFile(`/proc/${entry}/stat`, "utf8").catch(() => ""));
    if (text && /\(workerd\)/.test(text) && fieldsOf(text)[1] === String(parent)) return entry;
  }
  throw new Error("no workerd process found");
}

/** Milliseconds of CPU that a process has used. */
async function cpuOf(pid) {
  const fields = fieldsOf(await readFile(`/proc/${pid}/stat`, "utf8"));
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The fields after the program's name: state, parent, … */
function fieldsOf(stat) {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
