import { configError, type OptionNames, rejectUnknownOptions } from "../../base/options.js";
import { HttpError } from "../message/http-error.js";
import { isObject } from "../message/json.js";
import { contentOf } from "./content.js";
import {
  checkOptions,
  checkSecret,
  checkSourceOptions,
  type RawDelivery,
  type SecretOption,
  secretsOf,
  type Source,
  SOURCE_OPTIONS,
  type SourceDefinition,
  type SourceOptions,
} from "./definition.js";
import { leadOfObject } from "./fields.js";
import { assertMatchesSecret, decode, isSigned } from "./verification.js";

/** How a webhook is verified: created by `hmacSha256`, `bearer` or `basic`. */
export interface Verification {
  /** The method's name. */
  readonly method: string;
}

/** @internal */
interface VerificationCheck extends Verification {
  /** @throws {HttpError} `unauthorized`. */
  check(delivery: RawDelivery, env: unknown): Promise<void>;
}

/** Options of `webhook`. */
export interface WebhookOptions extends SourceOptions {
  /** How deliveries are verified. */
  verify: Verification;
  /**
   * Returns the sender's id of a delivery, by which duplicates are recognized. It must be unique among all `webhook`
   * sources. Without one, an identical body within ten minutes is a duplicate.
   */
  id?: ((event: any) => string | number | undefined) | undefined;
}

/** Options of `hmacSha256`. */
export interface HmacOptions {
  /** The header with the signature. */
  header: string;
  /** The signature's encoding. */
  encoding: "hex" | "base64";
  /** The prefix of the header's value, such as `sha256=`. */
  prefix?: string | undefined;
  /** The secret, of at least 16 characters. */
  secret: SecretOption;
}

const NAMES = { ...SOURCE_OPTIONS, verify: 1, id: 1 } satisfies OptionNames<WebhookOptions>;

/** The maximum number of submissions in one delivery. */
const MAX_BATCH_SIZE = 1_000;

/**
 * Leads of any sender that posts JSON or a form: one, or a list of them. A lead with `leadInformation` is used as is;
 * in any other, members with known names become fields, and the others lines of the description.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function webhook(options: WebhookOptions): Source {
  const where = "webhook";
  checkOptions(where, options);
  rejectUnknownOptions(options, NAMES, where);
  checkSourceOptions(where, options);
  const { verify, id } = options;
  const check = (verify as VerificationCheck | undefined)?.check;
  if (typeof check !== "function")
    throw configError(`${where}: verify`, "must be hmacSha256(…), bearer(…) or basic(…)");
  if (id !== undefined && typeof id !== "function") throw configError(`${where}: id`, "must be a function");
  const definition: SourceDefinition = {
    kind: "webhook",
    options,
    async receive(delivery, env) {
      await check(delivery, env);
      const data = await contentOf(delivery);
      // Some tools send several submissions at once.
      const isBatch = Array.isArray(data) && data.every(isObject);
      if (!isBatch) return { events: [{ id: idOf(id, data), data }] };
      if (data.length > MAX_BATCH_SIZE) throw new HttpError("too_large");
      return { events: data.map((item) => ({ id: idOf(id, item), data: item })) };
    },
    toLead: (data) => leadOfObject(data),
  };
  return definition;
}

/** The sender's id. The lead is not lost if the function throws. */
function idOf(id: WebhookOptions["id"], data: unknown): string | undefined {
  try {
    const found = id?.(data);
    return typeof found === "string" || typeof found === "number" ? String(found) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies the HMAC-SHA256 of the body in a header.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function hmacSha256(options: HmacOptions): Verification {
  const where = "hmacSha256";
  checkOptions(where, options);
  rejectUnknownOptions(
    options,
    { header: 1, encoding: 1, prefix: 1, secret: 1 } satisfies OptionNames<HmacOptions>,
    where,
  );
  const { header, encoding, prefix = "", secret } = options;
  if (typeof header !== "string" || !/^[\w-]+$/.test(header)) throw configError(`${where}: header`, "must be a header");
  if (encoding !== "hex" && encoding !== "base64")
    throw configError(`${where}: encoding`, "must be one of hex, base64");
  if (typeof prefix !== "string") throw configError(`${where}: prefix`, "must be text");
  checkSecret(`${where}: secret`, secret);
  return verification("hmacSha256", async ({ headers, bytes }, env) => {
    const secrets = secretsOf(secret, env);
    const value = headers.get(header) ?? "";
    const signature = value.startsWith(prefix) ? decode(value.slice(prefix.length).trim(), encoding) : new Uint8Array();
    if (!(await isSigned(bytes, [signature], secrets))) throw new HttpError("unauthorized");
  });
}

/**
 * Verifies a token: `Authorization: Bearer …`, or the whole value of another header.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function bearer(token: SecretOption, header = "authorization"): Verification {
  checkSecret("bearer: token", token);
  if (typeof header !== "string" || !/^[\w-]+$/.test(header)) throw configError("bearer: header", "must be a header");
  return verification("bearer", async ({ headers }, env) => {
    const secrets = secretsOf(token, env);
    await assertMatchesSecret(headers.get(header)?.replace(/^bearer +/i, ""), secrets);
  });
}

/**
 * Verifies HTTP basic authentication.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function basic(user: string, password: SecretOption): Verification {
  if (typeof user !== "string" || !user || user.includes(":"))
    throw configError("basic: user", "must be text without a colon");
  checkSecret("basic: password", password);
  return verification("basic", async ({ headers }, env) => {
    const secrets = secretsOf(password, env);
    const [, base64 = ""] = /^basic +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    const given = new TextDecoder().decode(decode(base64, "base64"));
    await assertMatchesSecret(
      given,
      secrets.map((secret) => `${user}:${secret}`),
    );
  });
}

function verification(method: string, check: VerificationCheck["check"]): VerificationCheck {
  return { method, check };
}
