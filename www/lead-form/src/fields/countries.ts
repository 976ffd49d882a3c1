import { nullProto } from "../base/null-proto.js";

/** The countries whose numbers are validated strictly, with their calling codes. The others are loaded later. */
const STRICT_CODES = "EG20AE971SA966QA974KW965BH973OM968FR33";

/** A country to choose: its name in a language, and its calling code. */
export interface Country {
  readonly code: string;
  readonly name: string;
  readonly callingCode: string;
}

/** Parses countries and calling codes, such as `EG20FR33`. */
function parseCodes(text: string): [country: string, callingCode: string][] {
  return [...text.matchAll(/(..)(\d+)/g)].map(([, country = "", code = ""]) => [country, `+${code}`]);
}

let codes = new Map(parseCodes(STRICT_CODES));

/** Whether a number that does not match the country's patterns causes a warning. */
export const isStrictCountry = (country: string): boolean => STRICT_CODES.includes(country);

/** Adds countries to the list. */
export function addCountries(text: string): void {
  codes = new Map([...codes, ...parseCodes(text)]);
}

/** A country code in upper case; empty if it is not one. */
export function parseCountry(code: string | null | undefined): string {
  const country = code?.trim().toUpperCase() ?? "";
  return /^[A-Z]{2}$/.test(country) ? country : "";
}

/** The countries and `chosen`, named and sorted in a language. */
export function listCountries(language: string, chosen: string): Country[] {
  const names = new Intl.DisplayNames(language, nullProto({ type: "region" as const }));
  const { compare } = new Intl.Collator(language);
  return [...new Map([[chosen, ""], ...codes])]
    .filter(([code]) => code)
    .map(([code, callingCode]) => ({ code, name: names.of(code) ?? code, callingCode }))
    .sort((one, other) => compare(one.name, other.name));
}
