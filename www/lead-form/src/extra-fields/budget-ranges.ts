import type { FieldOption } from "../fields/field.js";
import type { Language } from "../languages/index.js";

/** The limits between the ranges of a budget, in thousands. */
const LIMITS: Readonly<Record<string, readonly number[]>> = {
  EGP: [2_000, 5_000, 10_000, 20_000, 40_000],
  SAR: [500, 1_000, 2_000, 3_500, 6_000],
  AED: [750, 1_500, 2_500, 5_000, 10_000],
  QAR: [750, 1_500, 2_500, 5_000, 10_000],
  KWD: [75, 150, 250, 500, 1_000],
  EUR: [200, 350, 500, 800, 1_500],
};

/** The currencies with ranges. */
export const CURRENCIES = Object.keys(LIMITS);

const TEXTS = {
  en: { upTo: "Up to", over: "Over" },
  ar: { upTo: "حتى", over: "أكثر من" },
  fr: { upTo: "Jusqu’à", over: "Plus de" },
};

/** The ranges of a budget. The values are English, for the CRM; the labels follow `setLanguage`. */
export function budgetRanges(currency: string): FieldOption[] {
  return labelsOf(currency, "en").map((label) => ({ value: label, label }));
}

/** The labels of the ranges in a language. */
export function labelsOf(currency: string, code: Language["code"]): string[] {
  const limits = LIMITS[currency] ?? [];
  const { upTo, over } = TEXTS[code as "en"] ?? TEXTS.en;
  const amount = amountFormat(currency, code);
  const texts = limits.map((limit) => amount.format(limit * 1_000).replace(/\s/g, " "));
  return [
    `${upTo} ${texts[0]}`,
    ...texts.slice(1).map((text, index) => `${texts[index]} – ${text}`),
    `${over} ${texts.at(-1)}`,
  ];
}

/** Formats amounts. The browser may not know the code of a language that the page added. */
function amountFormat(currency: string, code: string): Intl.NumberFormat {
  const options = { style: "currency", currency, notation: "compact", maximumFractionDigits: 2 } as const;
  try {
    return new Intl.NumberFormat(code, options);
  } catch {
    return new Intl.NumberFormat("en", options);
  }
}
