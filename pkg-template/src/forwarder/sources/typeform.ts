import { type OptionNames, rejectUnknownOptions } from "../../base/options.js";
import { HttpError } from "../message/http-error.js";
import { isObject, member, textMember } from "../message/json.js";
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
import { type AnsweredQuestion, isKnownName, leadOf, textMembers } from "./fields.js";
import { decode, isSigned } from "./verification.js";

/** Options of `typeform`. */
export interface TypeformOptions extends SourceOptions {
  /** The secret of the webhook, of at least 16 characters. */
  secret: SecretOption;
}

const NAMES = { ...SOURCE_OPTIONS, secret: 1 } satisfies OptionNames<TypeformOptions>;

/** The answer types with a known meaning. */
const TYPES: Record<string, string> = { email: "email", phone_number: "phone" };

/**
 * Responses to a Typeform. A question is recognized by its `ref` (set it to `first_name`, `phone` and so on), else by
 * its type or its title; the others become lines of the description.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function typeform(options: TypeformOptions): Source {
  const where = "typeform";
  checkOptions(where, options);
  rejectUnknownOptions(options, NAMES, where);
  checkSourceOptions(where, options);
  checkSecret(`${where}: secret`, options.secret);
  const definition: SourceDefinition = {
    kind: "typeform",
    options,
    async receive(delivery, env) {
      const secrets = secretsOf(options.secret, env);
      const [, base64 = ""] = /^sha256=(.+)$/.exec(delivery.headers.get("typeform-signature") ?? "") ?? [];
      if (!(await isSigned(delivery.bytes, [decode(base64, "base64")], secrets))) throw new HttpError("unauthorized");
      const data = await contentOf(delivery);
      // It has the token of the complete response, which would then be taken for a repeated delivery.
      if (textMember(data, "event_type") === "form_response_partial") return { events: [] };
      const id = textMember(member(data, "form_response"), "token") ?? textMember(data, "event_id");
      return { events: [{ id, data }] };
    },
    toLead(data) {
      const response = member(data, "form_response");
      const asked = member(member(response, "definition"), "fields");
      const titles = new Map(
        (Array.isArray(asked) ? asked : []).map((field: unknown) => [member(field, "id"), textMember(field, "title")]),
      );
      const answers = member(response, "answers");
      const fields = (Array.isArray(answers) ? answers : []).map((answer: unknown) =>
        fieldOf(answer, titles.get(member(member(answer, "field"), "id"))),
      );
      const hidden = member(response, "hidden");
      const extra = isObject(hidden) ? Object.entries(hidden).map(([name, value]) => ({ name, value })) : [];
      const source = textMembers({
        kind: "typeform",
        id: member(response, "token"),
        formId: member(response, "form_id"),
        submittedAt: member(response, "submitted_at"),
      });
      return { lead: leadOf([...fields, ...extra], "typeform"), custom: { source }, isTest: false };
    },
  };
  return definition;
}

function fieldOf(answer: unknown, title: string | undefined): AnsweredQuestion {
  const type = textMember(answer, "type") ?? "";
  const field = member(answer, "field");
  const ref = textMember(field, "ref");
  const content = member(answer, type);
  const choice = isObject(content)
    ? ["label", "labels", "other"].flatMap((name) => member(content, name) ?? [])
    : content;
  // A generated ref is a UUID.
  const named = ref !== undefined && !/^[\da-f-]{32,36}$/i.test(ref) ? ref : undefined;
  const known = [ref, title].find((name) => name !== undefined && isKnownName(name));
  return { name: known ?? TYPES[type] ?? named ?? title ?? type, label: title, value: choice };
}
