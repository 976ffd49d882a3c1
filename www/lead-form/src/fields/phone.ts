import type { LeadIssue } from "../base/public.js";

/** A phone number, possibly unparsed. */
export interface PhoneNumber {
  /** In E.164 if possible, otherwise as typed, with Western digits. */
  readonly number: string;
  readonly country: string;
  readonly check: "strict" | "possible" | "raw";
}

/** The result of checking a lead. */
export interface CheckResult {
  readonly phone: PhoneNumber;
  readonly issues: readonly LeadIssue[];
}

/** The result without checks, for example under a CSP that forbids WebAssembly: no known issues. */
export function uncheckedResult(raw: string, country: string): CheckResult {
  return { phone: { number: toWesternDigits(raw), country, check: "raw" }, issues: [] };
}

/** A text with the digits ٠-٩ and ۰-۹ as 0-9, without the direction marks that phones paste. */
export function toWesternDigits(text: string): string {
  return text
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
}
