import * as glue from "../wasm/validation.js";
import { createError, issueFromWasm, type Issue } from "./base/errors.js";
import { findRoundedIntegers } from "./base/precision.js";
import { wasm } from "./loader/modules/validation.js";

export type { Issue } from "./base/errors.js";

/**
 * Validates a lead as `leads.create` does, without a client. Returns all issues, or an empty array: `leads.create`
 * fails for errors, and for warnings only if the client is `strict`.
 *
 * @throws {ConnectionError} if the wasm cannot be loaded.
 *
 * @example
 * const issues = await validateLead({ leadInformation: { firstName: "Mona" } });
 * // [{ path: "leadInformation.phone", code: "required", severity: "error", message: "is required" }]
 */
export async function validateLead(lead: unknown): Promise<Issue[]> {
  const text = toJSON(lead);
  if (text === undefined) {
    const [code, message] =
      lead === undefined ? (["required", "is required"] as const) : (["json", "cannot be written as JSON"] as const);
    return [{ path: "", code, severity: "error", message }];
  }
  const issues = findRoundedIntegers(text);
  const addIssue = (...fields: Parameters<typeof issueFromWasm>) => issues.push(issueFromWasm(...fields));
  await callWasm(() => glue.validateLead(text, addIssue));
  return issues;
}

/** The result of parsing a telephone number. */
export interface Phone {
  /** The number in E.164, such as `+201001234567`; missing if `check` is `raw`. */
  e164?: string;
  /**
   * The number's country, such as `EG`. If several share the calling code and the number matches none, it is the
   * largest one. Missing for codes without a country, such as +800.
   */
  country?: string;
  /**
   * `strict`: the number matches its country's numbering plan (AE, BH, EG, FR, KW, OM, QA, SA). `possible`: calling
   * code and length are valid. `raw`: it is not a telephone number.
   */
  check: "strict" | "possible" | "raw";
}

/**
 * Parses a telephone number as people type and paste it: ASCII, Arabic, Persian and fullwidth digits, common
 * separators, `00` for `+`, and `(0)`. Text before the number and an extension after it are ignored.
 *
 * @param country Two letters, such as `EG`: the country of numbers without a calling code. Without it, or if it is
 *   unknown, such numbers are `raw`.
 * @throws {ConnectionError} if the wasm cannot be loaded.
 *
 * @example
 * await parsePhone("0100 123 4567", "EG"); // { e164: "+201001234567", country: "EG", check: "strict" }
 */
export async function parsePhone(text: string, country?: string): Promise<Phone> {
  let phone: Phone = { check: "raw" };
  const setPhone = (e164: string, isStrict: boolean, numberCountry: string | undefined) => {
    phone = { e164, ...(numberCountry && { country: numberCountry }), check: isStrict ? "strict" : "possible" };
  };
  await callWasm(() => glue.parsePhone(stringOrUndefined(text) ?? "", stringOrUndefined(country), setPhone));
  return phone;
}

/** The wasm traps for values that are not strings. */
const stringOrUndefined = (value: unknown) => (typeof value === "string" ? value : undefined);

function toJSON(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return;
  }
}

/** Loads and calls the wasm. After a trap the next call gets a new instance. */
async function callWasm<T>(step: () => T): Promise<T> {
  try {
    await wasm.ready();
  } catch (cause) {
    throw wasm.loadError(cause);
  }
  try {
    return step();
  } catch (cause) {
    glue.__wbg_reset_state();
    throw createError("internal", "internal error", cause);
  }
}
