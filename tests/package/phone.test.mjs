// Phone numbers as people type them, compared with libphonenumber. `SEED` chooses a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rng, SEED } from "../support/rng.mjs";
import { entry } from "./support/package.mjs";
import { callingCode, MARKS, numbers, pasted, REGIONS, verdict, written } from "./support/phones.mjs";

const { parsePhone } = await import(entry("validation"));

/** The countries whose valid numbers are known in full. */
const STRICT = ["AE", "BH", "EG", "FR", "KW", "OM", "QA", "SA"];
const EXAMPLES = {
  AE: "501234567",
  BH: "36001234",
  EG: "1001234567",
  FR: "612345678",
  KW: "50012345",
  OM: "92123456",
  QA: "33123456",
  SA: "512345678",
};

/** Compares the result for a number with libphonenumber; returns whether it was typed as a valid one. */
async function compare(region, roll) {
  const { text, country, alternative } = written(region, numbers(region, roll)(), roll);
  const input = pasted(text, roll);
  const phone = await parsePhone(input, country);
  // libphonenumber does not know directional marks.
  const plain = input.replace(new RegExp(`[${MARKS.join("")}]`, "g"), "");
  const read = verdict(plain, country);
  const meant = alternative ? verdict(alternative) : read;
  // A country's own prefix can begin with 00, as Nigeria's 009 does: the text is then another country's number too.
  const abroad = /^\D*00/.test(text) ? verdict(text.replace(/^\D*00/, "+")) : undefined;
  const reference = [read, meant, abroad?.valid ? abroad : undefined].find(
    (verdict) => verdict && verdict.e164 === phone.e164,
  );
  const what = `${JSON.stringify(input)} in ${country} is ${JSON.stringify(phone)}, not ${JSON.stringify([read, meant])}`;

  if (phone.check === "raw") assert.deepEqual(phone, { check: "raw" });
  else assert.match(phone.e164, /^\+[1-9]\d{5,19}$/, what);
  if (reference?.valid) {
    assert.equal(phone.country, reference.country === "001" ? undefined : reference.country, what);
    assert.equal(phone.check, STRICT.includes(reference.country) ? "strict" : "possible", what);
    return true;
  }
  assert.notEqual(phone.check, "strict", what);
  if (meant?.valid) {
    // The library's own notation can mislead it; and some numbers happen to begin with a carrier's prefix.
    const misled = alternative && reference && reference === read;
    const carried = !alternative && !text.startsWith("+") && !read.e164.startsWith(`+${callingCode(region)}`);
    assert.ok(misled || carried, what);
  }
  if (phone.e164 && STRICT.includes(region) && !alternative) assert.ok(reference, what);
  return false;
}

for (const country of STRICT) {
  test(`${country}: exactly the valid numbers are strict (seed ${SEED})`, async () => {
    const roll = rng(SEED);
    let valid = 0;
    for (let number = 0; number < 1_200; number++) valid += await compare(country, roll);
    assert.ok(valid > 600 && valid < 1_150, `${valid} were valid`);
  });
}

test(`other countries: no valid number is rejected, and E.164 is correct (seed ${SEED})`, async () => {
  const roll = rng(SEED);
  const others = REGIONS.filter((region) => !STRICT.includes(region));
  let valid = 0;
  for (let turn = 0; turn < 45; turn++) for (const region of others) valid += await compare(region, roll);
  assert.ok(others.length > 230 && valid > 6_000, `${valid} were valid`);
});

/** `n` is the number, `c` the calling code. */
const WAYS = [
  "+c n",
  "00c n",
  "00 c n",
  "+c(0)n",
  "+c (0) n",
  "00c (٠) n",
  "＋c n",
  "+00c n",
  "++c n",
  "tel:+cn",
  "Tel.: +c n",
  "\u200e+c n\u200f",
  "\u202a+c\u00a0n\u202c",
  "\u2066+c n\u2069",
  "n",
  "(n)",
  "c n",
  "+c n ext. 12",
  "+c n x3",
  "+cn;ext=9",
];
const SCRIPTS = { ASCII: 0x30, Arabic: 0x660, Persian: 0x6f0, fullwidth: 0xff10 };

