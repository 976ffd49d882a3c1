// Amounts as people type them: a number, or undefined where a number would be a guess.
import assert from "node:assert/strict";
import { test } from "node:test";
import { randomIntegers, SEED } from "../support/rng.mjs";
import { packageFolder } from "./support/package.mjs";

const { parseAmount } = await import(new URL("dist/base/amount.js", packageFolder).href);

const LANGUAGES = ["en", "fr", "ar"];
const all = (text) => LANGUAGES.map((language) => parseAmount(text, language));
const same = (value) => [value, value, value];

test("a mark before three digits is a group separator only in languages that group with it, otherwise ambiguous", () => {
  assert.deepEqual(all("1,500"), [1500, undefined, 1500]);
  assert.deepEqual(all("1،500"), [1500, undefined, 1500]);
  for (const text of ["1.500", "500.000", "١٫٥٠٠", "0,500", "0.500"])
    assert.deepEqual(all(text), same(undefined), text);
  assert.equal(parseAmount("1,500", "en-US"), 1500);
  assert.equal(parseAmount("1,500", "ar_EG"), 1500);
  assert.equal(parseAmount("1,500", "de"), undefined);
});

const READ = {
  2.5: ["2,5", "2.5", "٢٫٥", "۲٫۵", "2،5", "2.50", " 2.5 ", "\u200f٢٫٥\u200f", "2.5."],
  0.5: ["0.5", ".5", ",50"],
  0: ["0", "٠", "0.00"],
  1500: [
    "1500",
    "1 500",
    "1\u00a0500",
    "1\u202f500",
    "1'500",
    "1’500",
    "١٬٥٠٠",
    "1500.",
    "1.5k",
    "1,5 mille",
    "1.5 thousand",
    "١٫٥ ألف",
  ],
  250000.5: ["250 000,50", "250,000.5", "250.000,50", "250'000.50", "٢٥٠٬٠٠٠٫٥"],
  1500000: [
    "1500000,00",
    "1.500.000",
    "1,500,000",
    "1 500 000",
    "1\u202f500\u202f000",
    "١٬٥٠٠٬٠٠٠",
    "1،500،000",
    "1٫500٫000",
    "1.500.000,00",
    "1,5 million",
    "1.5M",
    "1.5m",
    "1,5 M",
    "1.5mn",
    "1.5 mln",
    "١٫٥ مليون",
    "1.5 مليون",
    "1500k",
    "1 500 mille",
    "1500 ألف",
    "١٥٠٠ الف",
    "15 lakhs",
    "EGP 1,500,000",
    "1,500,000 EGP",
    "EGP1500000",
    "E£ 1,500,000",
    "L.E. 1,500,000",
    "1,500,000LE",
    "1.500.000 ج.م.",
    "١٬٥٠٠٬٠٠٠ ج.م",
    "١٫٥ مليون جنيه مصري",
    "SAR 1.5M",
    "1 500 000 ﷼",
    "١٫٥ مليون ريال سعودي",
    "AED 1,500,000.00",
    "1.5 million dirhams",
    "د.إ. ١٬٥٠٠٬٠٠٠",
    "QAR 1.5 million",
    "1.5M KWD",
    "1.5MEGP",
    "€1.5M",
    "1,5 M€",
    "1,5 million d’euros",
    "1,5 million de dirhams émiratis",
    "$1,500,000",
    "US$ 1.5M",
    "£1.5m",
    "1.5 million Egyptian pounds",
    "1,5 MILLION €",
  ],
  4350000: ["4.35M", "4,35 millions"],
  3000000: ["3 ملايين", "3 ملايين جنيه", "٣ ملايين جنيهًا"],
  2000000000: ["2bn", "2 milliards", "٢ مليار", "2 مليارات"],
};

test("digits, separators, magnitudes and currencies of every kind", () => {
  for (const [value, texts] of Object.entries(READ)) {
    for (const text of texts) assert.deepEqual(all(text), same(Number(value)), text);
  }
});

test("a billion is a thousand millions only in English", () => {
  assert.deepEqual(all("2 billion"), [2e9, undefined, 2e9]);
});

const TEXT = [
  "",
  " ",
  "a lot",
  "5-6",
  "5 – 6",
  "5 to 6 million",
  "1,000,000-2,000,000",
  "5M/6M",
  "-5",
  "−5",
  "+5",
  "~5",
  "5+",
  "<5",
  "Infinity",
  "NaN",
  "1e6",
  "5e-3",
  "0x10",
  "1n",
  "1.500,000",
  "1,50,000",
  "1,500,50",
  "1,500 000",
  "1 50",
  "12 34",
  "1. 500",
  "1..5",
  "1,,5",
  "1.5000",
  "1.234567",
  "5 5 million",
  "1٬5",
  "0501234567",
  "00",
  "9007199254740993",
  "5%",
  "5 thousand million",
  "5 k k",
  "million",
  "EGP",
  "5 EGP 5",
  "5 apples",
  "max 5",
  "5 MM",
  "½",
  "5²",
  "five",
  "مليون",
  "true",
  "[object Object]",
  "5\n6",
  `${"1".repeat(400)}`,
];

test("an ambiguous text is not parsed", () => {
  for (const text of TEXT) assert.deepEqual(all(text), same(undefined), JSON.stringify(text));
});

test("the output of Intl.NumberFormat is parsed back, or not parsed", () => {
  const styles = [
    {},
    { minimumFractionDigits: 2 },
    { notation: "compact" },
    ...["EGP", "SAR", "AED", "QAR", "EUR", "USD"].flatMap((currency) =>
      ["symbol", "narrowSymbol", "code", "name"].map((currencyDisplay) => ({
        style: "currency",
        currency,
        currencyDisplay,
      })),
    ),
  ];
  let read = 0;
  for (const locale of ["en", "en-EG", "fr", "fr-MA", "ar-EG", "ar-SA", "ar-AE"]) {
    for (const style of styles) {
      const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, ...style });
      for (const value of [0, 7, 12.5, 950, 1500, 99999, 250000.5, 1500000, 12500000]) {
        const text = format.format(value);
        const amount = parseAmount(text, locale);
        if (amount !== undefined) read += 1;
        // A compact format rounds.
        if (style.notation)
          assert.ok(amount === undefined || Math.abs(amount - value) <= value * 0.05, `${locale} ${text}: ${amount}`);
        else assert.ok(amount === undefined || amount === value, `${locale} ${text}: ${amount}`);
        if (!style.style && !style.notation)
          assert.equal(amount, locale === "fr-MA" ? amount : value, `${locale} ${text}`);
      }
    }
  }
  assert.ok(read > 1200, `${read} are read`);
});

test("no text throws or returns an invalid amount", () => {
  const random = randomIntegers(SEED);
  const pieces = [
    ..."0123456789٠٥۹.,٫٬،'’ -+e\u00a0\u200f\ud800\u0301",
    "500",
    "000",
    "EGP",
    "ج.م",
    "مليون",
    "million",
    "M",
    "k",
    "€",
    "\ud83c\udfe0",
  ];
  for (let turn = 0; turn < 10_000; turn++) {
    const text = Array.from({ length: 1 + (random() % 8) }, () => pieces[random() % pieces.length]).join("");
    for (const language of [...LANGUAGES, "", "x-!"]) {
      const amount = parseAmount(text, language);
      const isAmount = amount === undefined || (Number.isFinite(amount) && amount >= 0 && !Object.is(amount, -0));
      assert.ok(isAmount, `${JSON.stringify(text)} in ${language} is parsed as ${amount} (seed ${SEED})`);
    }
  }
});
