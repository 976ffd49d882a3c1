import { bare } from "./bare.js";

/** The countries whose numbers are checked strictly, with their calling codes: the rest come when the visitor does. */
const STRICT_CODES = "EG20AE971SA966QA974KW965BH973OM968FR33";

/** A country to choose, in a language: its name, and with it the calling code. */
export interface Country {
  readonly code: string;
  readonly name: string;
  readonly callingCode: string;
}

/** Countries and calling codes, as in `EG20FR33`. */
function read(text: string): [country: string, callingCode: string][] {
  return [...text.matchAll(/(..)(\d+)/g)].map(([, country = "", code = ""]) => [country, `+${code}`]);
}

let codes = new Map(read(STRICT_CODES));

/** Whether what does not fit a country's patterns is doubtful there. */
export const isStrict = (country: string): boolean => STRICT_CODES.includes(country);

/** Adds to the countries there are. */
export function addCountries(text: string): void {
  codes = new Map([...codes, ...read(text)]);
}

/** A country by its code, whatever its case; none if it is no such code. */
export function countryOf(code: string | null | undefined): string {
  const country = code?.trim().toUpperCase() ?? "";
  return /^[A-Z]{2}$/.test(country) ? country : "";
}

/** The countries there are and `chosen`, as a language calls and sorts them. */
export function countriesIn(language: string, chosen: string): Country[] {
  const names = new Intl.DisplayNames(language, bare({ type: "region" as const }));
  const { compare } = new Intl.Collator(language);
  return [...new Map([[chosen, ""], ...codes])]
    .filter(([code]) => code)
    .map(([code, callingCode]) => ({ code, name: names.of(code) ?? code, callingCode }))
    .sort((one, other) => compare(one.name, other.name));
}
