// Schemas, and all fields except the default ones: a separate script. It shares no module state with the main script.

export { showFields } from "./show-fields.js";
