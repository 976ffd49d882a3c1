/** An answer, or the trace of there being none: what `src/wasm/host.rs` reads. */
export class Trace {
  /** 0 none, 1 connection, 2 timeout, 3 aborted, 4 token. */
  fault = 0;
  /** The template of the path that was asked for; none where nothing was. */
  route = "";
  /** Whether the request had left. */
  sent = false;
  status = 0;
  /** 0 empty, 1 JSON, 2 unreadable. */
  shape = 0;
  body: unknown;
  headers: Headers | undefined;
  retryAfter: string | undefined;
  requestId: string | undefined;
  token = 0;
  cause: unknown;
}

/** Ends a wait: with a fault, or 0 where what was waited for came. */
export type End = (fault: number, cause?: unknown) => void;

/** The longest time a timer takes; a longer one would fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

let init: RequestInit | undefined;

/** What every request carries, as far as the runtime knows it: some throw for what they do not. */
export function known(): RequestInit {
  if (!init) {
    init = { redirect: "manual" };
    const wanted = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
    for (const [name, value] of Object.entries(wanted)) {
      if (typeof Request === "function" && name in Request.prototype) Object.assign(init, { [name]: value });
    }
  }
  return init;
}
