import type { Fault, FieldName } from "../fields.js";
import type { Failure } from "../failure.js";

/** All that the form says, in one language. */
export interface Language {
  /** As `lang` takes it. */
  readonly code: string;
  readonly direction: "ltr" | "rtl";
  readonly labels: Readonly<Record<FieldName, string>>;
  /** Explains the mark at the fields that must be filled in. */
  readonly marked: string;
  /** How to write a number; `country` is the country's name where it is known. */
  phoneHint(country: string | undefined): string;
  readonly faults: Readonly<Record<Exclude<Fault, "missing">, string>>;
  readonly missing: Readonly<Record<FieldName, string>>;
  readonly submit: string;
  readonly retry: string;
  readonly sending: string;
  readonly accepted: string;
  readonly acceptedMore: string;
  readonly again: string;
  readonly failed: string;
  readonly failures: Readonly<Record<Failure, string>>;
}
