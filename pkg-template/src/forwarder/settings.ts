import { given, wrong } from "../settings.js";
import { Client, type ClientOptions } from "../state.js";
import { type AddressReader, addressReader } from "./address.js";
import { addressOf, challengeOf, type ChallengeSettings } from "./challenge.js";
import type { ClientAddress, ForwarderConfig, Limits } from "./config.js";
import { allowedFields, defaultsOf, type FieldRules } from "./fields.js";
import type { OutboxOptions } from "./inbox.js";
import { isObject } from "./json.js";
import { type Origins, originsOf } from "./origins.js";

/** A configuration, checked, with its defaults, for one `env`. */
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
  adminToken: string | undefined;
  store: OutboxOptions["settings"];
  jurisdiction: string | undefined;
}

/** Each option: what makes a setting of its value, or throws a `ConfigurationError`. */
const OPTIONS: Record<Exclude<keyof ForwarderConfig, "onAlert">, (value: any) => unknown> = {
  crm: crmOf,
  outbox: (value = "default") => text("outbox", value, /^[\w.-]{1,64}$/, "letters, digits, dots and hyphens, 64 at most"),
  path: (value = "/leads") => text("path", value, /^(\/[\w~.-]+)+$/, "a path as /leads"),
  origins: originsOf,
  allowFields: allowedFields,
  defaults: defaultsOf,
  redirects: (value = []) => list("redirects", value).map((url) => addressOf("redirects", url)),
  thankYouURL: (value) => (value === undefined ? undefined : addressOf("thankYouURL", value)),
  siteKeys: (value = []) =>
    list("siteKeys", value).map((key) => text("siteKeys", key, /^[\w.-]{8,128}$/, "8 to 128 letters, digits, dots and hyphens each")),
  challenge: challengeOf,
  rate: (value) => numbers("rate", value, { perMinute: 10, burst: 20 }, 1),
  clientAddress: (value: ClientAddress = "cf-connecting-ip") => addressReader(value),
  adminToken: (value) =>
    value === undefined ? undefined : text("adminToken", value, /^[\x21-\x7e]{32,}$/, "at least 32 characters, without spaces"),
  retention: (value) => numbers("retention", value, { done: 7, dead: 90, ids: 90 }, 0),
  ambiguous: (value = "reconcile") =>
    text("ambiguous", value, /^(reconcile|resend|hold)$/, "one of reconcile, resend, hold"),
  settle: (value = [15_000, 30_000]) => {
    const waits = list("settle", value);
    if (!waits.length || !waits.every((wait) => typeof wait === "number" && wait >= 0 && wait < Infinity)) {
      throw wrong("settle", "must be a list of milliseconds");
    }
    return waits;
  },
  limits: (value) =>
    value === undefined ? undefined : numbers<Limits>("limits", value, { perMinute: 480, perHour: 4_800, minute: 60_000, hour: 3_600_000 }, 1),
  jurisdiction: (value) => (value === undefined ? undefined : text("jurisdiction", value, /^[a-z-]+$/, "a name as eu")),
};

/** Throws a `ConfigurationError` for what is wrong whatever `env` will be. */
export function check(config: ForwarderConfig): void {
  if (!isObject(config)) throw wrong("the forwarder's configuration", "must be an object");
  for (const name of Object.keys(config)) {
    if (!Object.hasOwn(OPTIONS, name) && name !== "onAlert") throw wrong(name, "is no option of the forwarder");
  }
  for (const [name, make] of Object.entries(OPTIONS)) {
    const value = config[name as keyof ForwarderConfig];
    if (name === "crm" ? !crmNeedsEnvironment(value) : !needsEnvironment(value)) make(name === "crm" ? crmFrom(value, {}) : value);
  }
  if (config.onAlert !== undefined && typeof config.onAlert !== "function") throw wrong("onAlert", "must be a function");
}

