import { malformed } from "./body.js";
import {
  nullPrototype,
  exactNumbers,
  isObject,
  isTooDeep,
  type JsonObject,
  member,
  textMember,
  wellFormed,
} from "./json.js";
import { numberOf } from "./normalize.js";

/** The parsed body of a submission, before validation. */
export interface SubmissionRequest {
  form: boolean;
  submissionId: unknown;
  lead: unknown;
  context: JsonObject;
  /** The challenge's token. */
  token: string | undefined;
  /** Unknown members, which are stored but not sent to the CRM. */
  rest: JsonObject;
  /** A form's fields as sent, to show the form again. */
  fields: readonly (readonly [string, string])[];
}

/** Parses a JSON body. */
export function submissionOfJson(text: string): SubmissionRequest {
  let body: unknown;
  try {
    body = JSON.parse(exactNumbers(wellFormed(text)));
  } catch {
    throw malformed("is not JSON");
  }
  if (isTooDeep(body)) throw malformed("is nested too deep");
  if (!isObject(body)) throw malformed("must be an object");
  const { submissionId, lead, context, challenge, ...rest } = body;
  return {
    form: false,
    submissionId,
    lead: lead ?? null,
    context: isObject(context) ? context : nullPrototype(),
    token: textMember(challenge, "provider") === "turnstile" ? textMember(challenge, "token") : undefined,
    rest,
    fields: [],
  };
}

/** A form's fields that are not part of the lead. */
const FORM_FIELDS = ["submissionId", "siteKey", "locale", "context", "challenge", "cf-turnstile-response"];

/** Fields of a lead that a form may send several times. */
const LISTS = ["additionalPhones", "additionalEmails", "interests", "tags", "notes"];

/**
 * Parsers for fields of a lead that are not text. Unparsable text is left for validation to reject. A budget is parsed
 * later, like a script's.
 */
const PARSERS: Record<string, (text: string) => unknown> = {
  leadRating: numberOf,
  isQualified: (text) => (text === "true" || text === "false" ? text === "true" : text),
};

/** Parses a form's body: `leadInformation.firstName=…`, lists by repeating the name, with or without an index. */
export function submissionOfForm(text: string): SubmissionRequest {
  const fields = fieldsOf(text);
  const tree = nullPrototype();
  for (const [name, value] of fields) {
    // An empty field counts as missing. Names that begin with an underscore are reserved for the forwarder.
    if (!value.trim() || name.startsWith("_")) continue;
    setPath(tree, name.split("."), value);
  }
  const context = isObject(tree["context"]) ? tree["context"] : nullPrototype();
  context["locale"] ??= tree["locale"];
  const elapsed = textMember(context, "elapsedMs");
  if (elapsed !== undefined) context["elapsedMs"] = Number(elapsed);
  return {
    form: true,
    submissionId: tree["submissionId"],
    lead: nullPrototype(Object.entries(tree).filter(([name]) => !FORM_FIELDS.includes(name))),
    context,
    token: textMember(tree, "cf-turnstile-response") ?? textMember(tree["challenge"], "token"),
    rest: nullPrototype(),
    fields,
  };
}

/** A form field's value by its name; the last one wins. */
export function fieldOf(submission: SubmissionRequest, name: string): string | undefined {
  return submission.fields.filter(([known]) => known === name).at(-1)?.[1] || undefined;
}

function fieldsOf(text: string): [string, string][] {
  try {
    const pairs = text.split("&").filter(Boolean);
    return pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decodeFormText(name), decodeFormText(value.join("="))];
    });
  } catch {
    throw malformed("is not UTF-8");
  }
}

function decodeFormText(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

function setPath(tree: JsonObject, [name = "", ...deeper]: string[], value: string): void {
  if (LISTS.includes(name)) {
    const list = member(tree, name);
    if (Array.isArray(list)) list.push(value);
    else tree[name] = [value];
  } else if (deeper.length) {
    if (deeper.length > 8) throw malformed("has a name with too many dots");
    const inner = member(tree, name);
    if (isObject(inner)) setPath(inner, deeper, value);
    else if (inner === undefined) setPath((tree[name] = nullPrototype()) as JsonObject, deeper, value);
  } else tree[name] = Object.hasOwn(PARSERS, name) ? PARSERS[name]!(value) : value;
}
