import { now } from "../base/environment.js";
import { errorFromWasm, type ICloudReadyError, issueFromWasm, type Issue } from "../base/errors.js";
import { internalError, callWasm, generation, unregister, type PendingCall, type Wasm } from "../loader/instance.js";
import type { ClientContext } from "./context.js";
import type { CallSettings } from "./settings.js";
import { type EndWait, baseRequestInit, MAX_TIMER_MS, Attempt } from "../base/attempt.js";

/** One call: what the wasm calls on its way, and what the caller waits for. */
export class CallHost implements PendingCall {
  readonly promise: Promise<unknown>;
  readonly #client: ClientContext;
  readonly #settings: CallSettings;
  readonly #operation: string;
  readonly #position: number;
  readonly #texts: unknown[];
  readonly #generation = generation;
  #resolve!: (value: unknown) => void;
  #reject!: (error: ICloudReadyError) => void;
  #call: number | undefined = 0;
  /** Ends what the call waits for just now. */
  #end: EndWait | undefined;
  #aborted = false;
  #reason: unknown;
  #attempts = 0;
  readonly #issues: Issue[] = [];
  #ambiguous = false;

  /** `position`: the operation's in the wasm's table, or one beyond it. `texts`: method, path, query, body. */
  constructor(
    client: ClientContext,
    settings: CallSettings,
    operation: string,
    position: number,
    texts: unknown[],
    ids: unknown[],
  ) {
    const { submissionId, itemsKey } = settings;
    // Anything may have been given for an id; what is no text is refused as such.
    const id = submissionId === undefined || typeof submissionId === "string" ? submissionId : "";
    this.#position = position;
    this.#texts = [...texts, id, itemsKey, ...ids];
    this.#client = client;
    this.#settings = settings;
    this.#operation = operation;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Starts the call. `begin` gives its number. */
  start(begin: (wasm: Wasm) => number): Promise<unknown> {
    this.#call = callWasm(begin, this);
    return this.promise;
  }

  // What the wasm calls. None of it may throw: the wasm would take that for its own end.

  text(index: number): string | undefined {
    const text = this.#texts[index];
    return typeof text === "string" ? text : undefined;
  }

  number(index: number): number {
    return index ? this.#settings.numbers[index]! : this.#position;
  }

  done(value: unknown): void {
    unregister(this);
    this.#resolve(value);
  }

  failed(error: ICloudReadyError): void {
    unregister(this);
    this.#reject(error);
  }

  issue(path: string, code: number, severity: number, message: string): void {
    const told = issueFromWasm(path, code, severity, message);
    // Beyond the severities of issues is that of a warning which ends nothing.
    if (severity > 1) this.#client.warn(this.#operation, told);
    else this.#issues.push(told);
  }

  readonly now = now;

  error(
    code: number,
    attempts: number,
    ambiguous: boolean,
    retryAfterMs: number | undefined,
    trace: Attempt | undefined,
    cause: unknown,
  ): ICloudReadyError {
    const told = { operation: this.#operation, attempts, ambiguous, retryAfterMs, issues: this.#issues };
    return errorFromWasm(code, told, trace, cause);
  }

  sleep(milliseconds: number): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = this.#wait(new Attempt(), undefined, () => clearTimeout(timer));
    if (this.#end) timer = setTimeout(end, Math.min(milliseconds, MAX_TIMER_MS), 0);
  }

  waiting(attempt: number, delayMs: number, reason: string, status: number): void {
    const client = this.#client;
    const operation = this.#operation;
    // No attempt: in the limiter.
    const hook = client.options[attempt ? "onRetry" : "onWait"] as ((event: object) => void) | undefined;
    const event = { operation, ...(attempt && { attempt }), delayMs, reason, ...(status && { status }) };
    client.callHook(hook, () => Object.freeze(event));
    const why = attempt ? `attempt ${attempt} failed (${reason} ${status || ""})` : reason;
    client.log(attempt ? "warn" : "debug", `${operation}: ${why}, waiting ${Math.round(delayMs)} ms`);
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
    const trace = new Attempt();
    trace.route = route;
    this.#attempts = attempt;
    // A caller's signal is handed on as it is where there is no clock of ours.
    const controller = timeout < Infinity ? new AbortController() : undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = this.#wait(trace, trace, () => {
      clearTimeout(timer);
      if (trace.fault) {
        controller?.abort(trace.cause);
        // An abandoned token request must not delay the next call.
        if (!trace.sent) this.#client.credentials.abandonRequest();
      }
      this.#client.core.recordEnd(now());
    });
    if (!this.#end) return;
    if (controller) timer = setTimeout(end, Math.min(timeout, MAX_TIMER_MS), 2);
    this.#exchange(
      trace,
      method,
      route,
      target,
      body,
      refused,
      attempt,
      controller?.signal ?? this.#settings.signal,
      end,
    ).then(
      () => end(trace.fault, trace.cause),
      (cause: unknown) => end(1, cause),
    );
  }

