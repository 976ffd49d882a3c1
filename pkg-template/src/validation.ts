import * as glue from "../wasm/validation.js";
import { createError, issueFromWasm, type Issue } from "./base/errors.js";
import { findRoundedIntegers } from "./base/precision.js";
import { wasm } from "./loader/modules/validation.js";

export type { Issue } from "./base/errors.js";

/**
 * Checks a lead as `leads.create` would, without a client: everything that is wrong with it, at
 * once, or nothing. Errors would stop the call; warnings only that of a strict client.
 *
 * @throws ConnectionError where the wasm cannot be loaded.
 */
export async function validateLead(lead: unknown): Promise<Issue[]> {
  const text = json(lead);
  if (text === undefined) {
    const [code, message] =
      lead === undefined ? (["required", "is required"] as const) : (["json", "cannot be written as JSON"] as const);
    return [{ path: "", code, severity: "error", message }];
  }
  const issues = findRoundedIntegers(text);
  const take = (...told: Parameters<typeof issueFromWasm>) => issues.push(issueFromWasm(...told));
  await enter(() => glue.validateLead(text, take));
  return issues;
}

/** What a text is, taken as a telephone number. */
export interface Phone {
  /** As it is dialed from anywhere, `+201001234567`; absent where `check` is `raw`. */
  e164?: string;
  /**
   * The number's own country, as in `EG`: of several that share a calling code, the largest stands
   * for what is not known to be another's. Absent too for a code of no country, such as +800.
   */
  country?: string;
  /**
   * `strict`: the country's numbering plan has the number, which is known of AE, BH, EG, FR, KW, OM,
   * QA and SA. `possible`: there is the calling code, and numbers of this length. `raw`: there is
   * nothing but the text.
   */
  check: "strict" | "possible" | "raw";
}

/**
 * Reads a telephone number as people type and paste it: with digits of any of ASCII, Arabic,
 * Persian and fullwidth, spaces, dashes, dots, slashes, parentheses and marks of direction, `00`
 * for `+`, and `(0)`. What stands before it is passed over, and so is an extension behind it. What
 * is no number, as no string is, is `raw`.
 *
 * @param country where the number is dialed if it is not written as from abroad: two letters, as
 *   in `EG`. Without one, or with an unknown one, a number must be written as from abroad.
 * @throws ConnectionError where the wasm cannot be loaded.
 */
export async function parsePhone(text: string, country?: string): Promise<Phone> {
  let phone: Phone = { check: "raw" };
  const take = (e164: string, strict: boolean, of: string | undefined) => {
    phone = { e164, ...(of && { country: of }), check: strict ? "strict" : "possible" };
  };
  await enter(() => glue.parsePhone(string(text) ?? "", string(country), take));
  return phone;
}

/** What is no string would be a trap. */
const string = (value: unknown) => (typeof value === "string" ? value : undefined);

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
    throw wasm.loadError(cause);
  }
  try {
    return question();
  } catch (cause) {
    glue.__wbg_reset_state();
    throw createError("internal", "internal error", cause);
  }
}
