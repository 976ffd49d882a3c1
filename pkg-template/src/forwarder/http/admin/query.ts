import { HttpError, problem } from "../../message/http-error.js";
import type { LeadQuery, LeadState } from "../../outbox/contract.js";

const STATES: readonly LeadState[] = [
  ...(["fetching", "pending", "sending", "unconfirmed", "reconciling"] as const),
  ...(["delivered", "dead", "held", "skipped"] as const),
];

/** The maximum number of entries in a list. */
const MAX_LIMIT = 200;

/** The parser of each parameter, which returns `undefined` for an invalid value, and a description of valid values. */
const PARAMETERS: Record<string, [read: (value: unknown) => unknown, expected: string]> = {
  submissionId: [matching(/^[\w-]{8,64}$/), "an id"],
  state: [(value) => STATES.find((state) => state === value), `one of ${STATES.join(", ")}`],
  reason: [matching(/^[a-z_]{1,40}$/), "a code such as refused"],
  from: [time, "a date such as 2027-01-31T09:00:00Z, or milliseconds since 1970"],
  to: [time, "a date such as 2027-01-31T09:00:00Z, or milliseconds since 1970"],
  after: [matching(/^\d{1,15}$/), "the member next of the response before"],
  limit: [integer(1, MAX_LIMIT), "a number from 1 to 200"],
  count: [integer(0, 1e9), "the number of leads that match"],
  phone: [phone, "a telephone number, or its last six digits or more"],
  email: [matching(/^[^\s@]{1,64}@[^\s@]{1,255}$/), "an e-mail address"],
};

/** The parameters of a URL, as text. */
export function parametersOf(url: string): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const [name, value] of new URL(url).searchParams) {
    if (Object.hasOwn(parameters, name)) throw invalid(name, "is given twice");
    parameters[name] = value;
  }
  return parameters;
}

/**
 * Reads the parameters that a route accepts.
 *
 * @throws {HttpError} `query` for unknown parameters and invalid values.
 */
export function readParameters<Name extends keyof LeadQuery | "count">(
  given: Record<string, unknown>,
  accepted: readonly Name[],
): Pick<LeadQuery & { count?: number }, Name> {
  const query: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!(accepted as readonly string[]).includes(name))
      throw invalid(name, `is unknown; known are ${accepted.join(", ")}`);
    const [read, expected] = PARAMETERS[name]!;
    const parsed = read(value);
    if (parsed === undefined) throw invalid(name, `must be ${expected}`);
    query[name] = parsed;
  }
  return query as Pick<LeadQuery & { count?: number }, Name>;
}

/** The error for an invalid parameter. The value is omitted: it may be personal data. */
export function invalid(name: string, message: string): HttpError {
  return new HttpError("query", { issues: [problem(name.slice(0, 100), "format", message)] });
}

function matching(pattern: RegExp) {
  return (value: unknown) => (typeof value === "string" && pattern.test(value) ? value : undefined);
}

function integer(least: number, most: number) {
  return (value: unknown) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    return Number.isInteger(number) && (number as number) >= least && (number as number) <= most ? number : undefined;
  };
}

/** Parses a time to milliseconds since 1970. */
function time(value: unknown): number | undefined {
  const at = /^\d{1,15}$/.test(String(value)) ? Number(value) : typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

function phone(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^[\d\s().+-]{1,40}$/.test(value)) return undefined;
  return value.replace(/\D/g, "").replace(/^0+/, "").length >= 6 ? value : undefined;
}
