import { isolatePostConnections } from "./deno.js";
import { runtime } from "../base/environment.js";
import { systemCode } from "../base/system-code.js";

/** Sets up what only servers need. @internal */
export function setUpServer(): void {
  isolatePostConnections();
  runtime.detail = (cause) => {
    const code = systemCode(cause);
    return code ? ` (${code})` : "";
  };
}
