import { ownMember } from "../base/own-member.js";

/** A JSON object. @internal */
export type JsonRecord = { [name: string]: unknown };

/** A copy with only own members, in which `__proto__` is an ordinary member. @internal */
export function toRecord(value: object = {}): JsonRecord {
  return Object.assign(Object.create(null), value);
}

/** Whether a JSON value is an object. @internal */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A deep copy, as if parsed by `JSON.parse`. @internal */
export function copy<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value));
}

/** The member at a path of names joined by dots, or `undefined`. @internal */
export function getPath(record: unknown, path: string): unknown {
  const dot = path.indexOf(".");
  if (!isRecord(record)) return undefined;
  return dot < 0 ? ownMember(record, path) : getPath(ownMember(record, path.slice(0, dot)), path.slice(dot + 1));
}

/** Sets the member at a path. Values on the path that are not objects are replaced by objects. @internal */
export function setPath(record: JsonRecord, path: string, value: unknown): void {
  const dot = path.indexOf(".");
  if (dot < 0) {
    record[path] = value;
    return;
  }
  const outer = path.slice(0, dot);
  const member = ownMember(record, outer);
  const inner = toRecord(isRecord(member) ? member : {});
  setPath(inner, path.slice(dot + 1), value);
  record[outer] = inner;
}

/** How deeply well-formed JSON is nested. @internal */
export function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (token === "[" || token === "{") deepest = Math.max(deepest, ++depth);
    else if (token === "]" || token === "}") depth--;
  }
  return deepest;
}
