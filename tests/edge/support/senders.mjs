// Deliveries of platforms, signed as they sign them.
import { createHmac } from "node:crypto";
import { reach } from "./requests.mjs";

export const SECRETS = {
  app: "meta-app-secret-Secretperson",
  verify: "meta-verify-token",
  token: "meta-page-token-Secretperson",
  google: "google-key-Secretperson",
  typeform: "typeform-secret-of-16-or-more",
  standard: `whsec_${Buffer.from("a standard webhooks secret").toString("base64")}`,
  elementor: "elementor-token-of-at-least-32-characters",
  bearer: "bearer-token-of-16-or-more",
};

/** One source of each kind, described for `tools/sources.mjs`. */
export const SOURCES = {
  meta: {
    kind: "metaLeadAds",
    appSecret: SECRETS.app,
    verifyToken: SECRETS.verify,
    accessToken: SECRETS.token,
    version: "v26.0",
    graphURL: "http://127.0.0.1:9/graph",
    country: "EG",
  },
  google: { kind: "googleLeadForms", key: SECRETS.google, country: "EG" },
  typeform: { kind: "typeform", secret: SECRETS.typeform, country: "EG" },
  partner: { kind: "standardWebhooks", secret: SECRETS.standard, country: "EG" },
  site: { kind: "elementor", token: SECRETS.elementor, country: "EG" },
  zapier: { kind: "webhook", verify: { method: "bearer", arguments: [SECRETS.bearer] }, id: "id", country: "EG" },
  tally: {
    kind: "webhook",
    verify: {
      method: "hmacSha256",
      arguments: [{ header: "tally-signature", encoding: "base64", secret: SECRETS.typeform }],
    },
  },
  portal: { kind: "webhook", verify: { method: "basic", arguments: ["portal", SECRETS.bearer] } },
};

const hmac = (secret, text, encoding) => createHmac("sha256", secret).update(text).digest(encoding);

/** Text as Meta writes it: characters beyond ASCII and slashes escaped. */
export const escaped = (value) =>
  JSON.stringify(value)
    .replaceAll("/", "\\/")
    .replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Each kind's delivery: `{ body, headers, query }`, with a signature over these bytes. */
export const SENDERS = {
  meta: (ids, { secret = SECRETS.app } = {}) => {
    // Ids beyond 2^53 as bare numbers.
    const changes = ids.map(
      (id) =>
        `{"field":"leadgen","value":{"leadgen_id":${id},"page_id":9223372036854775001,"form_id":"77","x":"\\u0645\\/"}}`,
    );
    const body = `{"object":"page","entry":[{"id":"9223372036854775001","time":1,"changes":[${changes.join()}]}]}`;
    return { body, headers: { "x-hub-signature-256": `sha256=${hmac(secret, body, "hex")}` } };
  },
  google: (id, changes = {}, { secret = SECRETS.google } = {}) => {
    const columns = [
      { column_id: "FULL_NAME", string_value: "Omar El Sayed" },
      { column_id: "PHONE_NUMBER", string_value: "01001234567" },
    ];
    const text = JSON.stringify({
      lead_id: id,
      user_column_data: columns,
      api_version: "1.0",
      form_id: "FORM",
      campaign_id: "CAMPAIGN",
      gcl_id: "click-1",
      google_key: secret,
      is_test: false,
      ...changes,
    });
    return {
      body: text.replace('"FORM"', "9223372036854775777").replace('"CAMPAIGN"', "9007199254740993"),
      headers: {},
    };
  },
  typeform: (token, answers, { secret = SECRETS.typeform } = {}) => {
    const body = JSON.stringify({ event_id: "e", form_response: { form_id: "f", token, answers } });
    return { body, headers: { "typeform-signature": `sha256=${hmac(secret, body, "base64")}` } };
  },
  partner: (id, value, { secret = SECRETS.standard, at = Date.now() } = {}) => {
    const body = JSON.stringify(value);
    const timestamp = String(Math.floor(at / 1_000));
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const signature = `v1a,xx v1,${hmac(key, `${id}.${timestamp}.${body}`, "base64")}`;
    return { body, headers: { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } };
  },
  site: (fields, { secret = SECRETS.elementor } = {}) => ({
    body: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    query: `?token=${secret}`,
  }),
  zapier: (value, { secret = SECRETS.bearer } = {}) => ({
    body: JSON.stringify(value),
    headers: { authorization: `Bearer ${secret}` },
  }),
  tally: (value, { secret = SECRETS.typeform } = {}) => {
    const body = JSON.stringify(value);
    return { body, headers: { "tally-signature": hmac(secret, body, "base64") } };
  },
  portal: (value, { secret = SECRETS.bearer } = {}) => ({
    body: JSON.stringify(value),
    headers: { authorization: `Basic ${Buffer.from(`portal:${secret}`).toString("base64")}` },
  }),
};

/** Sends a delivery to the source of this name. */
export function deliver(leads, name, { body, headers = {}, query = "" }) {
  return reach(`${leads}/sources/${name}${query}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}
