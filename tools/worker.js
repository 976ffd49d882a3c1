// A forwarder that reads its options from the binding CONFIG, and the CRM's key from the binding KEYS if there is one.
import { createForwarder } from "icloud-ready/forwarder";

import * as kinds from "icloud-ready/forwarder/sources";
import { describedSources } from "./sources.mjs";

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
  "adminReadToken",
  "adminPage",
  "capacity",
  "propagateTraceparent",
  "restored",
  "retention",
  "ambiguous",
  "reconcileDelays",
  "limits",
  "jurisdiction",
];

export default createForwarder({
  ...Object.fromEntries(NAMES.map((name) => [name, (env) => env.CONFIG[name]])),
  sources: ({ CONFIG }) => describedSources(kinds, CONFIG.sources),
  crm: ({ CONFIG, KEYS }) =>
    KEYS ? { ...CONFIG.crm, apiKey: async () => (await KEYS.fetch("http://keys/")).text() } : CONFIG.crm,
});
