import { configError, type OptionNames, rejectUnknownOptions } from "../../base/options.js";
import { isObject, type JsonObject, member, textMember } from "../message/json.js";
import { parseJson, decodeText } from "./content.js";
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
import { leadOf, textMembers } from "./fields.js";
import { assertMatchesSecret } from "./verification.js";

/** Options of `googleLeadForms`. */
export interface GoogleLeadFormsOptions extends SourceOptions {
  /** The key that you enter in the lead form's webhook settings, of at least 16 characters. */
  key: SecretOption;
  /** The names of campaigns by their ids, for `campaignName`. */
  campaigns?: { readonly [id: string]: string } | undefined;
}

const NAMES = { ...SOURCE_OPTIONS, key: 1, campaigns: 1 } satisfies OptionNames<GoogleLeadFormsOptions>;

/** Columns that differ from the names that form tools use. */
const COLUMNS: Record<string, string> = { WORK_PHONE: "work phone", POSTAL_CODE: "postal code" };

/** Columns that are fields of a lead. */
const KNOWN =
  /^(FULL_NAME|FIRST_NAME|LAST_NAME|EMAIL|WORK_EMAIL|PHONE_NUMBER|WORK_PHONE|CITY|REGION|COUNTRY|POSTAL_CODE|STREET_ADDRESS|COMPANY_NAME|JOB_TITLE)$/;

/**
 * Leads of Google Ads lead forms. Google sends the key in the body, which is removed before the lead is stored.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function googleLeadForms(options: GoogleLeadFormsOptions): Source {
  const where = "googleLeadForms";
  checkOptions(where, options);
  rejectUnknownOptions(options, NAMES, where);
  checkSourceOptions(where, options);
  const { key, campaigns = {} } = options;
  checkSecret(`${where}: key`, key);
  if (!isObject(campaigns) || !Object.values(campaigns).every((name) => typeof name === "string"))
    throw configError(`${where}: campaigns`, "must be an object of names by id");
  const definition: SourceDefinition = {
    kind: "google",
    options,
    async receive(delivery, env) {
      const secrets = secretsOf(key, env);
      const body = parseJson(decodeText(delivery));
      await assertMatchesSecret(textMember(body, "google_key"), secrets);
      const data = { ...(body as JsonObject) };
      delete data["google_key"];
      const id = member(data, "lead_id");
      return { events: [{ id: typeof id === "string" || typeof id === "number" ? String(id) : undefined, data }] };
    },
    toLead(data) {
      const columns = member(data, "user_column_data");
      const fields = (Array.isArray(columns) ? columns : []).map((column: unknown) => {
        const id = String(member(column, "column_id") ?? "");
        const label = textMember(column, "column_name") ?? id;
        const name = KNOWN.test(id) ? (COLUMNS[id] ?? id) : `question ${id}`;
        return { name, label, value: member(column, "string_value") };
      });
      const lead = leadOf(fields, "google_ads");
      const campaign = String(member(data, "campaign_id") ?? "");
      const name = Object.hasOwn(campaigns, campaign) ? campaigns[campaign] : undefined;
      if (name !== undefined) lead["campaignName"] = name;
      const clickId = textMember(data, "gcl_id");
      const source = textMembers({
        kind: "google",
        id: member(data, "lead_id"),
        formId: member(data, "form_id"),
        campaignId: member(data, "campaign_id"),
        adGroupId: member(data, "adgroup_id"),
        creativeId: member(data, "creative_id"),
        assetGroupId: member(data, "asset_group_id"),
      });
      return {
        lead,
        custom: { ...(clickId === undefined ? {} : { attribution: { last: { gclid: clickId } } }), source },
        isTest: [true, "true"].includes(member(data, "is_test") as boolean),
      };
    },
  };
  return definition;
}
