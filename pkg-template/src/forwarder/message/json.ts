/** An object as JSON has it: names are only names, whatever they are to JavaScript. */
export type JsonObject = { [name: string]: unknown };

/** How deep values may be nested. */
const MAX_DEPTH = 32;

/** Whether a value is an object and no array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object without a prototype: `__proto__` is a member like others. */
export function nullPrototype(entries: Iterable<readonly [string, unknown]> = []): JsonObject {
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

/** Whether a value is nested deeper than may be. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === MAX_DEPTH || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
}

/** JSON text with sorted names: the same for the same value. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join()}}`;
}

/**
 * JSON text without half surrogate pairs, which are no Unicode, and which no UTF-8 can carry. What
 * was UTF-8 has them as escapes at most.
 */
export function wellFormed(json: string): string {
  const escapes = /\\(?:u(?:d[89ab]..\\ud[c-f]|(d[89a-f]))..|[^])/gi;
  return json.includes("\\u") ? json.replace(escapes, (found, half) => (half ? "\\ufffd" : found)) : json;
}

const STRING_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** JSON text in which a number that JavaScript cannot hold, as `1e400` or an integer of twenty digits, is a string. */
export function exactNumbers(json: string): string {
  if (!/\d\.?e|\d{16}/i.test(json)) return json;
  return json.replace(STRING_OR_NUMBER, (found) => (found.startsWith('"') || isExact(found) ? found : `"${found}"`));
}

/** Whether JavaScript holds the number that a text of digits says, but for rounded fractions. */
export function isExact(text: string): boolean {
  const number = Number(text);
  if (/^-?\d{16,}$/.test(text)) return String(number) === text;
  return Number.isFinite(number) && (number !== 0 || !/^-?[0.]*[1-9]/.test(text));
}
