import { type OptionNames, rejectUnknownOptions } from "../../base/options.js";
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
  const definition: SourceDefinition = {
    kind: "standardwebhooks",
    options,
    async receive(delivery, env) {
      const keys = secretsOf(options.secret, env).map((secret) => decode(secret.replace(/^whsec_/, ""), "base64"));
      const header = (name: string) => delivery.headers.get(`webhook-${name}`) ?? "";
      const [id, timestamp] = [header("id"), header("timestamp")];
      const age = Math.abs(Date.now() / 1_000 - Number(timestamp));
      const isFresh = /^\d{1,12}$/.test(timestamp) && age <= MAX_AGE_SECONDS;
      const signatures = header("signature")
        .split(" ")
        .slice(0, 10)
        .flatMap((part) => (part.startsWith("v1,") ? [decode(part.slice(3), "base64")] : []));
      const signed = concat(`${id}.${timestamp}.`, delivery.bytes);
      if (!id || !isFresh || !(await isSigned(signed, signatures, keys))) throw new HttpError("unauthorized");
      return { events: [{ id, data: await contentOf(delivery) }] };
    },
    toLead: (data) => leadOfObject(data),
  };
  return definition;
}
