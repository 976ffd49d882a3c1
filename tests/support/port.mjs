// The demo uses it too.
export { freePort, isFree } from "../../tools/port.mjs";
