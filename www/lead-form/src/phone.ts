import type { Fault } from "./public.js";

/** A phone number, as far as it is understood. */
export interface Phone {
  /** As it is dialled from anywhere, if that can be told; else as it was typed, its digits western. */
  readonly number: string;
  readonly country: string;
  readonly check: "strict" | "possible" | "raw";
}

/** What the checks say of a lead. */
export interface Checked {
  readonly phone: Phone;
  readonly faults: readonly Fault[];
}

/** What is said without checks, as under a CSP that forbids wasm: nothing is known to be wrong. */
export function unchecked(raw: string, country: string): Checked {
  return { phone: { number: western(raw), country, check: "raw" }, faults: [] };
}

/** A text with the digits ٠-٩ and ۰-۹ as 0-9, without the marks of direction that phones paste. */
export function western(text: string): string {
  return text
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
}
