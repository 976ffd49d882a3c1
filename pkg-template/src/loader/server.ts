import { isolatePostConnections } from "./deno.js";
import { runtime } from "../base/environment.js";
import { systemCode } from "../base/system-code.js";

/** What the entries of servers have and those of pages do not need. @internal */
export function setUpServer(): void {
  isolatePostConnections();
  runtime.detail = (cause) => {
    const code = systemCode(cause);
    return code ? ` (${code})` : "";
  };
}
