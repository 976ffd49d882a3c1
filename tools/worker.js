// A forwarder that reads its options from the binding CONFIG, and the CRM's key from the binding KEYS if there is one.
import { createForwarder } from "icloud-ready/forwarder";

export { LeadOutbox } from "icloud-ready/forwarder/cloudflare";

const NAMES = [
  "outbox",
  "path",
  "origins",
  "allowFields",
  "defaults",
  "redirects",
  "thankYouURL",
  "siteKeys",
  "challenge",
  "rate",
  "clientAddress",
  "adminToken",
  "retention",
  "ambiguous",
  "reconcileDelays",
  "limits",
  "jurisdiction",
];

export default createForwarder({
  ...Object.fromEntries(NAMES.map((name) => [name, (env) => env.CONFIG[name]])),
  crm: ({ CONFIG, KEYS }) =>
    KEYS ? { ...CONFIG.crm, apiKey: async () => (await KEYS.fetch("http://keys/")).text() } : CONFIG.crm,
});
