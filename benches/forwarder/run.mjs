// Acknowledged leads: the forwarder against a worker that only inserts a row. Same machine, same
// Miniflare, in turns. Prints a table in Markdown; fails where a median is beyond 1.3 times the row's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { median } from "../median.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 15);
const [ALONE, TOGETHER, CONCURRENCY] = [400, 1_200, 32];
const ORIGIN = "https://agency.example";
const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
let count = 0;

const folder = await mkdtemp(join(tmpdir(), "icloud-ready-bench-"));
const sandbox = await startSandbox();
const config = {
  crm: { apiKey: API_KEY, organizationId: ORGANIZATION, baseURL: sandbox.url },
  origins: [ORIGIN],
  rate: { perMinute: 1e9, burst: 1e9 },
};
const contenders = [await start("row"), await start("forwarder")];
try {
  // Warm, and past the minute's budget: from here on the outbox sends at the rate of every day.
  for (const { url } of contenders) await batch(url, 600, CONCURRENCY);
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
  const times = await batch(url, ALONE, 1);
  samples.p50.push(median(times));
  const [cpu, start] = [await cpuOf(pid), performance.now()];
  await batch(url, TOGETHER, CONCURRENCY);
  samples.rate.push(TOGETHER / ((performance.now() - start) / 1_000));
  samples.cpu.push(((await cpuOf(pid)) - cpu) / TOGETHER);
}

async function batch(url, leads, concurrency) {
  const times = [];
  const lane = async () => {
    while (leads-- > 0) times.push(await post(url));
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return times;
}

async function post(url) {
  const body = JSON.stringify({
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
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), origin: ORIGIN };
  const send = () =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      const sent = request(`${url}/leads`, { method: "POST", agent, headers }, (answer) => {
        answer.resume().on("end", () => {
          if (answer.statusCode === 202) resolve(performance.now() - start);
          else reject(new Error(`answered ${answer.statusCode}`));
        });
      });
      // The server may have let go of a connection that was idle while the other had its turn.
      sent.on("error", (error) => (sent.reusedSocket ? resolve(send()) : reject(error)));
      sent.end(body);
    });
  return send();
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

/** The workerd that a process started. */
async function workerdOf(parent) {
  for (const entry of await readdir("/proc")) {
    const text = /^\d+$/.test(entry) && (await readFile(`/proc/${entry}/stat`, "utf8").catch(() => ""));
    if (text && /\(workerd\)/.test(text) && fieldsOf(text)[1] === String(parent)) return entry;
  }
  throw new Error("there is no workerd");
}

/** Milliseconds of CPU that a process has used. */
async function cpuOf(pid) {
  const fields = fieldsOf(await readFile(`/proc/${pid}/stat`, "utf8"));
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What stands after the program's name: state, parent, … */
function fieldsOf(stat) {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
