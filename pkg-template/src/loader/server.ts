import { isolatePostConnections } from "./deno.js";
import { isEdgeWorker, runtime } from "../base/environment.js";
import { systemCode } from "../base/system-code.js";

/** Sets up what only servers need. @internal */
export function setUpServer(): void {
  isolatePostConnections();
  runtime.detail = (cause) => {
    const code = systemCode(cause);
    return code ? ` (${code})` : "";
  };
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  if (process?.versions?.node && !isEdgeWorker()) reuseAbortControllers();
}

const MAX_KEPT = 16;
const MAX_USES = 16;

type CountedController = AbortController & { uses?: number };

/**
 * Gives an `AbortController` that has not aborted to several requests, one after another: in Node.js making one takes a
 * tenth of a create's time. Only to a few, because `fetch` listens to a request's signal until the next garbage
 * collection.
 */
function reuseAbortControllers(): void {
  const kept: CountedController[] = [];
  runtime.abortController = () => {
    const controller: CountedController = kept.pop() ?? new AbortController();
    controller.uses = (controller.uses ?? 0) + 1;
    return controller;
  };
  runtime.reuse = (controller: CountedController) => {
    if (kept.length < MAX_KEPT && controller.uses! < MAX_USES) kept.push(controller);
  };
}
