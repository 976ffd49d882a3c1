// Fields that not every form has: a script of its own. It shares no state with the one that is
// there at first.

export { controlOf } from "./controls.js";
export { fieldsOf, parse } from "./fields.js";
export { default as styles } from "./styles.css";
