import { type OptionNames, rejectUnknownOptions } from "../../base/options.js";
import { isObject, type JsonObject } from "../message/json.js";
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
import { type AnsweredQuestion, leadOf, textMembers } from "./fields.js";
import { assertMatchesSecret } from "./verification.js";

/** Options of `elementor`. */
export interface ElementorOptions extends SourceOptions {
  /**
   * A token of at least 32 characters, either at the end of the webhook's URL as `?token=…` or in a header
   * `Authorization: Bearer …`. Leads with the token in the URL are marked `unverified`.
   */
  token: SecretOption;
}

const NAMES = { ...SOURCE_OPTIONS, token: 1 } satisfies OptionNames<ElementorOptions>;

const MIN_TOKEN_LENGTH = 32;

/** The members that Elementor adds to the fields of a form. */
const META = ["form_id", "form_name", "Date", "Time", "Page URL", "User Agent", "Remote IP", "Powered by"];

/**
 * Submissions of Elementor Pro forms through the Webhook action.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function elementor(options: ElementorOptions): Source {
  const where = "elementor";
  checkOptions(where, options);
  rejectUnknownOptions(options, NAMES, where);
  checkSourceOptions(where, options);
  checkSecret(`${where}: token`, options.token, MIN_TOKEN_LENGTH);
  const definition: SourceDefinition = {
    kind: "elementor",
    options,
    async receive(delivery, env) {
      const secrets = secretsOf(options.token, env, MIN_TOKEN_LENGTH);
      const [, bearer] = /^bearer +(.*)$/i.exec(delivery.headers.get("authorization") ?? "") ?? [];
      await assertMatchesSecret(bearer ?? new URL(delivery.url).searchParams.get("token"), secrets);
      const data = await contentOf(delivery);
      return { events: [{ id: undefined, data, marks: bearer === undefined ? ["unverified"] : [] }] };
    },
    toLead(data) {
      const [fields, meta] = partsOf(isObject(data) ? data : {});
      const source = textMembers({ kind: "elementor", formId: meta["form_id"], formName: meta["form_name"] });
      const page = meta["Page URL"] ?? meta["page_url"];
      return {
        lead: leadOf(fields, "website"),
        custom: { source, ...(typeof page === "string" ? { page } : {}) },
        isTest: false,
      };
    },
  };
  return definition;
}

/**
 * The fields of a form, and the members that Elementor adds: flat by label, or as `fields[id][value]` and
 * `meta[name][value]`.
 */
function partsOf(data: JsonObject): [AnsweredQuestion[], JsonObject] {
  const fields = new Map<string, AnsweredQuestion>();
  const meta: JsonObject = {};
  for (const [name, value] of Object.entries(data)) {
    // The parts of a field with several answers are lists, such as `fields[unit][raw_value][0]`.
    const [, group, id = "", part] = /^(fields|meta|form)\[([^\]]+)\](?:\[(\w+)\](?:\[\w*\])*)?$/.exec(name) ?? [];
    if (group === "fields") {
      const field = fields.get(id) ?? { name: id, value: undefined };
      if (part === "value") field.value = field.value === undefined ? value : [field.value, value];
      if (part === "title" && typeof value === "string" && value) field.label = value;
      fields.set(id, field);
    } else if (group === "meta" && part === "value") meta[id] = value;
    else if (group === "form") meta[`form_${id}`] = value;
    else if (META.includes(name)) meta[name] = value;
    else if (group === undefined) fields.set(name, { name: name.replace(/^No Label /, ""), value });
  }
  // A generated id such as field_1a2b3c has no meaning.
  const listed = [...fields.values()].map((field) =>
    /^field_[\da-f]{6,8}$/.test(field.name) && field.label !== undefined ? { ...field, name: field.label } : field,
  );
  return [listed, meta];
}
