// What one outbox holds: `serve` with a backlog of each size, while the CRM is down. Prints a Markdown table.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../tools/port.mjs";
import { within } from "../../tools/wait.mjs";
import { openAgent, ORIGIN, sendLeads } from "../load.mjs";
import { median } from "../median.mjs";

const BACKLOGS = (process.env.BACKLOGS ?? "1000,10000,100000").split(",").map(Number);
const [CONCURRENCY, MAX_MEASURED, ALONE, SAMPLES] = [32, 2_000, 200, 9];
const TOKEN = "a-token-of-the-benchmark".padEnd(40, "0");
const MB = 1e6;

const folder = await mkdtemp(join(tmpdir(), "icloud-ready-capacity-"));
const file = join(folder, "outbox.sqlite");
const options = {
  file,
  port: 0,
  // Nothing listens there.
  crm: {
    apiKey: "a-key",
    organizationId: "686f894eaf67193dd6e124ce",
    baseURL: `http://127.0.0.1:${await freePort()}/api/v2`,
  },
  origins: [ORIGIN],
  adminToken: TOKEN,
  rate: { perMinute: 1e9, burst: 1e9 },
  // All leads come from one address.
  capacity: { leads: 1e9, bytes: 1e12, leadsPerAddress: 1e9, bytesPerAddress: 1e12 },
};
const agent = openAgent(CONCURRENCY);
let count = 0;
const rows = [];
try {
  for (const backlog of BACKLOGS) {
    let server = await start();
    const measured = Math.min(MAX_MEASURED, (backlog - count) / 2);
    await sendLeads({ url: server.url, agent, nextBody }, backlog - count - measured - ALONE, CONCURRENCY);
    const began = performance.now();
    await sendLeads({ url: server.url, agent, nextBody }, measured, CONCURRENCY);
    const rate = measured / ((performance.now() - began) / 1_000);
    const times = await sendLeads({ url: server.url, agent, nextBody }, ALONE, 1);
    const peak = await memory(server.pid);
    const health = await timed(`${server.url}/health`);
    const metrics = await timed(`${server.url}/admin/metrics`);
    await server.stop();
    server = await start();
    const { backlog: found } = JSON.parse((await get(`${server.url}/health`)).text);
    if (found !== count) throw new Error(`${found} of ${count} leads are there after a restart`);
    const { size } = await stat(file);
    rows.push([
      ...[found.toLocaleString("en"), rate.toFixed(0), median(times).toFixed(2), server.ready.toFixed(0)],
      ...[health.toFixed(1), metrics.toFixed(1), (peak / MB).toFixed(0), (size / MB).toFixed(1)],
    ]);
    await server.stop();
  }
} finally {
  agent.destroy();
  await rm(folder, { recursive: true, force: true });
}
console.log(`| leads waiting | acknowledged a second, ${CONCURRENCY} at once | p50 one by one, ms | start, ms | \`/health\`, ms | \`/admin/metrics\`, ms | memory, MB | file, MB |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}

Node.js ${process.version}; requests of 0.25 kB, while the CRM is down. A start is from the process's start to the first 200 of
\`/health/ready\`; requests are medians of ${SAMPLES}.`);

/** Starts a forwarder; `ready` is how many milliseconds it took. */
async function start() {
  const began = performance.now();
  const program = fileURLToPath(new URL("serve.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["pipe", "pipe", "ignore"] });
  const [line] = await within("the start", 120_000, once(createInterface({ input: child.stdout }), "line"));
  const { url } = JSON.parse(line);
  const { status } = await get(`${url}/health/ready`);
  if (status !== 200) throw new Error(`/health/ready responded with ${status}`);
  const stop = async () => {
    child.stdin.end();
    await within("the end", 120_000, once(child, "exit"));
  };
  return { url, pid: child.pid, stop, ready: performance.now() - began };
}

function nextBody() {
  const number = String(count++).padStart(8, "0");
  return JSON.stringify({
    submissionId: `capacity-${number}`,
    lead: { leadInformation: { firstName: "Ahmed", phone: `+2010${number}` }, interests: ["villa"], region: "Cairo" },
    context: { page: "https://agency.example/villas", locale: "ar", elapsedMs: 8_123 },
  });
}

async function get(url) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}`, connection: "close" } });
  return { status: response.status, text: await response.text() };
}

/** The median time of a request. */
async function timed(url) {
  const times = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const began = performance.now();
    await get(url);
    times.push(performance.now() - began);
  }
  return median(times);
}

/** The most memory that a process has used, in bytes. */
async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) * 1_024;
}
