import { assertNumber, configError, type OptionNames, rejectUnknownOptions } from "../base/options.js";
import { jsonReply, type Reply, textReply } from "./responses.js";
import { ROUTES, type TestOperation } from "./routes.js";

/** Which requests fail, and whether before or after the CRM processes them. */
export interface FaultRule {
  /** Only requests of this operation, such as `leads.create`. Default: every request. */
  operation?: TestOperation | undefined;
  /**
   * `before`: the CRM does nothing. `after`: it processes the request, and the response is lost or replaced. Default
   * `before`.
   */
  when?: "before" | "after" | undefined;
  /** The number of requests that fail; `Infinity` for all. Default 1. */
  times?: number | undefined;
  /** The number of matching requests that succeed first. Default 0. */
  skip?: number | undefined;
}

/** A response with this status instead of the CRM's. */
export interface StatusFault extends FaultRule {
  /** The response's status, 200 to 599. */
  status: number;
  /** The header `Retry-After`: a number of seconds, or text such as an HTTP date. Default: none. */
  retryAfter?: number | string | undefined;
  /** The response's body: text, or any other value as JSON. Default: an object with a `message`. */
  body?: unknown;
  /** Further headers of the response. */
  headers?: Record<string, string> | undefined;
  /** Not with `status`. */
  error?: undefined;
}

/** No response. */
export interface ConnectionFault extends FaultRule {
  /**
   * `connection`: `fetch` rejects as if the connection was lost. `timeout`: no response until the request is aborted
   * by the client's timeout or signal.
   */
  error: "connection" | "timeout";
  /** Not with `error`. */
  status?: undefined;
}

/** A failure, and the requests that it affects. */
export type TestFault = StatusFault | ConnectionFault;

const NAMES: OptionNames<StatusFault & ConnectionFault> = {
  operation: 1,
  when: 1,
  times: 1,
  skip: 1,
  status: 1,
  retryAfter: 1,
  body: 1,
  headers: 1,
  error: 1,
};

/** The active faults, in order. @internal */
export class Faults {
  #rules: { fault: TestFault; matched: number; fired: number }[] = [];

  /** Adds a fault and returns a function that removes it. */
  add(fault: TestFault): () => void {
    check(fault);
    const rule = { fault: { ...fault }, matched: 0, fired: 0 };
    this.#rules.push(rule);
    return () => void (this.#rules = this.#rules.filter((other) => other !== rule));
  }

  /** The fault of a request: that of the first rule that applies. Later rules do not count the request. */
  choose(operation: TestOperation | undefined): TestFault | undefined {
    for (const rule of this.#rules) {
      const { fault } = rule;
      const { times = 1, skip = 0 } = fault;
      if (rule.fired >= times || (fault.operation && fault.operation !== operation)) continue;
      if (++rule.matched <= skip) continue;
      rule.fired++;
      return fault;
    }
    return undefined;
  }

  clear(): void {
    this.#rules = [];
  }
}

function check(fault: TestFault): void {
  rejectUnknownOptions(fault, NAMES, "fail");
  const { status, error, operation, when, times = 1, skip = 0 } = fault;
  if ((status === undefined) === (error === undefined)) throw configError("fail", "needs either status or error");
  if (status !== undefined && !(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw configError("status", "must be an integer from 200 to 599");
  }
  if (error !== undefined && !["connection", "timeout"].includes(error)) {
    throw configError("error", "must be one of connection, timeout");
  }
  if (when !== undefined && !["before", "after"].includes(when)) {
    throw configError("when", "must be one of before, after");
  }
  if (operation !== undefined && !Object.hasOwn(ROUTES, operation)) {
    throw configError("operation", "is not one of the client's operations");
  }
  if (times !== Infinity) assertNumber("times", times, true);
  assertNumber("skip", skip, true);
}

/** The response of a fault. @internal */
export function faultReply({ status, retryAfter, body, headers }: StatusFault): Reply {
  const reply =
    typeof body === "string"
      ? textReply(status, body)
      : jsonReply(status, body === undefined ? { message: "A fault of the test CRM" } : body);
  // These have no body.
  if ([204, 205, 304].includes(status)) Object.assign(reply, { headers: {}, body: "" });
  const retry: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  Object.assign(reply.headers, retry, Object.fromEntries(given));
  return reply;
}

/** The error of a lost connection, like Node.js's. @internal */
export function connectionLost(): TypeError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  return Object.assign(new TypeError("fetch failed"), { cause });
}

/** Never resolves, and rejects once the signal is aborted. @internal */
export function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal!.reason);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}
