import type { FormSchema } from "../fields/fields.js";
import { didYouMean } from "./spelling.js";

/** What a framework makes of an object that it puts into an attribute. */
const OBJECT = "[object Object]";

const MEMBERS = ["fields"];

/**
 * The fields of a schema: the property's, else the attribute's; `undefined` if there is no schema, or it has no
 * list of fields. Passes its mistakes to `warn`.
 */
export function readSchema(
  form: Element,
  property: FormSchema | undefined,
  warn: (what: string) => void,
): FormSchema["fields"] | undefined {
  const given = property ?? form.getAttribute("schema");
  if (!given || given === OBJECT) return undefined;
  const schema = typeof given === "string" ? parse(given) : (given as Partial<FormSchema>);
  if (!Array.isArray(schema?.fields)) {
    warn("the schema is not JSON with a list of fields: the attribute fields is used");
    return undefined;
  }
  for (const key of Object.keys(schema)) {
    if (!MEMBERS.includes(key)) warn(`unknown member "${key}" of the schema is ignored${didYouMean(key, MEMBERS)}`);
  }
  return schema.fields;
}

function parse(text: string): Partial<FormSchema> | undefined {
  try {
    return JSON.parse(text) as Partial<FormSchema>;
  } catch {
    return undefined;
  }
}
