// Popup and slide-in: a separate script, which forms load when a visitor approaches a trigger. It shares no module
// state with the main script.

export { openDialog } from "./dialog.js";
export { default as styles } from "./styles.css";
