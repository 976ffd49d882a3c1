import { configError, type OptionNames, rejectUnknownOptions } from "../../base/options.js";
import type { FetchResponse } from "../outbox/contract.js";
import { HttpError } from "../message/http-error.js";
import { isObject, member, textMember } from "../message/json.js";
import { parseJson, decodeText } from "./content.js";
import {
  checkOptions,
  checkSecret,
  checkSourceOptions,
  type RawDelivery,
  type Received,
  type ReceivedEvent,
  type SecretOption,
  secretsOf,
  type Source,
  SOURCE_OPTIONS,
  type SourceDefinition,
  type SourceOptions,
} from "./definition.js";
import { leadOf, textMembers } from "./fields.js";
import { request } from "./request.js";
import { assertMatchesSecret, decode, isSigned } from "./verification.js";

/** Options of `metaLeadAds`. */
export interface MetaLeadAdsOptions extends SourceOptions {
  /** The app's secret, which signs deliveries. */
  appSecret: SecretOption;
  /** The text that Meta sends back when the URL is entered in the app's dashboard; any text of your choice. */
  verifyToken: SecretOption;
  /**
   * A token with `leads_retrieval` to fetch the leads: a string, or a function of the page's id and `env`. With a
   * function, fetching pauses per page.
   */
  accessToken: string | ((pageId: string, env: any) => string | Promise<string>);
  /** The version of the Graph API, such as `v26.0`. */
  version: string;
  /** The Graph API's URL. Default `https://graph.facebook.com`. */
  graphURL?: string | undefined;
  /** Fetches the leads of forms regularly, because Meta loses some deliveries. */
  backfill?:
    | {
        /** The ids of the forms, with the page's id if `accessToken` is a function. */
        forms: readonly (string | { form: string; page: string })[];
        /** The interval in minutes. Default 30. */
        everyMinutes?: number | undefined;
      }
    | undefined;
}

const NAMES = {
  ...SOURCE_OPTIONS,
  ...{ appSecret: 1, verifyToken: 1, accessToken: 1, version: 1, graphURL: 1, backfill: 1 },
} satisfies OptionNames<MetaLeadAdsOptions>;

/** The fields of a lead. */
const FIELDS =
  "created_time,id,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,platform,is_organic,field_data,custom_disclaimer_responses";

/** Any length is safe: a correct guess only returns the caller's own text. */
const MIN_VERIFY_TOKEN_LENGTH = 1;

const CHALLENGE = /^[\w-]{1,128}$/;
const ID = /^\d{1,32}$/;

/**
 * Leads of Facebook and Instagram lead ads: Meta sends the id of each lead, and the lead is fetched with your token.
 *
 * @throws {ConfigurationError} for invalid options.
 */
export function metaLeadAds(options: MetaLeadAdsOptions): Source {
  const where = "metaLeadAds";
  checkOptions(where, options);
  rejectUnknownOptions(options, NAMES, where);
  checkSourceOptions(where, options);
  const { appSecret, verifyToken, accessToken, version, graphURL = "https://graph.facebook.com" } = options;
  checkSecret(`${where}: appSecret`, appSecret);
  checkSecret(`${where}: verifyToken`, verifyToken, MIN_VERIFY_TOKEN_LENGTH);
  if (typeof accessToken !== "function" && (typeof accessToken !== "string" || !accessToken))
    throw configError(`${where}: accessToken`, "must be text, or a function of the page's id and env");
  if (typeof version !== "string" || !/^v\d{1,3}\.\d{1,2}$/.test(version))
    throw configError(`${where}: version`, "must be a version of the Graph API such as v26.0");
  const base = `${checkGraphURL(where, graphURL)}/${version}`;
  const hasAccounts = typeof accessToken === "function";
  const backfill = backfillOf(where, options.backfill);

  const get = async (path: string, account: string, env: unknown): Promise<FetchResponse> => {
    let token: unknown = accessToken;
    try {
      if (typeof accessToken === "function") token = await accessToken(account, env);
    } catch {
      token = undefined;
    }
    // Handled like Meta's response to an invalid token: fetching pauses, and the alert names the source.
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) return { status: 401 };
    return request(`${base}/${path}`, token);
  };

  const definition: SourceDefinition = {
    kind: "meta",
    options,
    async handshake(query, env) {
      const challenge = query.get("hub.challenge") ?? "";
      const isSubscription = query.get("hub.mode") === "subscribe" && CHALLENGE.test(challenge);
      await assertMatchesSecret(query.get("hub.verify_token"), secretsOf(verifyToken, env, MIN_VERIFY_TOKEN_LENGTH));
      if (!isSubscription) throw new HttpError("malformed");
      return challenge;
    },
    async receive(delivery, env) {
      const secrets = secretsOf(appSecret, env);
      const [, hex = ""] = /^sha256=([0-9a-f]{64})$/i.exec(delivery.headers.get("x-hub-signature-256") ?? "") ?? [];
      if (!(await isSigned(delivery.bytes, [decode(hex, "hex")], secrets))) throw new HttpError("unauthorized");
      return eventsOf(delivery, hasAccounts);
    },
    toLead,
    fetch({ account, data }, env) {
      const id = String(member(data, "leadgen_id"));
      return get(`${encodeURIComponent(id)}?fields=${FIELDS}`, account, env);
    },
    readForm({ form, account, since, after }, env) {
      const filter = JSON.stringify([{ field: "time_created", operator: "GREATER_THAN", value: since }]);
      const query = new URLSearchParams({ fields: FIELDS, limit: "100", filtering: filter });
      if (after !== undefined) query.set("after", after);
      return get(`${encodeURIComponent(form)}/leads?${query.toString()}`, account, env);
    },
    ...(backfill && { backfill }),
  };
  return definition;
}

