/** The calling codes of the countries whose numbers are known to be written with or without a 0. */
const CALLING_CODES: Readonly<Record<string, string>> = {
  AE: "971",
  BH: "973",
  EG: "20",
  FR: "33",
  KW: "965",
  OM: "968",
  QA: "974",
  SA: "966",
};

/** No national number in these countries is longer. */
const LONGEST_NATIONAL = 10;

/**
 * A number as it is dialled from anywhere, `+201001234567`, if it can be told; else what was
 * typed. It decides nothing: that is the client's check.
 */
export function international(typed: string, country: string | undefined): string {
  const digits = typed
    // ٠-٩ and ۰-۹ have their value in the last four bits of their code point.
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace("(0)", "")
    // Phones paste numbers wrapped in invisible marks of direction.
    .replace(/[\s()./\-‐-―\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/^00/, "+");
  if (/^\+\d+$/.test(digits)) return digits;
  const code = CALLING_CODES[country?.toUpperCase() ?? ""];
  if (!code || !/^\d+$/.test(digits)) return typed.trim();
  const hasCode = digits.startsWith(code) && digits.length > LONGEST_NATIONAL;
  return hasCode ? `+${digits}` : `+${code}${digits.replace(/^0/, "")}`;
}
