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

/** What a page sent, read but not yet judged. */
export interface Submission {
  form: boolean;
  submissionId: unknown;
  lead: unknown;
  context: JsonObject;
  /** The challenge's token. */
  token: string | undefined;
  /** What stands beside these and means nothing here. */
  rest: JsonObject;
  /** A form's fields as they were sent, to show the form again. */
  fields: readonly (readonly [string, string])[];
}

/** Reads a JSON body. */
export function submissionOfJson(text: string): Submission {
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

/** A lead's fields of which a form may send several. */
const LISTS = ["additionalPhones", "additionalEmails", "interests", "tags", "notes"];

/**
 * What a form's text means in a lead's fields that are no text. Any other text stays, for the check to refuse.
 * A budget is read later, as a script's is.
 */
const PARSERS: Record<string, (text: string) => unknown> = {
  leadRating: numberOf,
  isQualified: (text) => (text === "true" || text === "false" ? text === "true" : text),
};

/** Reads a form's body: `leadInformation.firstName=…`, lists by repeating their name, with an index or without. */
export function submissionOfForm(text: string): Submission {
  const fields = fieldsOf(text);
  const tree = nullPrototype();
  for (const [name, value] of fields) {
    // A field that the visitor left empty was not given. Names that begin so are the forwarder's.
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

/** A form's value by its name; the last one counts. */
export function fieldOf(submission: Submission, name: string): string | undefined {
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
