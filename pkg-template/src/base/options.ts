import { createError, isICloudReadyError } from "./errors.js";

const RESERVED_HEADERS = ["authorization", "x-api-key", "organizationid", "content-type", "content-length", "host"];

/** Removes options that are `undefined`: they count as unset. @internal */
export function omitUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** The names of options; as a type, all names of `T`. @internal */
export type OptionNames<T = object> = Readonly<Record<keyof T, 1>>;

/**
 * Throws for an unknown own enumerable option, because a misspelled one would silently have no effect. `where`: the
 * operation, or the option that contains the options. @internal
 */
export function rejectUnknownOptions(options: object | null | undefined, known: OptionNames, where?: string): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === undefined || Object.hasOwn(known, name)) continue;
    throw createError(
      "configuration",
      `${where ? `${where}: ` : ""}unknown option "${name}"${didYouMean(name, Object.keys(known))}`,
    );
  }
}

/** The end of a message about an unknown name: a suggestion, if a known name is similar. @internal */
export function didYouMean(unknown: string, names: string[]): string {
  // Without separators and case, then without the first word too: "token" means accessToken and "retrys" means
  // maxRetries, but "response" does not mean onResponse.
  const plain = (name: string) => name.replace(/[\W_]/g, "").toLowerCase();
  const tail = (name: string) => plain(name.replace(/^(?!on[A-Z])[a-z]+(?=[A-Z])/, "")).replace(/y(?=s?$)/, "ie");
  for (const [form, edits] of [
    [plain, 1],
    [tail, 1],
    [plain, 2],
  ] as const) {
    const name = names.find((name) => isNear(form(name), form(unknown), edits));
    if (name) return `; did you mean "${name}"?`;
  }
  return "";
}

/** Whether the Damerau-Levenshtein distance is at most `edits`. */
function isNear(one: string, other: string, edits: number): boolean {
  const [a, b] = [one.slice(1), other.slice(1)];
  return one[0] === other[0]
    ? !one || isNear(a, b, edits)
    : edits-- > 0 &&
        (isNear(a, b, edits) ||
          isNear(a, other, edits) ||
          isNear(one, b, edits) ||
          isNear(one[1] + one[0]! + one.slice(2), other, edits));
}

/** Throws unless the value is a number of 0 or more. @internal */
export function assertNumber(name: string, value: unknown, integer = false): void {
  const right = typeof value === "number" && value >= 0 && value < Infinity && (!integer || Number.isInteger(value));
  if (!right) throw configError(name, `must be ${integer ? "an integer" : "a number"} of 0 or more`);
}

/** Throws unless the value is one of these. @internal */
export function assertOneOf(name: string, value: unknown, values: unknown[]): void {
  if (!values.includes(value)) throw configError(name, `must be one of ${values.join(", ")}`);
}

/**
 * Returns the headers with names in lower case, so that none is sent twice. Throws for reserved and invalid headers;
 * the messages do not contain values. @internal
 */
export function checkHeaders(headers: Record<string, string> = {}): Record<string, string> {
  if (typeof headers !== "object" || Symbol.iterator in headers) throw configError("headers", "must be a plain object");
  const checked = Object.entries(omitUndefined(headers)).map(([name, value]) => {
    const lower = name.toLowerCase();
    if (RESERVED_HEADERS.includes(lower)) throw configError("headers", `may not set ${name}`);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw configError("headers", "have an invalid name");
    if (typeof value !== "string" || !isHeaderValue(value))
      throw configError("headers", `have an invalid value for ${name}`);
    return [lower, value];
  });
  return Object.fromEntries(checked);
}

/** Reads a caller's values, whose getters may throw anything. @throws {ConfigurationError} @internal */
export function guardUserCode<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw isICloudReadyError(cause) ? cause : createError("configuration", "an option cannot be read", cause);
  }
}

/** Calls an observer, which may throw or return a promise that rejects. @internal */
export function ignoreErrors(observer: () => unknown, onError = () => {}): void {
  (async () => observer())().catch(onError);
}

/** Returns a valid signal or `undefined`. Checked before a call, because nothing may throw within one. @internal */
export function checkSignal(signal: AbortSignal | null | undefined): AbortSignal | undefined {
  if (signal == null) return;
  if (typeof signal.aborted !== "boolean" || !signal.addEventListener)
    throw configError("signal", "must be an AbortSignal");
  return signal;
}

/** Creates the error of an invalid option. @internal */
export function configError(option: string, problem: string): Error {
  return createError("configuration", `${option} ${problem}`);
}

/** Whether a string is a valid header value. @internal */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
