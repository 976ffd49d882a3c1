// Acknowledged leads: the forwarder against a Worker that only inserts a row, also while a source's token is invalid.
// Same machine, same Miniflare, alternately. Prints a Markdown table; fails if a median is beyond 1.3 times the row's.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
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
const APP_SECRET = "a-secret-of-the-benchmark";
const ADMIN_TOKEN = "an-admin-token-of-more-than-32-characters";
const meta = {
  kind: "metaLeadAds",
  appSecret: APP_SECRET,
  verifyToken: "verify",
  // The simulated Graph API responds with error 190.
  accessToken: "an-invalid-token",
  version: "v26.0",
  graphURL: sandbox.graph,
};
const row = await start("row", config);
const forwarder = await start("forwarder", config);
const paused = await start("forwarder", { ...config, adminToken: ADMIN_TOKEN, sources: { meta } });
const servers = [row, forwarder, paused];
const baseline = { name: "a row inserted", ...row, sends: { nextBody } };
const contenders = [
  { name: "the forwarder", ...forwarder, sends: { nextBody } },
  { name: "the forwarder while Meta's token is invalid", ...paused, sends: { nextBody } },
  { name: "an event of Meta meanwhile", ...paused, sends: { nextRequest: nextEvent } },
];
const all = [baseline, ...contenders].map((contender) =>
  Object.assign(contender, { samples: { rate: [], p50: [], cpu: [] } }),
);
try {
  // Warm, and past the per-minute limit: from here on the outbox sends at its steady rate.
  for (const { url, sends } of all) await sendLeads({ url, agent, ...sends }, 600, CONCURRENCY);
  await waitUntil("864 leads in the CRM", async () => (await sandbox.leads()).length >= 864, { intervalMs: 500 });
  await assertPaused(600);
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of round % 2 ? all : [...all].reverse()) await measure(contender);
  }
  const events = 600 + ROUNDS * (ALONE + TOGETHER);
  await assertPaused(events);
  const line = ({ name, samples: { rate, p50, cpu } }, ratios) =>
    `| ${[name, median(rate).toFixed(0), median(p50).toFixed(2), median(cpu).toFixed(2), ...ratios].join(" | ")} |`;
  const ratiosOf = ({ samples: { rate, p50, cpu } }) => [
    median(baseline.samples.rate) / median(rate),
    median(p50) / median(baseline.samples.p50),
    median(cpu) / median(baseline.samples.cpu),
  ];
  const lines = contenders.map((contender) =>
    line(
      contender,
      ratiosOf(contender).map((ratio) => ratio.toFixed(2)),
    ),
  );
  console.log(`| | acknowledged a second, ${CONCURRENCY} at once | p50 one by one, ms | CPU a request, ms | ratio, together | ratio, p50 | ratio, CPU |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${line(baseline, ["", "", ""])}
${lines.join("\n")}

Medians of ${ROUNDS} rounds in turns, ${TOGETHER} and ${ALONE} requests a round; ratios of times to the row's. In the end ${events.toLocaleString("en-US")} events of Meta waited for a valid token. Node.js ${process.version}, workerd by Miniflare.`);
  for (const contender of contenders) {
    const [together, alone] = ratiosOf(contender);
    if (Math.max(together, alone) <= 1.3) continue;
    console.error(`${contender.name}: beyond 1.3 times the row`);
    process.exitCode = 1;
  }
} finally {
  for (const { stop } of servers) await stop();
  agent.destroy();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure({ url, pid, sends, samples }) {
  const times = await sendLeads({ url, agent, ...sends }, ALONE, 1);
  samples.p50.push(median(times));
  const [cpu, start] = [await cpuOf(pid), performance.now()];
  await sendLeads({ url, agent, ...sends }, TOGETHER, CONCURRENCY);
  samples.rate.push(TOGETHER / ((performance.now() - start) / 1_000));
  samples.cpu.push(((await cpuOf(pid)) - cpu) / TOGETHER);
}

/** Fetching is paused, and this number of events is stored. */
async function assertPaused(events) {
  const response = await fetch(`${paused.url}/health`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const { fetching, pauseReason } = (await response.json()).sources[0];
  if (pauseReason === "token_invalid" && fetching === events) return;
  throw new Error(`${fetching} events wait, not ${events}; paused: ${pauseReason}`);
}

/** A signed delivery of Meta with one lead. */
function nextEvent() {
  const value = { leadgen_id: String(9_007_199_254_740_993n + BigInt(count++)), page_id: "1", form_id: "2" };
  const changes = [{ field: "leadgen", value: { ...value, created_time: 1_790_000_000 } }];
  const body = JSON.stringify({ object: "page", entry: [{ id: "1", time: 1_790_000_000, changes }] });
  const signature = createHmac("sha256", APP_SECRET).update(body).digest("hex");
  const headers = { "x-hub-signature-256": `sha256=${signature}` };
  return { path: "/leads/sources/meta", headers, body, status: 200 };
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

async function start(kind, config) {
  const program = fileURLToPath(new URL("serve.mjs", import.meta.url));
  const options = JSON.stringify({ config, persist: await mkdtemp(join(folder, kind)) });
  const child = spawn(process.execPath, [program, kind, options], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const stop = async () => {
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  return { ...JSON.parse(line), pid: await workerdOf(child.pid), stop };
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
