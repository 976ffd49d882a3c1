// What a form needs once a visitor is there, or a lead is waiting: a script of its own, which
// `arrive` brings. It shares no state with the one that is there at first.

export { tokenOf } from "./challenge.js";
export { check, warm } from "./checks.js";
export { CODES } from "./countries.js";
export { tellEarlier } from "./earlier.js";
export { queueOf } from "./queue.js";
export { default as styles } from "./styles.css";
