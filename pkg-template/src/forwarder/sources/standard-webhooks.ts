import { configError, type OptionNames, rejectUnknownOptions } from "../../base/options.js";
import { HttpError } from "../message/http-error.js";
import { contentOf } from "./content.js";
import {
  checkOptions,
  checkSecret,
  checkSourceOptions,
  type SecretOption,
  secretsOf,
  type Source,
  SOURCE_OPTIONS,
  type SourceDefinition,
  type SourceOptions,
} from "./definition.js";
import { leadOfObject } from "./fields.js";
import { concat, decode, isSigned } from "./verification.js";

/** Options of `standardWebhooks`. */
export interface StandardWebhooksOptions extends SourceOptions {
  /** The sender's secret, such as `whsec_…`. */
  secret: SecretOption;
}

const NAMES = { ...SOURCE_OPTIONS, secret: 1 } satisfies OptionNames<StandardWebhooksOptions>;

/** The maximum difference of the sender's clock. */
const MAX_AGE_SECONDS = 300;

/** A sender may sign with several secrets during rotation. */
const MAX_SIGNATURES = 10;

/**
 * Leads of a sender that follows the Standard Webhooks specification.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function standardWebhooks(options: StandardWebhooksOptions): Source {
  const where = "standardWebhooks";
  checkOptions(where, options);
  rejectUnknownOptions(options, NAMES, where);
  checkSourceOptions(where, options);
  checkSecret(`${where}: secret`, options.secret);
  const { secret } = options;
  if (
    typeof secret !== "function" &&
    !(typeof secret === "string" ? [secret] : secret).every((text) => keyOf(text).length)
  )
    throw configError(`${where}: secret`, "must be base64, with or without whsec_, or a function of env");
  const definition: SourceDefinition = {
    kind: "standardwebhooks",
    options,
    async receive(delivery, env) {
      const keys = secretsOf(secret, env)
        .map(keyOf)
        .filter((key) => key.length);
      if (!keys.length) throw new HttpError("unavailable", { reason: "secret_missing" });
      const header = (name: string) => delivery.headers.get(`webhook-${name}`) ?? "";
      const [id, timestamp] = [header("id"), header("timestamp")];
      const age = Math.abs(Date.now() / 1_000 - Number(timestamp));
      const isFresh = /^\d{1,12}$/.test(timestamp) && age <= MAX_AGE_SECONDS;
      // Separated by spaces; a repeated header is joined with a comma.
      const signatures = [...header("signature").matchAll(/(?:^|[ ,])v1,([\w+/=-]+)/g)]
        .slice(0, MAX_SIGNATURES)
        .map(([, signature = ""]) => decode(signature, "base64"));
      const signed = concat(`${id}.${timestamp}.`, delivery.bytes);
      if (!id || !isFresh || !(await isSigned(signed, signatures, keys))) throw new HttpError("unauthorized");
      return { events: [{ id, data: await contentOf(delivery) }] };
    },
    toLead: (data) => leadOfObject(data),
  };
  return definition;
}

/** The key of a secret; empty if it is not base64. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  return decode(secret.replace(/^whsec_/, ""), "base64");
}
