import { createForwarder } from "icloud-ready/forwarder";
import { sources } from "./sources.js";

export { LeadOutbox } from "icloud-ready/forwarder/cloudflare";

export default createForwarder({
  crm: (env) => ({
    apiKey: env.ICLOUDREADY_API_KEY,
    organizationId: env.ICLOUDREADY_ORGANIZATION_ID,
    baseURL: env.ICLOUDREADY_BASE_URL,
  }),
  origins: (env) => (env.ORIGINS ?? "").split(" ").filter(Boolean),
  adminToken: (env) => env.ADMIN_TOKEN,
  sources,
});