for (const [script, zero] of Object.entries(SCRIPTS)) {
  test(`every way to write a number, in digits of ${script}`, async () => {
    for (const country of STRICT) {
      const [code, national] = [callingCode(country), EXAMPLES[country]];
      const expected = { e164: `+${code}${national}`, country, check: "strict" };
      for (const way of WAYS) {
        const text = way.replace("c", code).replace("n", national.replace(/(...)(?=...)/g, "$1 "));
        const typed = text.replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)));
        assert.deepEqual(await parsePhone(typed, country), expected, typed);
      }
    }
  });
}

for (const [text, country, e164, of] of [
  ["0100 123 4567", "eg", "+201001234567", "EG"],
  ["01 00 12 34 56 7", "EG", "+201001234567", "EG"],
  ["201001234567+", "EG", "+201001234567", "EG"],
  ["(06) 12 34 56 78", "FR", "+33612345678", "FR"],
  ["+39 06 1234 5678", undefined, "+390612345678", "IT"],
  ["+39 (0)6 1234 5678", undefined, "+390612345678", "IT"],
  ["06 1234 5678", "IT", "+390612345678", "IT"],
  ["011 15-2345-6789", "AR", "+5491123456789", "AR"],
  ["+54 9 11 2345-6789", undefined, "+5491123456789", "AR"],
  ["222 123 4567", "MX", "+522221234567", "MX"],
  ["464 1234", "AG", "+12684641234", "AG"],
  ["(613) 555-0123", "US", "+16135550123", "CA"],
  ["8 (912) 345-67-89", "RU", "+79123456789", "RU"],
  ["8 (777) 234-56-78", "RU", "+77772345678", "KZ"],
  ["+44 1534 456789", "FR", "+441534456789", "JE"],
  // libphonenumber removes Jersey's trunk prefix from Jersey's own numbers only.
  ["0800 1111", "JE", "+448001111", "GB"],
  ["0692 12 34 56", "RE", "+262692123456", "RE"],
  ["+262 639 12 34 56", undefined, "+262639123456", "YT"],
  ["0528 834567", "EH", "+212528834567", "MA"],
  ["+358 18 123456", undefined, "+35818123456", "AX"],
  ["011 20 100 123 4567", "US", "+201001234567", "EG"],
  ["00 20 100 123 4567", "US", "+201001234567", "EG"],
  ["+800 1234 5678", "EG", "+80012345678", undefined],
]) {
  test(`${text} in ${country} is ${e164}`, async () => {
    const check = STRICT.includes(of) ? "strict" : "possible";
    assert.deepEqual(await parsePhone(text, country), { e164, ...(of && { country: of }), check });
  });
}

test("a text that is not a number, or is ambiguous, is raw", async () => {
  const raw = { check: "raw" };
  for (const text of [
    "",
    " ",
    "+",
    "()",
    "abc",
    "123",
    "+20",
    "+999 123 4567",
    "0100 12 HOTEL",
    "0100 123 4567 or 0111 123 4567",
    "0100 123 4567, 0111 123 4567",
    "١٢٣",
  ]) {
    assert.deepEqual(await parsePhone(text, "EG"), raw, text);
  }
  for (const country of [undefined, "", "XX", "Egypt", "001", "\u0000\u0000", null, 20]) {
    assert.deepEqual(await parsePhone("0100 123 4567", country), raw, String(country));
  }
  for (const text of [undefined, null, 201001234567, {}, ["+201001234567"], Symbol("x")]) {
    assert.deepEqual(await parsePhone(text, "EG"), raw);
  }
});

test("long and hostile texts", async () => {
  const long = (piece) => [
    piece.repeat(10_000),
    `+20${piece.repeat(10_000)}`,
    `+20 100 123 456${piece.repeat(10_000)}7`,
  ];
  for (const piece of ["1", "0", "00", "٠", "(0", "(0)", "x", "+", ";ext=", "\ud800", "😀", "\u0000"]) {
    for (const text of long(piece)) assert.deepEqual(await parsePhone(text, "FR"), { check: "raw" }, piece);
  }
  for (const piece of [" ", "\u200f", "(", "-"]) {
    const [nothing, code, number] = await Promise.all(long(piece).map((text) => parsePhone(text, "FR")));
    assert.deepEqual([nothing, code], [{ check: "raw" }, { check: "raw" }], piece);
    assert.equal(number.e164, "+201001234567", piece);
  }
});