function checkGraphURL(where: string, value: unknown): string {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const isLocal = url && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (!url || (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) || url.search || url.username)
    throw configError(`${where}: graphURL`, "must be an https URL; http on loopback only");
  return url.href.replace(/\/+$/, "");
}

function backfillOf(where: string, value: MetaLeadAdsOptions["backfill"]): SourceDefinition["backfill"] {
  if (value === undefined) return undefined;
  const name = `${where}: backfill`;
  if (!isObject(value)) throw configError(name, "must be an object with forms");
  rejectUnknownOptions(value, { forms: 1, everyMinutes: 1 }, name);
  const { forms, everyMinutes = 30 } = value;
  if (typeof everyMinutes !== "number" || !(everyMinutes > 0 && everyMinutes <= 1_440))
    throw configError(`${name}.everyMinutes`, "must be more than 0, and 1,440 at most");
  if (!Array.isArray(forms)) throw configError(`${name}.forms`, "must be a list of form ids");
  return {
    interval: everyMinutes * 60_000,
    forms: forms.map((entry: unknown) => {
      if (isObject(entry)) rejectUnknownOptions(entry, { form: 1, page: 1 }, `${name}.forms`);
      const form = typeof entry === "string" ? entry : textMember(entry, "form");
      const account = typeof entry === "string" ? "" : textMember(entry, "page");
      if (form === undefined || account === undefined || !ID.test(form))
        throw configError(`${name}.forms`, "must contain form ids, or objects with form and page");
      return { form, account };
    }),
  };
}

function eventsOf(delivery: RawDelivery, hasAccounts: boolean): Received {
  const entries = member(parseJson(decodeText(delivery)), "entry");
  if (!Array.isArray(entries)) return { events: [], unreadable: 1 };
  const changes = entries.flatMap((entry: unknown) => {
    const listed = member(entry, "changes");
    return Array.isArray(listed) ? (listed as unknown[]) : [];
  });
  // The app's other subscriptions may use this URL too.
  const leads = changes.filter((change) => member(change, "field") === "leadgen");
  const events = leads.flatMap((change): ReceivedEvent[] => {
    const value = member(change, "value");
    const id = idOf(value, "leadgen_id");
    if (id === undefined) return [];
    const page = idOf(value, "page_id") ?? "";
    const data = textMembers({
      leadgen_id: id,
      page_id: page,
      form_id: idOf(value, "form_id"),
      ad_id: idOf(value, "ad_id"),
      adgroup_id: idOf(value, "adgroup_id"),
      created_time: member(value, "created_time"),
    });
    return [{ id, account: hasAccounts ? page : "", data, thin: true }];
  });
  return { events, unreadable: leads.length - events.length };
}

/** An id, which may be a number or text. */
function idOf(value: unknown, name: string): string | undefined {
  const id = member(value, name);
  const text = typeof id === "number" ? String(id) : id;
  return typeof text === "string" && ID.test(text) ? text : undefined;
}

function toLead(data: any): ReturnType<SourceDefinition["toLead"]> {
  const lead: unknown = member(data, "lead");
  const change: unknown = member(data, "change");
  const answers = member(lead, "field_data");
  const fields = (Array.isArray(answers) ? answers : []).map((answer: unknown) => ({
    name: textMember(answer, "name") ?? "",
    value: member(answer, "values"),
  }));
  const made = leadOf(fields, "facebook_ads");
  const campaign = textMember(lead, "campaign_name");
  const set = textMember(lead, "adset_name");
  if (campaign !== undefined) made["campaignName"] = campaign;
  if (set !== undefined) made["setName"] = set;
  const consents = member(lead, "custom_disclaimer_responses");
  const consent = (Array.isArray(consents) ? consents : []).slice(0, 20).map((response: unknown) => ({
    name: (textMember(response, "checkbox_key") ?? "").slice(0, 200),
    given: ["1", 1, "true", true].includes(member(response, "is_checked") as string),
  }));
  const id = (name: string) => member(lead, name) ?? member(change, name);
  const source = textMembers({
    kind: "meta",
    id: member(lead, "id") ?? member(change, "leadgen_id"),
    formId: id("form_id"),
    pageId: member(change, "page_id"),
    adId: id("ad_id"),
    adsetId: id("adset_id"),
    campaignId: id("campaign_id"),
    platform: member(lead, "platform"),
    organic: member(lead, "is_organic"),
    createdAt: member(lead, "created_time"),
  });
  const texts = fields.flatMap(({ value }) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  return {
    lead: made,
    custom: { source: { ...source, ...(consent.length ? { consent } : {}) } },
    isTest: texts.some((text) => typeof text === "string" && isTestAnswer(text)),
  };
}

function isTestAnswer(text: string): boolean {
  return text.startsWith("<test lead: dummy data") || /^test@(?:meta|fb)\.com$/i.test(text.trim());
}
