/** An answer, or the trace of there being none: what `src/wasm/host.rs` reads. */
export class Attempt {
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
  /** The headers `date` and `retry-after`. */
  dateHeader = "";
  retryHeader = "";
  requestId: string | undefined;
  token = 0;
  cause: unknown;

  /** Milliseconds since 1970 by the response's clock; NaN if it has no readable one. */
  get date(): number {
    return parseHttpDate(this.dateHeader);
  }

  /**
   * The wait that `retry-after` asks for, in milliseconds: seconds in digits alone, or an HTTP date,
   * measured against that of the response; NaN if it is neither.
   */
  get retryAfter(): number {
    const header = this.retryHeader.trim();
    return /^\d+$/.test(header) ? +header * 1_000 : Math.max(parseHttpDate(header) - this.date, 0);
  }
}

/** Ends a wait: with a fault, or 0 where what was waited for came. */
export type EndWait = (fault: number, cause?: unknown) => void;

/** The longest time a timer takes; a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

let init: RequestInit | undefined;

/** What every request carries, as far as the runtime knows it: some throw for what they do not. */
export function baseRequestInit(): RequestInit {
  if (!init) {
    init = { redirect: "manual" };
    const wanted = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
    for (const [name, value] of Object.entries(wanted)) {
      if (typeof Request === "function" && name in Request.prototype) Object.assign(init, { [name]: value });
    }
  }
  return init;
}

/**
 * Milliseconds since 1970 of an HTTP date in one of its three forms, else NaN. `Date.parse` finds a date
 * in almost any text, each engine another one; but an IMF-fixdate all must read and write. The core
 * reads the same for Rust callers: `src/text/http_date.rs`.
 */
function parseHttpDate(text: string): number {
  const fixdate = text
    .replace(
      /^(\w{3}) (\w{3}) ([ \d])(\d .{8}) (\d{4})$/,
      (_, weekday, month, tens, rest, year) =>
        `${weekday}, ${tens.trim() || 0}${rest[0]} ${month} ${year}${rest.slice(1)} GMT`,
    )
    .replace(
      /^(\w{3})(?:s|nes|rs|ur)?day, (\d\d)-(\w{3})-(\d)(\d .{8} GMT)$/,
      (_, weekday, day, month, decade, rest) => `${weekday}, ${day} ${month} ${decade < 7 ? 20 : 19}${decade}${rest}`,
    );
  const time = Date.parse(fixdate);
  return new Date(time).toUTCString() === fixdate ? time : NaN;
}
