import { separatePosts } from "./deno.js";
import { runtime } from "./environment.js";
import { systemCode } from "./system-code.js";

/** What the entries of servers have and those of pages do not need. @internal */
export function setUpServer(): void {
  separatePosts();
  runtime.detail = (cause) => {
    const code = systemCode(cause);
    return code ? ` (${code})` : "";
  };
}
