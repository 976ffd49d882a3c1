import type { TestCRMOptions } from "./options.js";
import { getPath, isRecord, type JsonRecord, setPath, toRecord } from "./json.js";
import { Rejection } from "./responses.js";

const MAX_INTEGER = 2n ** 64n - 1n;

/** The page of a list that a query asks for, and the number of records on all pages. @internal */
export function listRecords(
  all: JsonRecord[],
  query: URLSearchParams,
  { firstPage = 1, defaultLimit = 20, limitCap = Infinity, searchFields = ["_all"] }: TestCRMOptions,
): { records: JsonRecord[]; total: number } {
  let [limit, page, isAscending, sortBy, search] = [defaultLimit, firstPage as number, false, "", ""];
  const projections: string[][] = [];
  for (const [name, value] of query) {
    if (name === "limit") limit = parseInteger(name, value, 1);
    else if (name === "page") page = parseInteger(name, value, 0);
    else if (name === "order") isAscending = parseOrder(value);
    else if (name === "sortBy") sortBy = value || sortBy;
    else if (name === "q") search = value || search;
    else if (name === "fields" && value) projections.push(value.split(/[, ]/).filter(Boolean));
  }
  limit = Math.min(limit, limitCap);
  const start = Math.max(0, page - firstPage) * limit;
  const found = search ? all.filter((record) => matches(record, searchFields, lower(search))) : [...all];
  // Most recent first, unless the query sets another order.
  if (!isAscending) found.reverse();
  if (sortBy && isExpressible(sortBy)) {
    const direction = isAscending ? 1 : -1;
    found.sort((a, b) => direction * compare(getPath(a, sortBy), getPath(b, sortBy)));
  }
  const records = found.slice(start, start + limit).map((record) => projections.reduce(project, record));
  return { records, total: found.length };
}

function parseInteger(name: string, value: string, least: number): number {
  const number = /^\+?\d+$/.test(value) ? BigInt(value.replace("+", "")) : -1n;
  if (number < least || number > MAX_INTEGER) throw new Rejection(400, `${name} is not an integer from ${least}`);
  return Number(number);
}

function parseOrder(order: string): boolean {
  const text = lower(order);
  if (["asc", "ascending", "1"].includes(text)) return true;
  if (["desc", "descending", "-1", ""].includes(text)) return false;
  throw new Rejection(400, "order is neither asc nor desc");
}

function matches(record: JsonRecord, fields: readonly string[], text: string): boolean {
  const has = (value: unknown) => value != null && lower(fieldText(value)).includes(text);
  const hasDeep = (value: unknown): boolean =>
    typeof value === "object" && value !== null ? Object.values(value).some(hasDeep) : has(value);
  return fields.some((field) =>
    field === "_all" ? hasDeep(record) : isExpressible(field) && has(getPath(record, field)),
  );
}

/** Whether the CRM's database can express a field's name as a path. */
const isExpressible = (name: string) => !/["\\]/.test(name);

/** Lowercases only ASCII letters, like the CRM's database. */
const lower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

function fieldText(value: unknown): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Missing values first, then numbers and booleans, then text, like the CRM's database. */
function compare(a: unknown, b: unknown): number {
  const rank = (value: unknown) =>
    value == null ? 0 : typeof value === "number" || typeof value === "boolean" ? 1 : 2;
  const difference = rank(a) - rank(b);
  if (difference !== 0 || rank(a) === 0) return difference;
  if (rank(a) === 1) return Number(a) - Number(b);
  const [one, other] = [fieldText(a), fieldText(b)];
  let index = 0;
  while (index < one.length && one[index] === other[index]) index++;
  // By code points, as UTF-8 sorts.
  return (one.codePointAt(index) ?? -1) - (other.codePointAt(index) ?? -1);
}

function project(record: JsonRecord, fields: string[]): JsonRecord {
  const projected = toRecord();
  for (const field of ["_id", ...fields]) {
    const value = getPath(record, field);
    if (value !== undefined) setPath(projected, field, isRecord(value) ? toRecord(value) : value);
  }
  return projected;
}
