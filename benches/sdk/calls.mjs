// Creates and lists over a `fetch` that resolves at once, in one process.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { median } from "../median.mjs";
import { inTurns, load } from "./clients.mjs";
import { LEAD, list, RECORD, TOKEN } from "./lead.mjs";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** Each kind of call: how many per round, the response, and the expected result. */
const KINDS = {
  create: {
    count: 1_000,
    text: RECORD,
    call: ({ create }) => create(LEAD),
    isRight: (record) => record._id.length === 24,
  },
  100: { count: 100, text: list(100), call: ({ list }) => list(100), isRight: (records) => records.length === 100 },
  5_000: {
    count: 2,
    text: list(5_000),
    call: ({ list }) => list(5_000),
    isRight: (records) => records.length === 5_000,
  },
};

/**
 * Samples by kind and client: microseconds of time and of CPU a call, one of each a round. `kinds`: `create`, or the
 * length of a list.
 */
export async function measureCalls(kinds, rounds, names) {
  let text;
  const fetch = async () => new Response(text, { headers: { "content-type": "application/json" } });
  const clients = {};
  for (const name of names) {
    const connect = await load(name);
    clients[name] = connect({ baseURL: "https://crm.example", token: TOKEN, fetch });
  }
  const samples = {};
  for (const kind of kinds) {
    const { count, call, isRight } = KINDS[kind];
    text = KINDS[kind].text;
    samples[kind] = Object.fromEntries(names.map((name) => [name, { time: [], cpu: [] }]));
    const batch = async (client) => {
      for (let index = 0; index < count; index++) {
        if (!isRight(await call(client))) throw new Error("a call gave something else");
      }
    };
    for (const name of names) for (let warm = 0; warm < 4; warm++) await batch(clients[name]);
    for (let round = 0; round < rounds; round++) {
      for (const name of inTurns(names, round)) {
        collectGarbage();
        // A collection also drops optimized code: without this, most of a round is compiling it again.
        await batch(clients[name]);
        const [start, before] = [performance.now(), process.cpuUsage()];
        await batch(clients[name]);
        const { user, system } = process.cpuUsage(before);
        samples[kind][name].time.push(((performance.now() - start) * 1_000) / count);
        samples[kind][name].cpu.push((user + system) / count);
      }
    }
  }
  return samples;
}

/** The number of rounds in which one took no longer than another. */
export function roundsWon(one, other) {
  return one.time.filter((time, round) => time <= other.time[round]).length;
}

/** The median of the rounds' ratios to bare `fetch`: what slows down a round slows down both. */
export function ratio(samples, name, of) {
  return median(samples[name][of].map((value, round) => value / samples.bare[of][round]));
}
