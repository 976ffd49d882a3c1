// A forwarder whose every option comes from the binding CONFIG.
import { createForwarder } from "icloud-ready/forwarder";

export { LeadOutbox } from "icloud-ready/forwarder/cloudflare";

const NAMES = [
  ...["crm", "outbox", "path", "origins", "allowFields", "defaults", "redirects", "thankYouURL", "siteKeys", "challenge", "rate"],
  ...["clientAddress", "adminToken", "retention", "ambiguous", "settle", "limits", "jurisdiction"],
];

export default createForwarder(Object.fromEntries(NAMES.map((name) => [name, (env) => env.CONFIG[name]])));
