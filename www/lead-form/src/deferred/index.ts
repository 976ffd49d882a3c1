// What a form needs once a visitor touches it, or a lead is waiting: a separate script, which
// `loadDeferred` loads. It shares no module state with the main script.

export { challengeTokenOf } from "./challenge.js";
export { checkLead, preloadChecks } from "./checks.js";
export { CODES } from "./countries.js";
export { selectCountryOfNumber } from "./calling-code.js";
export { fieldErrorsOf } from "./field-errors.js";
export { reuseId } from "./ids.js";
export { rejectedMessage, earlierMessage } from "./messages.js";
export { queueOf } from "./queue.js";
export { default as styles } from "./styles.css";
