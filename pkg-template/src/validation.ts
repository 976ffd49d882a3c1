import * as glue from "../wasm/validation.js";
import { failure, issue, type Issue } from "./errors.js";
import { wasm } from "./modules/validation.js";

export type { Issue } from "./errors.js";

/**
 * Checks a lead as `leads.create` would, without a client: everything that is wrong with it, at
 * once, or nothing. Errors would stop the call; warnings only that of a strict client.
 *
 * @throws ConnectionError where the wasm cannot be loaded.
 */
export async function validateLead(lead: unknown): Promise<Issue[]> {
  const text = json(lead);
  if (text === undefined) {
    return [{ path: "", code: "json", severity: "error", message: "cannot be written as JSON" }];
  }
  const issues: Issue[] = [];
  const take = (...told: Parameters<typeof issue>) => issues.push(issue(...told));
  await enter(() => glue.validateLead(text, take));
  return issues;
}

function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return;
  }
}

/** Enters the wasm; a trap ends here, and the next question finds a fresh instance. */
async function enter<T>(question: () => T): Promise<T> {
  try {
    await wasm.ready();
  } catch (cause) {
    throw wasm.unloadable(cause);
  }
  try {
    return question();
  } catch (cause) {
    glue.__wbg_reset_state();
    throw failure("internal", "a defect of this package ended the check", cause);
  }
}
