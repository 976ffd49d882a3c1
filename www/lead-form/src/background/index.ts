// The work of a form that starts before the first interaction: a separate script, which `form/load-background.ts`
// loads. It shares no module state with the main script.

export { capture, describeVisit, persist } from "./attribution.js";
export { hasPendingLeads } from "./pending-leads.js";
export { onFormReady } from "./on-form-ready.js";
export { watchTriggers } from "../modes/triggers.js";
export { pushToDataLayer } from "../submission/data-layer.js";
