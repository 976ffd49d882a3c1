import { bearer, googleLeadForms, metaLeadAds, webhook } from "icloud-ready/forwarder/sources";

/** Each is at /leads/sources/NAME and answers 503 until its secrets are set. Remove those that you do not use. */
export const sources = {
  meta: metaLeadAds({
    appSecret: (env) => env.META_APP_SECRET,
    verifyToken: (env) => env.META_VERIFY_TOKEN,
    accessToken: (_page, env) => env.META_ACCESS_TOKEN,
    version: "v26.0",
    country: "EG",
  }),
  google: googleLeadForms({ key: (env) => env.GOOGLE_KEY, country: "EG" }),
  zapier: webhook({ verify: bearer((env) => env.ZAPIER_TOKEN), id: (event) => event.id, country: "EG" }),
};
