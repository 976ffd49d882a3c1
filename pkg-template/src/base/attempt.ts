/** One HTTP request of a call and its outcome, as `src/wasm/host.rs` reads it. */
export class Attempt {
  /** 0 none, 1 connection, 2 timeout, 3 aborted, 4 token. */
  fault = 0;
  /** The method and the route template, for messages; empty if nothing was requested. */
  route = "";
  /** Whether the request was handed to `fetch`. */
  sent = false;
  status = 0;
  /** 0 empty, 1 JSON, 2 unreadable. */
  shape = 0;
  body: unknown;
  headers: Headers | undefined;
  token = 0;
  cause: unknown;

  /** Headers are read when they are needed: most responses need none, and each costs a third of a microsecond. */
  #header(name: string): string | undefined {
    // A caller's `fetch` may return anything; the wasm accepts strings only, and nothing may throw while it runs.
    try {
      const value: unknown = this.headers?.get(name);
      return value == null ? undefined : `${value}`;
    } catch {
      return;
    }
  }

  /** The CRM's id of the request. */
  get requestId(): string | undefined {
    return this.#header("x-request-id") ?? this.#header("cf-ray");
  }

  /** The response's `date` in milliseconds since 1970; NaN if it is missing or invalid. */
  get date(): number {
    return parseHttpDate(this.#header("date") ?? "");
  }

  /**
   * The wait in `retry-after`, in milliseconds: seconds, or an HTTP date, which is measured against the response's
   * `date`; NaN if it is neither.
   */
  get retryAfter(): number {
    const header = (this.#header("retry-after") ?? "").trim();
    return /^\d+$/.test(header) ? +header * 1_000 : Math.max(parseHttpDate(header) - this.date, 0);
  }
}

/** Ends a wait, with a fault or with 0 for success. */
export type EndWait = (fault: number, cause?: unknown) => void;

/** The longest delay of a timer: a longer one fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

let init: RequestInit | undefined;

/** The options of every request. Only those that the runtime knows, because some runtimes throw for others. */
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
 * The time of an HTTP date in one of its three formats, in milliseconds since 1970; otherwise NaN. Engines disagree
 * about what else `Date.parse` accepts, but all of them read and write IMF-fixdate. `src/text/http_date.rs` is the same
 * for Rust.
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
