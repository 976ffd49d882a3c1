import { omitUndefined, type OptionNames, rejectUnknownOptions, configError } from "../../base/options.js";
import { ClientContext, CLIENT_OPTIONS, type ClientOptions } from "../../client/context.js";
import { type AddressReader, addressReader } from "./client-address.js";
import { httpsUrl, challengeOf, type ChallengeSettings } from "./challenge.js";
import type { Capacity, Challenge, ClientAddress, ForwarderConfig, Limits } from "./config.js";
import { LOG_LEVELS } from "../outbox/log.js";
import { type Role, tokensOf } from "./tokens.js";
import { allowedFields, checkSpelling, defaultsOf, type FieldRules } from "./fields.js";
import type { OutboxOptions } from "../outbox/contract.js";
import { isObject } from "../message/json.js";
import { type Origins, originsOf } from "./origins.js";
import { ConfiguredSources } from "./source-host.js";
import { sourcesOf } from "./sources.js";

/** A validated configuration with defaults, for one `env`. */
export interface Settings {
  crm: ClientOptions;
  outbox: string;
  path: string;
  origins: Origins;
  fields: FieldRules;
  redirects: readonly string[];
  thankYouURL: string | undefined;
  siteKeys: readonly string[];
  challenge: ChallengeSettings | undefined;
  rate: { perMinute: number; burst: number };
  address: AddressReader;
  tokens: Readonly<Record<Role, readonly string[]>>;
  capacity: Capacity;
  propagateTraceparent: boolean;
  adminPage: boolean;
  store: OutboxOptions["settings"];
  jurisdiction: string | undefined;
  sources: ConfiguredSources;
  /** The argument of functions in the options of sources. */
  env: unknown;
}

/** Options that are functions or objects with functions themselves, and so never depend on `env`. */
type HandlerOption = "onAlert" | "notify" | "logger" | "logLevel";

/** The parser of each option, which throws a `ConfigurationError` for invalid values. */
const OPTIONS: Record<Exclude<keyof ForwarderConfig, HandlerOption>, (value: any) => unknown> = {
  crm: crmOf,
  outbox: (value = "default") =>
    text("outbox", value, /^[\w.-]{1,64}$/, "letters, digits, dots and hyphens, 64 at most"),
  path: (value = "/leads") => text("path", value, /^(\/[\w~.-]+)+$/, "a path such as /leads"),
  origins: originsOf,
  allowFields: allowedFields,
  defaults: defaultsOf,
  redirects: (value = []) => list("redirects", value).map((url) => httpsUrl("redirects", url)),
  thankYouURL: (value) => (value === undefined ? undefined : httpsUrl("thankYouURL", value)),
  siteKeys: (value = []) =>
    list("siteKeys", value).map((key) =>
      text("siteKeys", key, /^[\w.-]{8,128}$/, "8 to 128 letters, digits, dots and hyphens each"),
    ),
  challenge: challengeOf,
  rate: (value) => numbers("rate", value, RATE, 1),
  clientAddress: (value: ClientAddress = "cf-connecting-ip") => addressReader(value),
  adminToken: (value) => tokensOf("adminToken", value),
  adminReadToken: (value) => tokensOf("adminReadToken", value),
  capacity: (value) => numbers("capacity", value, CAPACITY, 0),
  adminPage: (value = false) => flag("adminPage", value),
  propagateTraceparent: (value = false) => flag("propagateTraceparent", value),
  restored: (value = false) => flag("restored", value),
  retention: (value) => numbers("retention", value, RETENTION, 0),
  ambiguous: (value = "reconcile") =>
    text("ambiguous", value, /^(reconcile|resend|hold)$/, "one of reconcile, resend, hold"),
  reconcileDelays: (value = [15_000, 30_000]) => {
    const waits = list("reconcileDelays", value);
    if (!waits.length || !waits.every((wait) => typeof wait === "number" && wait >= 0 && wait < Infinity)) {
      throw configError("reconcileDelays", "must be a list of milliseconds");
    }
    return waits;
  },
  limits: (value) => (value === undefined ? undefined : numbers<Limits>("limits", value, LIMITS, 1)),
  sources: sourcesOf,
  jurisdiction: (value) =>
    value === undefined ? undefined : text("jurisdiction", value, /^[a-z-]+$/, "a name such as eu"),
};

