// Parses amounts as people type them. It imports nothing, because the lead form bundles it too.

/** By language, the separator that means thousands if it occurs once, as in `1,500`. */
const GROUP_MARKS: Readonly<Record<string, string>> = { ar: ",", en: "," };

/** Longer texts are not amounts. */
const MAX_LENGTH = 60;

/** Words for powers of ten. These and all patterns below match the result of `normalize`. */
const MAGNITUDES: readonly (readonly [words: string, exponent: number])[] = [
  ["k|thousands?|mille|milliers?|الف|الفا|الاف", 3],
  ["lakhs?", 5],
  ["m|mn|mln|mio|millions?|مليون|مليونا|ملايين", 6],
  ["crores?", 7],
  ["bn|milliards?|مليار|مليارا|مليارات|بليون|بلايين", 9],
];

/** 10⁹ in English, and what Arabic speakers write; 10¹² in French and other languages. */
const BILLION = "b|billions?";

/** Symbols, codes, abbreviations and names of currencies. */
const CURRENCIES = [
  "(?:us|ca|au)?\\$|[€₺₹₽\\ufdfc\\u20c1]|e?£|£eg?|l\\.?e\\.?",
  "egp|sar|aed|qar|kwd|bhd|omr|jod|iqd|lbp|syp|lyd|tnd|dzd|mad|eur|usd|gbp|chf|try|inr|pkr|cad|aud|cny|rub",
  "sr|qr|kd|bd|jd|dhs?|euros?|dollars?|pounds?|livres?|riyals?|rials?|dirhams?|dinars?",
  "ج(?:\\.? ?م)?\\.?|ر\\.? ?[سقعي]\\.?|د\\.? ?[اكبعتجمل]\\.?|ل\\.? ?[لس]\\.?",
  "جنيه|جنيها|جنيهات|ريال|ريالا|ريالات|درهم|درهما|دراهم|دينار|دينارا|دنانير|دولار|دولارا|دولارات|يورو",
].join("|");

/** Adjectives that name the country of a currency. */
const COUNTRIES = [
  "us|uae|american|egyptian|saudi|emirati|qatari|kuwaiti|bahraini|omani|jordanian",
  "(?:americain|egyptien|saoudien|emirati|qatari|koweitien|bahreini|omanais|jordanien)(?:ne)?s?",
  "(?:امريكي|مصري|سعودي|اماراتي|قطري|كويتي|بحريني|عماني|اردني)[اهة]?",
].join("|");

const MONEY = `(?:(?:${COUNTRIES}) ?)?(?:${CURRENCIES})(?: ?(?:${COUNTRIES}))?`;
const WORDS = [...MAGNITUDES.map(([words]) => words), BILLION].join("|");
const AMOUNT = new RegExp(`^(?:${MONEY})? ?([\\d.,٫٬' ]*\\d)(?: ?(${WORDS}))?(?: ?(?:d'|de )?(?:${MONEY}))?\\.?$`);

/** Groups of three digits after the same separator, then optional decimals after another one. */
const GROUPED = /^[1-9]\d{0,2}([.,٫٬' ])\d{3}(?:\1\d{3})*(?:(?!\1)([.,٫])\d{1,2})?$/;
const UNGROUPED = /^(?:0|[1-9]\d*)?(?:[.,٫]\d{1,2})?$/;

/**
 * Parses an amount such as `1,500,000`, `٢٫٥ مليون` or `EGP 5M`. Returns `undefined` for anything ambiguous: ranges,
 * negative numbers, several numbers, `1.500`.
 *
 * `language` is a tag such as `ar` or `fr-FR`. It decides what `1,500` means.
 */
export function parseAmount(text: string, language: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, number, word] = AMOUNT.exec(normalize(text)) ?? [];
  if (number === undefined) return undefined;
  const tag = language.toLowerCase().split(/[-_]/, 1)[0] ?? "";
  const exponent = word === undefined ? 0 : exponentOf(word, tag);
  const digits = digitsOf(number, GROUP_MARKS[tag]);
  if (digits === undefined || exponent === undefined) return undefined;
  // Parsed as one text: multiplying would add a rounding error.
  const amount = Number(`${digits}e${exponent}`);
  return amount <= Number.MAX_SAFE_INTEGER ? amount : undefined;
}

/** The number's digits with a point before the decimals, unless it is ambiguous. */
function digitsOf(number: string, groupMark: string | undefined): string | undefined {
  const grouped = GROUPED.exec(number);
  if (!grouped) return UNGROUPED.test(number) ? number.replace(/[,٫]/, ".") : undefined;
  const [, mark = "", decimalMark] = grouped;
  const groups = number.split(mark);
  const isCertain = groups.length > 2 || decimalMark || mark === groupMark || "٬' ".includes(mark);
  return isCertain ? groups.join("").replace(/[,٫]/, ".") : undefined;
}

function exponentOf(word: string, tag: string): number | undefined {
  const isOneOf = (words: string) =>
    words.split("|").some((one) => word === one.replace("?", "") || word === one.replace("s?", ""));
  if (isOneOf(BILLION)) return tag === "en" || tag === "ar" ? 9 : undefined;
  return MAGNITUDES.find(([words]) => isOneOf(words))?.[1];
}

/** Converts to lower case, ASCII digits, plain spaces and apostrophes; removes accents and invisible characters. */
function normalize(text: string): string {
  /* eslint-disable no-misleading-character-class -- it removes single combining marks */
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u0302\u0308\u0327\u0640\u064b-\u0655\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[’‘ʼ`´_]/g, "'")
    .replace(/،/g, ",")
    .replace(/[ىی]/g, "ي")
    .replace(/\s+/g, " ")
    .trim();
  /* eslint-enable no-misleading-character-class */
}
