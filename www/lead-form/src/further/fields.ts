import { bare } from "../bare.js";
import { type Field, type FieldOptions, type FormSchema, type Known, knownFields, personFields, withRequired } from "../fields.js";

const PERSON: readonly Known[] = [
  ["salutation", "honorific-prefix"],
  ["title", "organization-title"],
  ["company", "organization"],
];

const ADDRESS: readonly Known[] = [
  ["address", "street-address", "textarea"],
  ["street", "address-line1"],
  ["city", "address-level2"],
  ["zip", "postal-code"],
  ["country", "country", "country"],
];

const LEAD: readonly Known[] = [
  ["additionalPhones", "off", "tel"],
  ["additionalEmails", "off", "email"],
  ["interests", "off"],
  ["dealSize", "off", "number"],
  ["region", "address-level1"],
  ["unitId", "off"],
  ["leadDescription", "off", "textarea"],
  ["leadSource", "off", "hidden"],
  ["campaignName", "off", "hidden"],
  ["setName", "off", "hidden"],
];

/** All that a page may set by name. */
const known = [
  ...personFields,
  ...knownFields("leadInformation.", PERSON),
  ...knownFields("leadInformation.address.", ADDRESS),
  ...knownFields("", LEAD, "additionalPhones additionalEmails interests"),
];

/** Makes fields ready; `warn` is told of a name that means nothing and has neither type nor label. */
export function fieldsOf(schema: FormSchema["fields"], warn: (what: string) => void): Field[] {
  const fields = new Map<string, Field>();
  for (const entry of schema) {
    // Without a prototype, so that what a page put on every object is not taken for an option.
    const options: FieldOptions = bare(typeof entry === "string" ? { name: entry } : entry);
    const name = String(options.name);
    const wanted = name === "budget" ? "dealSize" : name;
    const base = known.find((field) => field.name === wanted || field.path === wanted);
    if (!base && !options.type && !options.label) {
      warn(`no field ${name}: it is left out`);
      continue;
    }
    const chosen = options.options && (base?.isList ? "checkboxes" : "select");
    const field: Field = {
      autocomplete: "off",
      required: false,
      isList: options.type === "checkboxes",
      ...(base ?? { path: options.type === "consent" ? "" : name }),
      ...options,
      type: options.type ?? chosen ?? base?.type ?? "text",
      ...(base?.required && { required: true }),
    };
    if (field.type === "number" || field.path === "dealSize") field.convert = numberOf;
    fields.set(name, bare(field));
  }
  return withRequired([...fields.values()]);
}

/** The fields that the attribute `schema` describes; none if there is no such attribute, or it is no JSON with fields. */
export function parse(text: string | null, warn: (what: string) => void): FormSchema["fields"] | undefined {
  if (!text) return undefined;
  try {
    const { fields } = JSON.parse(text) as Partial<FormSchema>;
    if (Array.isArray(fields)) return fields;
  } catch {
    // Said below.
  }
  warn("the schema is no JSON with fields: the attribute fields is used");
  return undefined;
}

/** The number that was typed, as in `1,500,000` or `٢٫٥`; NaN if it is none. */
function numberOf(text: string): number {
  const digits = text
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace("٫", ".")
    .replace(/[\s,٬'’_]/g, "");
  return /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : NaN;
}
