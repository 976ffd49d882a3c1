import { now, runtime } from "../base/environment.js";
import { errorFromWasm, type ICloudReadyError, issueFromWasm, type Issue } from "../base/errors.js";
import { internalError, callWasm, generation, unregister, type PendingCall } from "../loader/instance.js";
import type { ClientContext } from "./context.js";
import type { CallSettings } from "./settings.js";
import { type EndWait, baseRequestInit, MAX_TIMER_MS, Attempt } from "../base/attempt.js";

/** The position of the body among a call's texts. */
const BODY = 3;

/** Performs one call: the requests and waits that the wasm orders, and the promise of the result. */
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
  /** Ends the current wait. */
  #end: EndWait | undefined;
  #aborted = false;
  #reason: unknown;
  #attempts = 0;
  readonly #issues: Issue[] = [];
  #ambiguous = false;

  /**
   * `position`: of the operation in the wasm's table, or beyond it. `texts`: method, path, query, body; the call keeps
   * the array.
   */
  constructor(
    client: ClientContext,
    settings: CallSettings,
    operation: string,
    position: number,
    texts: unknown[],
    ids: unknown[],
  ) {
    const { submissionId, itemsKey } = settings;
    // Not a string: the wasm rejects the empty one.
    const id = submissionId === undefined || typeof submissionId === "string" ? submissionId : "";
    this.#position = position;
    texts.push(id, itemsKey, ...ids);
    this.#texts = texts;
    this.#client = client;
    this.#settings = settings;
    this.#operation = operation;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Starts the call; `begin` returns its number. */
  start(begin: () => number): Promise<unknown> {
    this.#call = callWasm(begin, this);
    return this.promise;
  }

  // The wasm calls these methods. They must not throw: that would count as a trap.

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
    const issue = issueFromWasm(path, code, severity, message);
    // A severity above those of issues: only logged.
    if (severity > 1) this.#client.warn(this.#operation, issue);
    else this.#issues.push(issue);
  }

  readonly now = now;

  error(
    code: number,
    attempts: number,
    ambiguous: boolean,
    retryAfterMs: number | undefined,
    lastAttempt: Attempt | undefined,
    cause: unknown,
  ): ICloudReadyError {
    const details = { operation: this.#operation, attempts, ambiguous, retryAfterMs, issues: this.#issues };
    return errorFromWasm(code, details, lastAttempt, cause);
  }

  sleep(milliseconds: number): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = this.#wait(new Attempt(), undefined, () => clearTimeout(timer));
    if (this.#end) timer = setTimeout(end, Math.min(milliseconds, MAX_TIMER_MS), 0);
  }

  waiting(attempt: number, delayMs: number, reason: string, status: number): void {
    const client = this.#client;
    const operation = this.#operation;
    // Attempt 0: the call waits in the limiter.
    const hook = client.options[attempt ? "onRetry" : "onWait"] as ((event: object) => void) | undefined;
    const event = { operation, ...(attempt && { attempt }), delayMs, reason, ...(status && { status }) };
    client.callHook(hook, () => Object.freeze(event));
    const cause = attempt ? `attempt ${attempt} failed (${reason} ${status || ""})` : reason;
    client.log(attempt ? "warn" : "debug", `${operation}: ${cause}, waiting ${Math.round(delayMs)} ms`);
  }

  send(
    method: string,
    route: string,
    target: string | undefined,
    body: string | undefined,
    timeout: number,
    rejected: number,
    number: number,
  ): void {
    const attempt = new Attempt();
    attempt.route = `${method} ${route}`;
    this.#attempts = number;
    // Without a timeout the caller's signal is used as it is.
    const controller = timeout < Infinity ? runtime.abortController() : undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = this.#wait(attempt, attempt, () => {
      clearTimeout(timer);
      if (attempt.fault) {
        controller?.abort(attempt.cause);
        // An abandoned token request must not delay the next call.
        if (!attempt.sent) this.#client.credentials.reset();
      } else if (controller) {
        runtime.reuse?.(controller);
      }
      this.#client.core.recordEnd(now());
    });
    if (!this.#end) return;
    if (controller) timer = setTimeout(end, Math.min(timeout, MAX_TIMER_MS), 2);
    const signal = controller?.signal ?? this.#settings.signal;
    void this.#exchange(attempt, method, route, target ?? route, body, rejected, number, signal, end);
  }

  /**
   * Begins a wait. The first call of the returned function ends it: it calls `cleanUp` and resumes the wasm with
   * `result`, or with `attempt` after a fault.
   */
  #wait(attempt: Attempt, result: Attempt | undefined, cleanUp: () => void): EndWait {
    const end: EndWait = (fault, cause) => {
      if (this.#end !== end) return;
      this.#end = undefined;
      attempt.fault = fault;
      attempt.cause = cause;
      cleanUp();
      const resume = () => this.resume(fault ? attempt : result);
      // A fault resumes later: a hook may abort, or `fetch` throw, before the wasm has begun to wait.
      if (fault) queueMicrotask(resume);
      else resume();
    };
    this.#end = end;
    if (this.#aborted) end(3, this.#reason);
    return end;
  }

  /** The caller's signal aborted. */
  abort(reason: unknown): void {
    this.#aborted = true;
    this.#reason = reason;
    this.#end?.(3, reason);
  }

  /** Sends one request and reads the response. Ends the wait; never rejects. */
  async #exchange(
    attempt: Attempt,
    method: string,
    route: string,
    target: string,
    body: string | undefined,
    rejected: number,
    number: number,
    signal: AbortSignal | undefined,
    end: EndWait,
  ): Promise<void> {
    try {
      const client = this.#client;
      // The wasm hands over only what it changed, and a lookup has no body.
      if (body === undefined && method !== "GET") body = this.text(BODY);
      let authorization: Record<string, string> | undefined;
      if (!this.#settings.anonymous) {
        const token = client.credentials.authorize(rejected);
        if (token instanceof Promise) {
          try {
            const current = await token;
            attempt.token = current.number;
            authorization = current.headers;
          } catch (cause) {
            return end(4, cause);
          }
          if (this.#end !== end) return;
        } else {
          authorization = token;
        }
      }
      // A new object for each request: a caller's `fetch` may change it. Written in this way, and with what is spread
      // at the end as in `init` below, the two take 0.2 microseconds; other ways take 4.
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const headers = Object.assign(type, client.headersWith(authorization), this.#settings.headers);
      const { onRequest, onResponse, logger } = client.options;
      if (onRequest || logger) {
        client.callHook(onRequest, () => Object.freeze({ operation: this.#operation, method, route, attempt: number }));
        client.log("debug", `${this.#operation}: ${method} ${route}, attempt ${number}`);
        // A hook may have aborted the call.
        if (this.#end !== end) return;
      }
      const began = onResponse || logger ? now() : undefined;
      // The lookups of a create are not cached.
      const isRead = method === "GET" && this.#operation !== "leads.create";
      const { fetchOptions } = client;
      const init = { method, headers, body, signal, ...baseRequestInit(), ...fetchOptions[isRead ? 1 : 0] };
      attempt.sent = true;
      this.#ambiguous ||= method !== "GET";
      const response = await client.fetch(client.baseURL + target, init as RequestInit);
      if (this.#end !== end) return;
      // A caller's `fetch` may return anything; the wasm accepts numbers only.
      attempt.status = +response.status;
      attempt.headers = response.headers;
      // Without the body, which is read below. `Response` does not accept status 0, a redirect hidden by the browser.
      client.callHook(this.#settings.onResponse, () => (response.status ? new Response(null, response) : response));
      if (began !== undefined) {
        const durationMs = Math.round(now() - began);
        const { status, requestId } = attempt;
        client.callHook(onResponse, () => {
          const headers = new Headers(response.headers);
          headers.delete("set-cookie");
          return Object.freeze({
            operation: this.#operation,
            route,
            status,
            headers,
            requestId,
            durationMs,
            attempt: number,
          });
        });
        client.log("debug", `${this.#operation}: ${status} after ${durationMs} ms`);
      }
      const text = await response.text();
      attempt.body = text || undefined;
      attempt.shape = text ? 2 : 0;
      if (text) {
        try {
          attempt.body = JSON.parse(text);
          attempt.shape = 1;
        } catch {
          if (!text.trim()) attempt.shape = 0;
        }
      }
    } catch (cause) {
      return end(1, cause);
    }
    end(0);
  }

  /** Resumes the call in the wasm. */
  protected resume(value: unknown): void {
    // A response that arrives after a trap belongs to a call that has failed.
    if (this.#generation === generation) callWasm(() => this.#client.core.get().resume(this.#call!, value));
  }

  /** Fails the call: its instance trapped. */
  onInstanceLost(cause: unknown): void {
    this.#end?.(3);
    this.#reject(internalError(this.#operation, cause, { attempts: this.#attempts, ambiguous: this.#ambiguous }));
  }
}
