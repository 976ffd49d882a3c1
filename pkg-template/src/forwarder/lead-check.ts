import { issue, type Issue } from "../errors.js";
import { wasm } from "../modules/forwarder.js";
import { enter } from "./instance.js";

/** Everything that is wrong with the JSON text of a lead, by the same check as a page's. */
export async function issuesOf(lead: string): Promise<Issue[]> {
  const loading = wasm.ready();
  if (loading) await loading;
  const issues: Issue[] = [];
  enter((wasm) => wasm.validateLead(lead, (...told: Parameters<typeof issue>) => issues.push(issue(...told))));
  return issues;
}