/** The settings for an `env`; throws a `ConfigurationError`. */
export function settingsFor(config: ForwarderConfig, env: unknown): Settings {
  const read = (name: Exclude<keyof ForwarderConfig, "onAlert">) =>
    OPTIONS[name](name === "crm" ? crmFrom(config.crm, env) : evaluated(config[name], env)) as any;
  return {
    crm: read("crm"),
    outbox: read("outbox"),
    path: read("path"),
    origins: read("origins"),
    fields: { allowed: read("allowFields"), defaults: read("defaults") },
    redirects: read("redirects"),
    thankYouURL: read("thankYouURL"),
    siteKeys: read("siteKeys"),
    challenge: read("challenge"),
    rate: read("rate"),
    address: read("clientAddress"),
    adminToken: read("adminToken"),
    store: { retention: read("retention"), ambiguous: read("ambiguous"), settle: read("settle"), limits: read("limits") },
    jurisdiction: read("jurisdiction"),
  };
}

function needsEnvironment(value: unknown): boolean {
  return typeof value === "function" || (isObject(value) && Object.values(value).some((inner) => typeof inner === "function"));
}

function evaluated(value: any, env: unknown): unknown {
  if (typeof value === "function") return value(env);
  if (!needsEnvironment(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]: [string, any]) => [name, typeof inner === "function" ? inner(env) : inner]));
}

const CREDENTIALS = ["apiKey", "accessToken"];
/** The client's options that are functions by themselves. */
const CALLBACKS = ["fetch", "onRequest", "onResponse", "onRetry"];

function crmNeedsEnvironment(crm: unknown): boolean {
  const ownFunctions = [...CREDENTIALS, ...CALLBACKS];
  return (
    typeof crm === "function" ||
    (isObject(crm) && Object.entries(crm).some(([name, value]) => typeof value === "function" && !ownFunctions.includes(name)))
  );
}

/** The client's options for an `env`. Credentials stay functions, asked at each send. */
function crmFrom(crm: any, env: unknown): unknown {
  const options = typeof crm === "function" ? crm(env) : crm;
  if (!isObject(options)) return options;
  const entries = Object.entries(options).map(([name, value]: [string, any]) => {
    if (CALLBACKS.includes(name)) return [name, value];
    if (!CREDENTIALS.includes(name) || value === undefined) return [name, typeof value === "function" ? value(env) : value];
    if (typeof value === "function") return [name, async () => value(env)];
    return [name, typeof crm === "function" ? async () => credential(crm(env)[name], env) : value];
  });
  return Object.fromEntries(entries);
}

function credential(value: any, env: unknown): unknown {
  return typeof value === "function" ? value(env) : value;
}

function crmOf(value: unknown): ClientOptions {
  if (!isObject(value)) throw wrong("crm", "must be the client's options");
  const options = given(value) as ClientOptions;
  if (options.apiKey === undefined && options.accessToken === undefined) {
    throw wrong("crm", "needs a credential: apiKey with organizationId, or accessToken");
  }
  new Client(options);
  return options;
}

function list(name: string, value: unknown): readonly any[] {
  if (!Array.isArray(value)) throw wrong(name, "must be a list");
  return value;
}

function text(name: string, value: unknown, pattern: RegExp, said: string): string {
  if (typeof value !== "string" || !pattern.test(value)) throw wrong(name, `must be ${said}`);
  return value;
}

/** An object of numbers; what is not given has its default. */
function numbers<T extends object>(name: string, value: unknown, defaults: T, least: number): T {
  if (value !== undefined && !isObject(value)) throw wrong(name, "must be an object of numbers");
  const merged = { ...defaults, ...given(value ?? {}) };
  for (const [member, number] of Object.entries(merged)) {
    if (!Object.hasOwn(defaults, member)) throw wrong(`${name}.${member}`, "is no option of the forwarder");
    if (typeof number !== "number" || !(number >= least && number < Infinity)) {
      throw wrong(`${name}.${member}`, `must be a number of ${least} or more`);
    }
  }
  return merged;
}
