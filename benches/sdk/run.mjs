// The SDK against bare `fetch` and against other services' clients: bytes, creates, lists, starts, bulk creates.
// Alternately; prints Markdown tables. PARTS: those to measure, as in `calls,bulk`; ROUNDS: how many.
import { median } from "../median.mjs";
import { measureCalls, ratio, roundsWon } from "./calls.mjs";
import { CLIENTS } from "./clients.mjs";
import { measureBulk, measureStarts } from "./processes.mjs";
import { measureSizes } from "./size.mjs";

const ALL = ["size", "create", "lists", "start", "bulk"];
const parts = process.env.PARTS?.split(",") ?? ALL;
const unknown = parts.find((part) => !ALL.includes(part));
if (unknown) throw new Error(`unknown part ${unknown}; the parts are ${ALL.join(", ")}`);
const rounds = Number(process.env.ROUNDS ?? 9);
const names = Object.keys(CLIENTS);
const has = (part) => parts.includes(part);

const columns = [];
/** A column of the table of all clients: a title, and a cell by the client's name. */
const column = (title, cell) => columns.push({ title, cell });

const kinds = [...(has("create") ? ["create"] : []), ...(has("lists") ? ["100", "5000"] : [])];
const samples = kinds.length ? await measureCalls(kinds, rounds, names) : {};
if (has("size")) {
  const sizes = await measureSizes(names);
  column("bytes of brotli", (name) => `${sizes[name]}`);
}
if (has("create")) {
  column("create, µs", (name) => median(samples.create[name].time).toFixed(1));
  column("× bare", (name) => ratio(samples.create, name, "time").toFixed(2));
  column("× bare in CPU", (name) => ratio(samples.create, name, "cpu").toFixed(2));
}
if (has("lists")) {
  for (const kind of ["100", "5000"]) {
    column(`list of ${(+kind).toLocaleString("en")}, × bare`, (name) => ratio(samples[kind], name, "time").toFixed(2));
    column("in CPU", (name) => ratio(samples[kind], name, "cpu").toFixed(2));
  }
}
if (has("start")) {
  const starts = await measureStarts(names, rounds);
  column("start, ms", (name) => median(starts[name].time).toFixed(1));
  column("in CPU", (name) => median(starts[name].cpu).toFixed(1));
}

if (columns.length) {
  console.log(`| | ${columns.map(({ title }) => title).join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(columns.length)}`);
  for (const name of names) console.log(`| ${CLIENTS[name]} | ${columns.map(({ cell }) => cell(name)).join(" | ")} |`);
}
if (has("create")) {
  const won = roundsWon(samples.create["icloud-ready"], samples.create["openapi-fetch"]);
  console.log(`\nA create took icloud-ready no longer than openapi-fetch in ${won} of ${rounds} rounds.`);
}
if (has("bulk")) await bulk();
console.log(`\nMedians of ${rounds} rounds in turns, ratios those of each round; Node.js ${process.version}.`);

async function bulk() {
  const [few, many] = [await measureBulk(10_000, Math.max(7, rounds >> 1)), await measureBulk(100_000, 1)];
  const row = (title, name) => {
    const { rate, cpu, peak, heap } = few[name];
    const cells = [
      median(rate).toFixed(0),
      median(cpu).toFixed(0),
      median(peak).toFixed(0),
      median(heap).toFixed(1),
      many[name].heap[0].toFixed(1),
    ];
    return `| ${title} | ${cells.join(" | ")} |`;
  };
  const perRound = (of) => few["icloud-ready"][of].map((value, round) => few.loop[of][round] / value);
  console.log(`
| 10,000 leads, 8 at once | leads a second | CPU a lead, µs | peak memory, MB | heap afterwards, MB | after 100,000, MB |
| --- | ---: | ---: | ---: | ---: | ---: |
${row("a loop, by hand", "loop")}
${row("createMany", "icloud-ready")}

\`createMany\` takes ${median(perRound("rate")).toFixed(2)} times the loop's time and ${(1 / median(perRound("cpu"))).toFixed(2)} times its CPU.`);
}
