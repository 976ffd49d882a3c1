// `crash.mjs [--runs N] [--seed S]`: longer than the suite's. Prints a line per run; fails if a lead was lost or
// duplicated.
import { parseArgs } from "node:util";
import { trial, UNSEARCHABLE } from "./support/crash.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, seed: { type: "string", default: "1" } },
});
const total = { leads: 0, kills: 0, lost: 0, duplicated: 0 };
const scenarios = {
  workerd: { kind: "workerd" },
  node: { kind: "node" },
  sources: { kind: "node", platforms: 100 },
  "no search": { kind: "node", bound: 1_800_000, ...UNSEARCHABLE },
};
for (let run = 0; run < Number(values.runs); run++) {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const seed = Number(values.seed) + run;
    const { acknowledged, kills, lost, duplicated, calls } = await trial({ seed, kills: 8, ...scenario });
    console.log(
      `${name.padEnd(9)} seed ${seed}: ${acknowledged} acknowledged, ${kills} kills, ${calls} calls, ${lost} lost, ${duplicated} duplicated`,
    );
    total.leads += acknowledged;
    total.kills += kills;
    total.lost += lost;
    total.duplicated += duplicated;
  }
}
console.log(`${total.leads} leads, ${total.kills} kills: ${total.lost} lost, ${total.duplicated} duplicated`);
process.exitCode = total.lost || total.duplicated ? 1 : 0;
