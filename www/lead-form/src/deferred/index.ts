// The code that a form needs after the first interaction, or if a lead is waiting: a separate script, which
// `loadDeferred` loads. It shares no module state with the main script.

export { checkLead, preloadChecks } from "./checks.js";
export { CODES } from "./countries.js";
export { selectCountryOfNumber } from "./calling-code.js";
export { fieldErrorsOf } from "./field-errors.js";
export { reuseId } from "./ids.js";
export { showEarlier } from "./earlier-lead.js";
export { rejectedMessage } from "./messages.js";
export { queueOf } from "./queue.js";
export { statusContent } from "./status-content.js";
export { default as styles } from "./styles.css";
