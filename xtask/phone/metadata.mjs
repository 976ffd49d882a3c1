// Prints libphonenumber's metadata as JSON: one object for each region, in the library's own order,
// a calling code's main region first. A region without a country is "001".
//
//   node metadata.mjs
import libphonenumber from "google-libphonenumber";

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

const library = libphonenumber.PhoneNumberUtil.getInstance();
const regions = [];
for (const code of new Set(library.getSupportedCallingCodes().sort((a, b) => a - b))) {
  for (const region of library.getRegionCodesForCountryCode(code)) {
    const metadata = library.getMetadataForRegion(region) ?? library.getMetadataForNonGeographicalRegion(code);
    regions.push({
      region,
      code: String(code),
      general: pattern(metadata.getGeneralDesc()),
      types: TYPES.map((type) => pattern(metadata[`get${type}`]())).filter(Boolean),
      leading: metadata.getLeadingDigits() ?? "",
      national: metadata.getNationalPrefixForParsing() ?? "",
      transform: metadata.getNationalPrefixTransformRule() ?? "",
      international: prefix(metadata),
    });
  }
}
console.log(JSON.stringify(regions));

/** The prefix for displaying numbers: the only one, or the preferred one of several carrier prefixes. */
function prefix(metadata) {
  const prefixes = [metadata.getPreferredInternationalPrefix(), metadata.getInternationalPrefix()];
  // `~` is a pause for a tone.
  return prefixes.map((prefix) => prefix?.replace("~", "")).find((prefix) => /^\d+$/.test(prefix)) ?? "";
}

/** The pattern of complete numbers, and the lengths it is restricted to, if any. */
function pattern(description) {
  const pattern = description?.getNationalNumberPattern();
  return pattern && { pattern, lengths: description.possibleLengthArray().filter((length) => length > 0) };
}
