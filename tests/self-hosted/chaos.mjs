// `chaos.mjs [--seconds N] [--seed S] [--only SCENARIO,…]`: `serve` behind Caddy in each scenario. Prints a table;
// fails if a lead was lost or duplicated, or if an alert was missing, late or wrong.
import { parseArgs } from "node:util";
import { runScenario } from "./support/chaos/run.mjs";
import { SCENARIOS } from "./support/chaos/scenarios.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const names = values.only?.split(",") ?? Object.keys(SCENARIOS);
const unknown = names.find((name) => !Object.hasOwn(SCENARIOS, name));
if (unknown !== undefined)
  throw new Error(`unknown scenario ${unknown}; the scenarios are ${Object.keys(SCENARIOS).join(", ")}`);
const rows = [];
for (const name of names) {
  const began = performance.now();
  const log = (line) => console.error(`${name}, ${Math.round((performance.now() - began) / 1_000)} s: ${line}`);
  const options = { seconds: Number(values.seconds), seed: Number(values.seed), log };
  const { acknowledged, responses, calls, lost, duplicated, raised, resolved, problems } = await runScenario(
    SCENARIOS[name],
    options,
  );
  const refused = Object.entries(responses).filter(([status]) => status !== "202");
  const cells = [
    ...[name, acknowledged, refused.map(([status, count]) => `${count} × ${status}`).join(", ") || "none"],
    ...[calls, raised.join(", ") || "none", resolved.join(", ") || "none", lost, duplicated],
  ];
  rows.push(`| ${cells.join(" | ")} |`);
  for (const problem of problems) {
    console.error(`${name}: ${problem}`);
    process.exitCode = 1;
  }
}
console.log(`| | acknowledged | other responses | calls | raised | resolved | lost | duplicated |
| --- | ---: | --- | ---: | --- | --- | ---: | ---: |
${rows.join("\n")}`);