const CAPACITY: Capacity = {
  leads: 200_000,
  bytes: 1e9,
  leadsPerAddress: 5_000,
  bytesPerAddress: 50e6,
  connections: 10_000,
  freeDisk: 32e6,
};
const RATE = { perMinute: 10, burst: 20 };
const RETENTION = { delivered: 7, dead: 90, ids: 90 };
const LIMITS = { perMinute: 480, perHour: 4_800, minute: 60_000, hour: 3_600_000 };

/** The member names of options. */
const MEMBERS: Partial<Record<keyof ForwarderConfig, OptionNames>> = {
  crm: CLIENT_OPTIONS,
  challenge: { provider: 1, secret: 1, mode: 1, onUnavailable: 1, verifyURL: 1 } satisfies OptionNames<Challenge>,
  rate: namesOf(RATE),
  capacity: namesOf(CAPACITY),
  retention: namesOf(RETENTION),
  limits: namesOf(LIMITS),
  clientAddress: { header: 1, trustedProxies: 1 },
  notify: { send: 1, personalData: 1 },
};

/**
 * Throws a `ConfigurationError` for options that are invalid for every `env`. `more` are the names of further options
 * that the caller handles itself.
 */
export function check(config: ForwarderConfig, more: OptionNames = {}): void {
  if (!isObject(config)) throw configError("the forwarder's configuration", "must be an object");
  rejectUnknownOptions(config, { ...namesOf(OPTIONS), ...namesOf(HANDLERS), ...more });
  for (const [name, make] of Object.entries(OPTIONS)) {
    const value = config[name as keyof ForwarderConfig];
    rejectUnknownMembers(name, value);
    if (name === "crm" ? !crmNeedsEnvironment(value) : !needsEnvironment(value))
      make(name === "crm" ? crmForEnv(value, {}) : value);
  }
  for (const [name, [isRight, expected]] of Object.entries(HANDLERS)) {
    const value = config[name as HandlerOption];
    rejectUnknownMembers(name, value);
    if (value !== undefined && !isRight(value)) throw configError(name, `must be ${expected}`);
  }
}

const isFunction = (value: unknown) => typeof value === "function";

/** The options that never depend on `env`: a check, and a description of valid values. */
const HANDLERS: Record<HandlerOption, [isRight: (value: any) => boolean, expected: string]> = {
  onAlert: [isFunction, "a function"],
  notify: [
    (value) =>
      isFunction(value) || (isObject(value) && isFunction(value["send"]) && typeof value["personalData"] === "boolean"),
    "a function or { send, personalData }",
  ],
  logger: [
    (value) => isObject(value) && LOG_LEVELS.every((level) => isFunction(value[level])),
    `an object with the methods ${LOG_LEVELS.join(", ")}`,
  ],
  logLevel: [(value) => LOG_LEVELS.includes(value), `one of ${LOG_LEVELS.join(", ")}`],
};

/** The settings for an `env`; throws a `ConfigurationError`. */
export function settingsFor(config: ForwarderConfig, env: unknown): Settings {
  const read = (name: Exclude<keyof ForwarderConfig, HandlerOption>) => {
    const value = name === "crm" ? crmForEnv(config.crm, env) : evaluateForEnv(name, config[name], env);
    rejectUnknownMembers(name, value);
    return OPTIONS[name](value) as any;
  };
  const defaults = read("defaults") as Settings["fields"]["defaults"];
  const capacity: Capacity = read("capacity");
  return {
    crm: read("crm"),
    outbox: read("outbox"),
    path: read("path"),
    origins: read("origins"),
    fields: { allowed: read("allowFields"), defaults },
    redirects: read("redirects"),
    thankYouURL: read("thankYouURL"),
    siteKeys: read("siteKeys"),
    challenge: read("challenge"),
    rate: read("rate"),
    address: read("clientAddress"),
    tokens: { admin: read("adminToken"), read: read("adminReadToken") },
    capacity,
    propagateTraceparent: read("propagateTraceparent"),
    adminPage: read("adminPage"),
    store: {
      retention: read("retention"),
      ambiguous: read("ambiguous"),
      reconcileDelays: read("reconcileDelays"),
      limits: read("limits"),
      capacity,
      restored: read("restored"),
    },
    jurisdiction: read("jurisdiction"),
    sources: new ConfiguredSources(read("sources"), env, defaults),
    env,
  };
}

