export { elementor, type ElementorOptions } from "./sources/elementor.js";
export { googleLeadForms, type GoogleLeadFormsOptions } from "./sources/google.js";
export { metaLeadAds, type MetaLeadAdsOptions } from "./sources/meta.js";
export { standardWebhooks, type StandardWebhooksOptions } from "./sources/standard-webhooks.js";
export { typeform, type TypeformOptions } from "./sources/typeform.js";
export {
  basic,
  bearer,
  hmacSha256,
  type HmacOptions,
  type Verification,
  webhook,
  type WebhookOptions,
} from "./sources/webhook.js";
export type { SecretOption, Source, SourceEvent, SourceOptions } from "./sources/definition.js";
