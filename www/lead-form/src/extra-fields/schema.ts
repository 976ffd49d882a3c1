import type { FormSchema } from "../fields/field.js";
import { isObject, pickKnown } from "./known-members.js";
import { didYouMean } from "./spelling.js";

/** An object that a framework serialized to an attribute. */
const OBJECT = "[object Object]";

const MEMBERS = ["fields", "steps", "unit", "texts", "thankYouUrl", "thankYouOrigins", "whatsapp"];
const STEP = ["title", "fields"];
const OBJECTS = { unit: ["id", "title", "price", "image"], texts: ["heading", "submit", "thanks"] };

/**
 * The schema: the property, else the attribute; `undefined` without one, or if it has neither fields nor steps. Reports
 * mistakes to `warn`.
 */
export function readSchema(
  form: Element,
  property: FormSchema | undefined,
  warn: (what: string) => void,
): FormSchema | undefined {
  const source = property ?? form.getAttribute("schema");
  if (!source || source === OBJECT) return undefined;
  const schema = typeof source === "string" ? parse(source) : (source as Partial<FormSchema>);
  const { steps } = schema ?? {};
  const hasSteps = Array.isArray(steps) && steps.length > 0 && steps.every((step) => Array.isArray(step?.fields));
  if (!hasSteps && !Array.isArray(schema?.fields)) {
    warn("the schema is not JSON with a list of fields or steps: the attribute fields is used");
    return undefined;
  }
  for (const key of Object.keys(schema ?? {})) {
    if (!MEMBERS.includes(key)) warn(`unknown member "${key}" of the schema is ignored${didYouMean(key, MEMBERS)}`);
  }
  const { steps: _, ...others } = schema as FormSchema;
  const known = hasSteps ? { ...others, steps: steps.map((step) => pickKnown(step, STEP, "a step", warn)) } : others;
  for (const [name, members] of Object.entries(OBJECTS)) {
    const object = known[name as keyof typeof OBJECTS];
    if (isObject(object)) Object.assign(known, { [name]: pickKnown(object, members, `the member ${name}`, warn) });
  }
  return known as FormSchema;
}

function parse(text: string): Partial<FormSchema> | undefined {
  try {
    return JSON.parse(text) as Partial<FormSchema>;
  } catch {
    return undefined;
  }
}
