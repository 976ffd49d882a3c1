// Fields that not every form has: a script of its own. It shares no state with the one that is
// there at first.

import type { Control } from "../controls.js";
import type { Field } from "../fields.js";
import { Choice } from "./choice.js";

export { fieldsOf, parse } from "./fields.js";

/** The control of a field, where it is no single one. */
export function controlOf(field: Field): Control | undefined {
  return field.type === "radio" || field.type === "checkboxes" ? new Choice(field) : undefined;
}

export { default as styles } from "./styles.css";
