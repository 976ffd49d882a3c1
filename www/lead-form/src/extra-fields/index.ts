// All fields but the default ones, and schemas: a separate script. It shares no module state with
// the main script.

export { createControl } from "./controls.js";
export { parseFields } from "./fields.js";
export { readSchema } from "./schema.js";
export { default as styles } from "./styles.css";