  /**
   * Waits. The end gives the wasm `told`, or the trace of a fault, and calls `over`; only the first
   * end counts.
   */
  #wait(trace: Attempt, told: Attempt | undefined, over: () => void): EndWait {
    const end: EndWait = (fault, cause) => {
      if (this.#end !== end) return;
      this.#end = undefined;
      trace.fault = fault;
      trace.cause = cause;
      over();
      // Later, since a hook may abort the call while the wasm is still about to wait.
      queueMicrotask(() => this.resume(fault ? trace : told));
    };
    this.#end = end;
    if (this.#aborted) end(3, this.#reason);
    return end;
  }

  /** The caller gave up. */
  abort(reason: unknown): void {
    this.#aborted = true;
    this.#reason = reason;
    this.#end?.(3, reason);
  }

  async #exchange(
    trace: Attempt,
    method: string,
    route: string,
    target: string,
    body: string | undefined,
    refused: number,
    attempt: number,
    signal: AbortSignal | undefined,
    end: EndWait,
  ): Promise<void> {
    const client = this.#client;
    const headers: Record<string, string> = { ...client.headers, ...this.#settings.headers };
    if (!this.#settings.anonymous) {
      const token = client.credentials.authorize(refused);
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
        if (this.#end !== end) return;
      } else {
        Object.assign(headers, token);
      }
    }
    if (body !== undefined) headers["content-type"] = "application/json";
    const { onRequest, onResponse, logger } = client.options;
    client.callHook(onRequest, () => Object.freeze({ operation: this.#operation, method, route, attempt }));
    client.log("debug", `${this.#operation}: ${method} ${route}, attempt ${attempt}`);
    // A hook may have aborted the call.
    if (this.#end !== end) return;
    const began = onResponse || logger ? now() : undefined;
    const init: RequestInit = { ...baseRequestInit(), method, headers };
    if (body !== undefined) init.body = body;
    if (signal) init.signal = signal;
    trace.sent = true;
    this.#ambiguous ||= method !== "GET";
    const response = await client.fetch(client.baseURL + target, init);
    if (this.#end !== end) return;
    // A caller's `fetch` may answer with anything; the wasm takes numbers and text alone.
    const header = (name: string) => {
      const value: unknown = response.headers?.get(name);
      return value == null ? undefined : `${value}`;
    };
    trace.status = +response.status;
    trace.headers = response.headers;
    trace.dateHeader = header("date") ?? "";
    trace.retryHeader = header("retry-after") ?? "";
    trace.requestId = header("x-request-id") ?? header("cf-ray");
    // Without its body, which is ours to read. Status 0 stands for what a browser hides.
    const copy = () => (response.status ? new Response(null, response) : response);
    client.callHook(this.#settings.onResponse, copy);
    if (began !== undefined) {
      const durationMs = Math.round(now() - began);
      const { status, requestId } = trace;
      client.callHook(onResponse, () => {
        const headers = new Headers(response.headers);
        headers.delete("set-cookie");
        return Object.freeze({ operation: this.#operation, route, status, headers, requestId, durationMs, attempt });
      });
      client.log("debug", `${this.#operation}: ${status} after ${durationMs} ms`);
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

  /** Goes on in the wasm that the call runs in. */
  protected resume(value: unknown): void {
    // The call of a response to an older instance is gone.
    if (this.#generation === generation) callWasm((wasm) => this.#client.core.get(wasm).resume(this.#call!, value));
  }

  /** The instance is gone, and whatever this call waits for with it. */
  onInstanceLost(cause: unknown): void {
    this.#end?.(3);
    this.#reject(internalError(this.#operation, cause, { attempts: this.#attempts, ambiguous: this.#ambiguous }));
  }
}
