// Random phone numbers, as people type them, and libphonenumber's result for them.
import libphonenumber from "google-libphonenumber";

const { PhoneNumberFormat, PhoneNumberUtil } = libphonenumber;
const library = PhoneNumberUtil.getInstance();

export const REGIONS = library.getSupportedRegions().sort();

export const callingCode = (region) => library.getCountryCodeForRegion(region);

/** libphonenumber's result for a text; undefined where it parses no number. */
export function verdict(text, country) {
  try {
    const number = library.parse(text, country);
    return {
      e164: library.format(number, PhoneNumberFormat.E164),
      valid: library.isValidNumber(number),
      country: library.getRegionCodeForNumber(number) ?? undefined,
    };
  } catch {
    return;
  }
}

/** A call for each number of a region: most are valid, the others nearly so. */
export function numbers(region, roll) {
  const metadata = library.getMetadataForRegion(region);
  const types = TYPES.map((type) => metadata[`get${type}`]()?.getNationalNumberPattern()).filter(Boolean);
  const samplers = [...types, metadata.getGeneralDesc().getNationalNumberPattern()].map((pattern) =>
    sampler(pattern, roll),
  );
  return () => mutated(pick(samplers, roll)(), roll);
}

const TYPES = [
  "FixedLine",
  "Mobile",
  "TollFree",
  "PremiumRate",
  "SharedCost",
  "Voip",
  "PersonalNumber",
  "Pager",
  "Uan",
  "Voicemail",
];

/**
 * A way to type a region's number: the text, the country in which it is dialed, and, where the library may parse it
 * differently, such as `00` where that is not dialed, the intended reading.
 */
export function written(region, national, roll) {
  const metadata = library.getMetadataForRegion(region);
  const abroad = `+${metadata.getCountryCode()} ${national}`;
  const trunk = metadata.getNationalPrefix() ?? "";
  const anywhere = [region, undefined, pick(REGIONS, roll)][roll(3)];
  const format = (how) => {
    try {
      return how(library.parse(abroad));
    } catch {
      return trunk + national;
    }
  };
  switch (roll(8)) {
    case 0:
      return { text: abroad, country: anywhere };
    case 1:
      return { text: abroad.replace("+", "00"), country: [region, undefined][roll(2)], alternative: abroad };
    case 2:
      return { text: national, country: region };
    case 3:
      return { text: trunk + national, country: region };
    case 4:
      return { text: abroad.slice(1), country: region };
    case 5:
      return { text: format((number) => library.format(number, PhoneNumberFormat.NATIONAL)), country: region };
    case 6:
      // Where 0 is dialed nationally and not from abroad.
      if (trunk !== "0") return { text: abroad, country: anywhere };
      return { text: abroad.replace(" ", " (0) "), country: anywhere, alternative: abroad };
    default: {
      const country = pick(REGIONS, roll);
      const text = format((number) => library.formatOutOfCountryCallingNumber(number, country));
      // Within the region it is the national number.
      return { text, country, alternative: country === region ? undefined : abroad };
    }
  }
}

const ZEROS = [0x30, 0x30, 0x660, 0x6f0, 0xff10];
const SPACES = ["", "", " ", "\u00a0", "-", ".", "/", "\u2011"];
export const MARKS = ["\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069"];

/** The same with digits of another script, and with characters that pasting adds. */
export function pasted(text, roll) {
  const zero = pick(ZEROS, roll);
  const letters = Array.from(text, (letter) => {
    const digit = /\d/.test(letter) ? String.fromCharCode(zero + Number(letter)) : letter;
    return digit + (roll(5) ? "" : pick(SPACES, roll)) + (roll(15) ? "" : pick(MARKS, roll));
  });
  return pick(["", "", "tel:", " ", ...MARKS], roll) + letters.join("");
}

export const pick = (list, roll) => list[roll(list.length)];

/** A number unchanged, or with one digit changed, removed or added, or a random one. */
function mutated(number, roll) {
  const at = roll(number.length);
  switch (roll(16)) {
    case 0:
    case 1:
      return number.slice(0, at) + roll(10) + number.slice(at + 1);
    case 2:
      return number.slice(0, -1);
    case 3:
      return number + roll(10);
    case 4:
      return Array.from({ length: 4 + roll(10) }, () => roll(10)).join("");
    default:
      return number;
  }
}

/** A call for each text that a pattern of the metadata accepts. */
function sampler(pattern, roll) {
  let at = 0;
  const alternatives = () => {
    const found = [[]];
    while (at < pattern.length && pattern[at] !== ")") {
      if (pattern[at] === "|") {
        at++;
        found.push([]);
      } else found.at(-1).push(repeated(atom()));
    }
    return () =>
      pick(found, roll)
        .map((part) => part())
        .join("");
  };
  const atom = () => {
    const [text] = /^(?:\(\?:|\(|\[[^\]]*\]|\\d|\d)/.exec(pattern.slice(at));
    at += text.length;
    if (text[0] === "(") {
      const inner = alternatives();
      at++;
      return inner;
    }
    const digits = [..."0123456789"].filter((digit) => new RegExp(text).test(digit));
    return () => pick(digits, roll);
  };
  const repeated = (part) => {
    const [text, min, max] = /^(?:\?|\{(\d+)(?:,(\d+))?\}|)/.exec(pattern.slice(at));
    at += text.length;
    if (text === "?") return () => (roll(2) ? part() : "");
    if (!text) return part;
    const times = () => Number(min) + roll(Number(max ?? min) - min + 1);
    return () => Array.from({ length: times() }, part).join("");
  };
  return alternatives();
}
