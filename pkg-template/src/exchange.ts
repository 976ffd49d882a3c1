import { errorOf, failure, type ICloudReadyError, type Issue } from "./errors.js";
import { ISSUES } from "./generated/codes.js";
import { enter, generation, left, type Waiting, type Wasm } from "./instance.js";
import type { Client } from "./state.js";
import type { CallSettings } from "./settings.js";

/** An answer, or the trace of there being none: what `src/wasm/host.rs` reads. */
export class Trace {
  /** 0 none, 1 connection, 2 timeout, 3 aborted, 4 token. */
  fault = 0;
  /** Whether the request had left. */
  sent = false;
  status = 0;
  /** 0 empty, 1 JSON, 2 unreadable. */
  shape = 0;
  body: unknown;
  headers: Headers | undefined;
  token = 0;
  cause: unknown;

  get retryAfter(): string | null | undefined {
    return this.headers?.get("retry-after");
  }

  get requestId(): string | null | undefined {
    return this.headers?.get("x-request-id") ?? this.headers?.get("cf-ray");
  }
}

/** The longest time a timer takes; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One call: what the wasm calls on its way, and what the caller waits for. */
export class Exchange implements Waiting {
  readonly promise: Promise<unknown>;
  readonly #client: Client;
  readonly #settings: CallSettings;
  readonly #operation: string;
  readonly #generation = generation;
  #resolve!: (value: unknown) => void;
  #reject!: (error: ICloudReadyError) => void;
  #call: number | undefined = 0;
  /** The template of the last path that was asked for. */
  #route = "";

  constructor(client: Client, settings: CallSettings, operation: string) {
    this.#client = client;
    this.#settings = settings;
    this.#operation = operation;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get submissionId(): string {
    // Anything may have been given; the wasm takes text alone.
    const id: unknown = this.#settings.submissionId;
    return typeof id === "string" ? id : "";
  }

  get itemsKey(): string | undefined {
    return this.#settings.itemsKey;
  }

  /** Starts the call. `begin` gives its number. */
  start(begin: (wasm: Wasm) => number): Promise<unknown> {
    this.#call = enter(begin, this);
    return this.promise;
  }

  // What the wasm calls. None of it may throw: the wasm would take that for its own end.

  done(value: unknown): void {
    left(this);
    this.#resolve(value);
  }

  failed(error: ICloudReadyError): void {
    left(this);
    this.#reject(error);
  }

  issue(path: string, code: number, severity: number, message: string): Issue {
    return { path, code: ISSUES[code]!, severity: severity ? "warning" : "error", message };
  }

  error(
    code: number,
    attempts: number,
    ambiguous: boolean,
    retryAfterMs: number | undefined,
    issues: Issue[],
    trace: Trace | undefined,
    cause: unknown,
  ): ICloudReadyError {
    const told = { operation: this.#operation, attempts, ambiguous, retryAfterMs, issues };
    return errorOf(code, this.#route, told, trace, cause);
  }

  sleep(milliseconds: number): void {
    const { signal } = this.#settings;
    const end = (trace?: Trace) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      this.#resume(trace);
    };
    const abort = () => {
      const trace = new Trace();
      trace.fault = 3;
      trace.cause = signal?.reason;
      end(trace);
    };
    const timer = setTimeout(end, Math.min(milliseconds, LONGEST_TIMER));
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
  }

  retrying(attempt: number, delayMs: number, reason: string, status: number): void {
    const { onRetry } = this.#client.hooks;
    const event = { operation: this.#operation, attempt, delayMs, reason, ...(status && { status }) };
    this.#client.observe(onRetry as ((event: object) => void) | undefined, event);
    this.#client.logger?.warn(`${this.#operation}: attempt ${attempt} failed (${reason} ${status || ""}), waiting ${Math.round(delayMs)} ms`);
  }

  send(
    method: string,
    route: string,
    target: string,
    body: string | undefined,
    timeout: number,
    refused: number,
    attempt: number,
  ): void {
    const trace = new Trace();
    this.#route = route;
    const { signal } = this.#settings;
    // A caller's signal is handed on as it is where there is no clock of ours.
    const controller = timeout < Infinity ? new AbortController() : undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let settled = false;
    const settle = (fault: number, cause?: unknown) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      trace.fault = fault;
      trace.cause = cause;
      if (fault) controller?.abort(cause);
      if (fault === 2 && !trace.sent) this.#client.tokens.forget();
      this.#client.limits.ended(Date.now());
      this.#resume(trace);
    };
    const abort = () => settle(3, signal?.reason);
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    if (controller) timer = setTimeout(() => settle(2), Math.min(timeout, LONGEST_TIMER));
    this.#exchange(trace, method, route, target, body, refused, attempt, controller?.signal ?? signal, () => settled).then(
      () => settle(trace.fault, trace.cause),
      (cause: unknown) => settle(1, cause),
    );
  }

