/** An object as JSON has it: names are only names, whatever they are to JavaScript. */
export type JsonObject = { [name: string]: unknown };

/** How deep values may be nested. */
const DEEPEST = 32;

/** Whether a value is an object and no array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object without a prototype: `__proto__` is a member like others. */
export function bare(entries: Iterable<readonly [string, unknown]> = []): JsonObject {
  const object = Object.create(null) as JsonObject;
  for (const [name, value] of entries) object[name] = value;
  return object;
}

/** An object's member, its own. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An object's member if it is text that is not blank. */
export function textMember(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === "string" && found.trim() ? found : undefined;
}

/**
 * The value without prototypes, its texts well-formed, the names sorted if asked for; `undefined` if
 * it is nested too deep.
 */
export function plain(value: unknown, sorted = false, depth = 0): unknown {
  if (typeof value === "string") return wellFormed(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) return undefined;
  const inner = (value: unknown) => {
    const made = plain(value, sorted, depth + 1);
    if (made === undefined) throw new RangeError("nested too deep");
    return made;
  };
  try {
    if (Array.isArray(value)) return value.map(inner);
    const names = Object.keys(value);
    if (sorted) names.sort();
    return bare(names.map((name) => [wellFormed(name), inner((value as JsonObject)[name])]));
  } catch (error) {
    if (depth || !(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** JSON text with sorted names: the same for the same value. */
export function canonical(value: unknown): string {
  return JSON.stringify(plain(value, true)) ?? "null";
}

/** Half a surrogate pair is no Unicode, and no UTF-8 can carry it. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length === 2 ? found : "\ufffd"));
}
