// `crash.mjs [--runs N] [--seed S]`: longer than the suite's. Prints a line a run; fails if a lead was lost or doubled.
import { parseArgs } from "node:util";
import { trial } from "./support/crash.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "5" }, seed: { type: "string", default: "1" } } });
const total = { leads: 0, kills: 0, lost: 0, doubled: 0 };
for (let run = 0; run < Number(values.runs); run++) {
  for (const kind of ["workerd", "node"]) {
    const seed = Number(values.seed) + run;
    const { acknowledged, kills, lost, doubled, calls } = await trial({ kind, seed, kills: 8 });
    console.log(`${kind.padEnd(8)} seed ${seed}: ${acknowledged} acknowledged, ${kills} kills, ${calls} calls, ${lost} lost, ${doubled} doubled`);
    total.leads += acknowledged;
    total.kills += kills;
    total.lost += lost;
    total.doubled += doubled;
  }
}
console.log(`${total.leads} leads, ${total.kills} kills: ${total.lost} lost, ${total.doubled} doubled`);
process.exitCode = total.lost || total.doubled ? 1 : 0;