  async #exchange(
    trace: Trace,
    method: string,
    route: string,
    target: string,
    body: string | undefined,
    refused: number,
    attempt: number,
    signal: AbortSignal | undefined,
    settled: () => boolean,
  ): Promise<void> {
    const client = this.#client;
    const headers: Record<string, string> = { ...client.headers, ...this.#settings.headers };
    if (!this.#settings.anonymous) {
      const token = client.tokens.next(refused);
      if (token instanceof Promise) {
        try {
          const { number, headers: authorization } = await token;
          trace.token = number;
          Object.assign(headers, authorization);
        } catch (cause) {
          trace.fault = 4;
          trace.cause = cause;
          return;
        }
        if (settled()) return;
      } else {
        Object.assign(headers, token);
      }
    }
    if (body !== undefined) headers["content-type"] = "application/json";
    const shown = { operation: this.#operation, method, route, attempt };
    client.observe(client.hooks.onRequest, shown);
    client.logger?.debug(`${this.#operation}: ${method} ${route}, attempt ${attempt}`);
    const began = client.hooks.onResponse || client.logger ? Date.now() : 0;
    const init: RequestInit = { ...known(), method, headers };
    if (body !== undefined) init.body = body;
    if (signal) init.signal = signal;
    trace.sent = true;
    const response = await client.fetch(client.baseURL + target, init);
    trace.status = response.status;
    trace.headers = response.headers;
    client.observe(this.#settings.onResponse, response, true);
    if (began) {
      const durationMs = Date.now() - began;
      const { status } = response;
      const safe = new Headers(response.headers);
      safe.delete("set-cookie");
      const requestId = trace.requestId ?? undefined;
      client.observe(client.hooks.onResponse, { operation: this.#operation, route, status, headers: safe, requestId, durationMs, attempt });
      client.logger?.debug(`${this.#operation}: ${status} after ${durationMs} ms`);
    }
    // A browser hides a redirect's status behind 0 and has no body for it.
    const text = await response.text();
    trace.body = text || undefined;
    trace.shape = text ? 2 : 0;
    if (text) {
      try {
        trace.body = JSON.parse(text);
        trace.shape = 1;
      } catch {
        if (!text.trim()) trace.shape = 0;
      }
    }
  }

  #resume(value: unknown): void {
    // An answer to a call of an older instance has nobody to go to.
    if (this.#generation === generation) enter((wasm) => this.#client.limits.core(wasm).resume(this.#call!, value));
  }

  /** The instance is gone. */
  lost(cause: unknown): void {
    this.#reject(
      failure("internal", `${this.#operation}: a defect of this package ended the call`, cause, {
        operation: this.#operation,
      }),
    );
  }
}

let init: RequestInit | undefined;

/** What every request carries, as far as the runtime knows it: some throw for what they do not. */
function known(): RequestInit {
  if (!init) {
    init = { redirect: "manual" };
    const wanted = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
    for (const [name, value] of Object.entries(wanted)) {
      if (typeof Request === "function" && name in Request.prototype) Object.assign(init, { [name]: value });
    }
  }
  return init;
}
