import { nullProto } from "../base/null-proto.js";
import { didYouMean } from "./spelling.js";

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The known members of an object, without a page's additions to `Object.prototype`. */
export function pickKnown(
  object: object,
  names: readonly string[],
  where: string,
  warn: (what: string) => void,
): Record<string, unknown> {
  const known = nullProto<object>(object) as Record<string, unknown>;
  for (const key of Object.keys(known)) {
    if (names.includes(key)) continue;
    warn(`unknown option "${key}" of ${where} is ignored${didYouMean(key, names)}`);
    delete known[key];
  }
  return known;
}
