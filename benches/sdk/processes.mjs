// Measurements in separate processes: cold starts, and creating leads in bulk.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inTurns } from "./clients.mjs";

const run = promisify(execFile);
const program = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Samples by client: milliseconds of time and of CPU from importing it to its first request. */
export async function measureStarts(names, rounds) {
  const samples = Object.fromEntries(names.map((name) => [name, { time: [], cpu: [] }]));
  // The first start of each reads its files from the disk.
  for (let round = -1; round < rounds; round++) {
    for (const name of inTurns(names, round)) {
      const sample = await measure([program("start.mjs"), name]);
      if (round >= 0) for (const of of ["time", "cpu"]) samples[name][of].push(sample[of]);
    }
  }
  return samples;
}

/** Samples of the loop and of `createMany`: `leads` leads per round. */
export async function measureBulk(leads, rounds) {
  const server = spawn(process.execPath, [program("bulk-server.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [url] = await once(createInterface({ input: server.stdout }), "line");
    const names = ["loop", "icloud-ready"];
    const samples = Object.fromEntries(names.map((name) => [name, { rate: [], cpu: [], peak: [], heap: [] }]));
    for (let round = 0; round < rounds; round++) {
      for (const name of inTurns(names, round)) {
        const sample = await measure(["--expose-gc", program("bulk-client.mjs"), name, `${leads}`, url]);
        for (const of of Object.keys(sample)) samples[name][of].push(sample[of]);
      }
    }
    return samples;
  } finally {
    server.stdin.end();
    await once(server, "exit");
  }
}

async function measure(args) {
  const { stdout } = await run(process.execPath, args, { timeout: 600_000 });
  return JSON.parse(stdout);
}