function rejectUnknownMembers(name: string, value: unknown): void {
  const known = MEMBERS[name as keyof ForwarderConfig];
  if (!isObject(value)) return;
  if (known) rejectUnknownOptions(value, known, name);
  // Its members are fields of a lead, which need not be documented ones.
  if (name === "defaults") for (const field of Object.keys(value)) checkSpelling(name, field);
}

function namesOf(object: object): OptionNames {
  return Object.fromEntries(Object.keys(object).map((name) => [name, 1])) as OptionNames;
}

function needsEnvironment(value: unknown): boolean {
  return (
    typeof value === "function" ||
    (isObject(value) && Object.values(value).some((inner) => typeof inner === "function"))
  );
}

function evaluateForEnv(name: string, value: any, env: unknown): unknown {
  if (typeof value === "function") return callOption(name, value, env);
  if (!needsEnvironment(value)) return value;
  const entries = Object.entries(value).map(([member, inner]) => [
    member,
    typeof inner === "function" ? callOption(`${name}.${member}`, inner, env) : inner,
  ]);
  return Object.fromEntries(entries);
}

/** The result of an option's function. The message of its error may quote a secret, so it is omitted. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what `typeof` narrows `unknown` to
function callOption(name: string, value: Function, env: unknown): unknown {
  try {
    return value(env);
  } catch (error) {
    throw configError(
      name,
      `is a function that threw ${error instanceof Error ? error.name : typeof error}: check that what it reads from env is set`,
    );
  }
}

const CREDENTIALS = ["apiKey", "accessToken"];
/** The client's options that are functions themselves. */
const CALLBACKS = ["fetch", "onRequest", "onResponse", "onRetry", "onWait"];

function crmNeedsEnvironment(crm: unknown): boolean {
  const ownFunctions = [...CREDENTIALS, ...CALLBACKS];
  return (
    typeof crm === "function" ||
    (isObject(crm) &&
      Object.entries(crm).some(([name, value]) => typeof value === "function" && !ownFunctions.includes(name)))
  );
}

/** The client's options for an `env`. Credentials remain functions, called at each send. */
function crmForEnv(crm: any, env: unknown): unknown {
  const options: any = typeof crm === "function" ? callOption("crm", crm, env) : crm;
  if (!isObject(options)) return options;
  const entries = Object.entries(options).map(([name, value]: [string, any]) => {
    if (CALLBACKS.includes(name)) return [name, value];
    if (!CREDENTIALS.includes(name) || value === undefined)
      return [name, typeof value === "function" ? callOption(`crm.${name}`, value, env) : value];
    if (typeof value === "function") return [name, async () => value(env)];
    return [name, typeof crm === "function" ? async () => credential(crm(env)[name], env) : value];
  });
  return Object.fromEntries(entries);
}

function credential(value: any, env: unknown): unknown {
  return typeof value === "function" ? value(env) : value;
}

function crmOf(value: unknown): ClientOptions {
  if (!isObject(value)) throw configError("crm", "must be the client's options");
  const options = omitUndefined(value) as ClientOptions;
  if (options.apiKey === undefined && options.accessToken === undefined) {
    throw configError("crm", "needs a credential: apiKey with organizationId, or accessToken");
  }
  new ClientContext(options);
  return options;
}

function list(name: string, value: unknown): readonly any[] {
  if (!Array.isArray(value)) throw configError(name, "must be a list");
  return value;
}

function text(name: string, value: unknown, pattern: RegExp, expected: string): string {
  if (typeof value !== "string" || !pattern.test(value)) throw configError(name, `must be ${expected}`);
  return value;
}

function flag(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw configError(name, "must be true or false");
  return value;
}

/** Parses an object of numbers; missing members have their defaults. */
function numbers<T extends object>(name: string, value: unknown, defaults: T, least: number): T {
  if (value !== undefined && !isObject(value)) throw configError(name, "must be an object of numbers");
  const merged = { ...defaults, ...omitUndefined(value ?? {}) };
  for (const [member, number] of Object.entries(merged)) {
    if (typeof number !== "number" || !(number >= least && number < Infinity)) {
      throw configError(`${name}.${member}`, `must be a number of ${least} or more`);
    }
  }
  return merged;
}
