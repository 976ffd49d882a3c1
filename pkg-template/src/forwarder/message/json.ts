import type { JsonObject } from "../../base/generated/models.js";

export type { JsonObject };

/** The maximum nesting depth. */
const MAX_DEPTH = 32;

/** Whether a value is an object and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object without a prototype: `__proto__` is an ordinary member. */
export function nullPrototype(entries: Iterable<readonly [string, unknown]> = []): JsonObject {
  const object = Object.create(null) as JsonObject;
  for (const [name, value] of entries) object[name] = value;
  return object;
}

/** An object's own member. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An object's own member if it is non-blank text. */
export function textMember(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === "string" && found.trim() ? found : undefined;
}

/** Whether a value is nested too deeply. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === MAX_DEPTH || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
}

/** A value without what is nested too deeply. */
export function limitDepth(value: unknown): unknown {
  return isTooDeep(value) ? withoutDeep(value, 0) : value;
}

function withoutDeep(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => withoutDeep(item, depth + 1));
  return nullPrototype(Object.entries(value).map(([name, inner]) => [name, withoutDeep(inner, depth + 1)] as const));
}

/** JSON text with sorted names, so that equal values have equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join()}}`;
}

/**
 * JSON text without lone surrogates, which UTF-8 cannot encode. Text decoded from UTF-8 can contain them only as
 * escapes.
 */
export function wellFormed(json: string): string {
  const escapes = /\\(?:u(?:d[89ab]..\\ud[c-f]|(d[89a-f]))..|[^])/gi;
  return json.includes("\\u") ? json.replace(escapes, (found, half) => (half ? "\\ufffd" : found)) : json;
}

/** Also matches an unterminated string: searching inside it would take quadratic time. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/**
 * JSON text in which numbers that JavaScript cannot represent, such as `1e400` or an integer of twenty digits, are
 * strings.
 */
export function exactNumbers(json: string): string {
  if (!/\d\.?e|\d{16}/i.test(json)) return json;
  return json.replace(STRING_OR_NUMBER, (found) => (found.startsWith('"') || isExact(found) ? found : `"${found}"`));
}

/** Whether JavaScript can represent the number, except for the rounding of fractions. */
export function isExact(text: string): boolean {
  const number = Number(text);
  if (/^-?\d{16,}$/.test(text)) return String(number) === text;
  return Number.isFinite(number) && (number !== 0 || !/^-?[0.]*[1-9]/.test(text));
}
