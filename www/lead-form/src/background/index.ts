// What a form does as soon as it can be used, before a visitor touches it: a separate script, which
// `form/load-background.ts` loads. It shares no module state with the main script.

export { capture, describeVisit, persist } from "./attribution.js";
export { hasPendingLeads } from "./pending-leads.js";
export { reportLostProperties } from "./lost-properties.js";
export { pushToDataLayer } from "../submission/data-layer.js";
