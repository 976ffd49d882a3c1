import type { FieldView } from "../view/field-view.js";
import { toWesternDigits } from "../fields/phone.js";
import { CODES } from "./countries.js";

/** For shared calling codes, the country of most numbers. */
const MAIN = new Set(["US", "RU", "GB", "IT", "NO", "FI", "AU", "MA", "GP", "NZ", "RE", "CW"]);

const countries = Array.from(CODES.matchAll(/(..)(\d+)/g), ([, country = "", code = ""]) => ({ country, code }));

/**
 * Selects the country of the typed calling code and returns it, also if it is not in the list yet; `undefined` without
 * a calling code.
 */
export function selectCountryOfNumber(view: FieldView): string | undefined {
  // Only phone numbers have a country list.
  if (view.definition.path !== "leadInformation.phone") return undefined;
  const named = countryOf(String(view.rawValue), view.country);
  if (named) view.country = named;
  return named;
}

/** The country of a number. `chosen`, the selected country, is preferred if it has the calling code. */
function countryOf(number: string, chosen: string): string | undefined {
  const [, digits] = /^(?:\+|00)([\d\s().-]+)$/.exec(toWesternDigits(number)) ?? [];
  const text = digits?.replace(/\D/g, "");
  if (!text) return undefined;
  const [longest, ...others] = countries
    .filter(({ code }) => text.startsWith(code))
    .sort((one, other) => other.code.length - one.code.length);
  if (!longest) return undefined;
  const same = [longest, ...others].filter(({ code }) => code === longest.code).map(({ country }) => country);
  return same.find((country) => country === chosen) ?? same.find((country) => MAIN.has(country)) ?? longest.country;
}
