import { isWebPage, runtime } from "../base/environment.js";
import {
  omitUndefined,
  checkHeaders,
  assertNumber,
  ignoreErrors,
  rejectUnknownOptions,
  configError,
} from "../base/options.js";
import { resolveCallSettings, resolveClientSettings } from "./settings.js";
import type { OptionNames } from "../base/options.js";
import type { CallDefaults, CallSettings, CreateOptions } from "./settings.js";
import type { Issue } from "../base/errors.js";
import type { WasmSource } from "../loader/loading.js";
import { CoreHandle } from "./core-handle.js";
import { type Credential, isToken, Credentials } from "./credentials.js";

/** Passed to all hooks. */
export interface CallEvent {
  /** The operation, such as `leads.create`. */
  readonly operation: string;
}

/** Passed to `onRequest`, before a request is sent. */
export interface RequestEvent extends CallEvent {
  /** The HTTP method, such as `POST`. */
  readonly method: string;
  /** The route template, such as `/leads/{id}`. */
  readonly route: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
}

/** Passed to `onResponse`, once the response headers are received. */
export interface ResponseEvent extends Omit<RequestEvent, "method"> {
  /** The HTTP status. */
  readonly status: number;
  /** Without `set-cookie`. */
  readonly headers: Headers;
  /** The CRM's id of the request: the header `x-request-id`, otherwise `cf-ray`. */
  readonly requestId?: string | undefined;
  /** Milliseconds from sending the request to its response headers. */
  readonly durationMs: number;
}

/** Passed to `onRetry`, before the wait for the next attempt. */
export interface RetryEvent extends CallEvent {
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  /** Why the attempt failed; `reconcile`: the lead is looked up next. */
  readonly reason: "status" | "connection" | "timeout" | "reconcile";
  /** The HTTP status if `reason` is `status`. */
  readonly status?: number | undefined;
}

/** Passed to `onWait`, before a call waits in the limiter. */
export interface WaitEvent extends CallEvent {
  /** Milliseconds until the call may be sent; an estimate. */
  readonly delayMs: number;
  /** Why the call waits. */
  readonly reason: "rate_limit";
}

/** Options of a client. An unknown option is an error; `undefined` means unset. */
export interface ClientOptions extends CallDefaults {
  /** The integration token, sent as `x-api-key`. Needs `organizationId`. */
  apiKey?: Credential | undefined;
  /** The organization's id, 24 hexadecimal digits. Needs `apiKey`. */
  organizationId?: string | undefined;
  /** The key of the API reference (`ICLOUDREADY_API_KEY`) or a user's token, sent as `Authorization: Bearer`. */
  accessToken?: Credential | undefined;
  /** An https URL, or http on loopback. Default `https://api.icloud-ready.com/api/v2`. */
  baseURL?: string | undefined;
  /** Allows an http base URL that is not on loopback. Default false. */
  allowInsecureBaseURL?: boolean | undefined;
  /** The maximum number of requests, or `false` for no limit. Default 480 per minute and 4,800 per hour. */
  rateLimit?: { perMinute?: number; perHour?: number } | false | undefined;
  /** Replaces `fetch`. Default: the global `fetch` at the time of the call. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Passed to `fetch`, for what a runtime's `fetch` knows in addition: `dispatcher`, `cf`, `next`, `cache`. The last
   * three are passed for reads only: they store responses, which contain personal data.
   */
  fetchOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Added to every request. Default: none. */
  headers?: Record<string, string> | undefined;
  /** Called before each request. Its errors are logged and ignored. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
  /** Called after each response. Its errors are logged and ignored. */
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** Called before each retry. Its errors are logged and ignored. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Called before each wait in the limiter. Its errors are logged and ignored. */
  onWait?: ((event: WaitEvent) => void) | undefined;
  /** Receives log messages, such as `console`. Warnings about input contain path and code. Default: none. */
  logger?: Pick<Console, "debug" | "info" | "warn" | "error"> | undefined;
  /** Allows a string credential in a web page, where every visitor can read it. Default false. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** The wasm, for `icloud-ready/slim`. Default: the wasm of the package. */
  wasm?: WasmSource | Promise<WasmSource> | undefined;
}

/** The names of a client's options. @internal */
export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  // In the order in which `didYouMean` tries them.
  apiKey: 1,
  organizationId: 1,
  accessToken: 1,
  baseURL: 1,
  allowInsecureBaseURL: 1,
  timeout: 1,
  totalTimeout: 1,
  maxQueueWait: 1,
  maxRetries: 1,
  rateLimit: 1,
  strict: 1,
  headers: 1,
  fetch: 1,
  fetchOptions: 1,
  onRequest: 1,
  onResponse: 1,
  onRetry: 1,
  onWait: 1,
  logger: 1,
  dangerouslyAllowBrowser: 1,
  submissionField: 1,
  reconcile: 1,
  reconcileDelays: 1,
  itemsKey: 1,
  firstPage: 1,
  wasm: 1,
};

const CREDENTIAL_OPTIONS = ["apiKey", "organizationId", "accessToken"] as const;

/** A client's validated options, and the state that it shares with derived clients. @internal */
export class ClientContext {
  readonly options: ClientOptions;
  readonly baseURL: string;
  readonly headers: Record<string, string>;
  readonly credentials: Credentials;
  readonly core: CoreHandle;
  /** The options of `fetch` for writes and for reads. */
  readonly fetchOptions: readonly [object, object];
  readonly #inPage = isWebPage();
  #authorization: Record<string, string> | undefined;
  #allHeaders: Record<string, string> | undefined;
  /** The settings of calls without options, and the number of a list's first page that they have. */
  #settings: CallSettings | undefined;
  #firstPage: 0 | 1 | undefined;

  constructor(options: ClientOptions, parent?: ClientContext) {
    options = omitUndefined(options);
    rejectUnknownOptions(options, CLIENT_OPTIONS);
    const { apiKey, organizationId, accessToken, rateLimit } = options;
    this.options = options;
    if (apiKey !== undefined && accessToken !== undefined) {
      throw configError("apiKey", "and accessToken are both set");
    }
    if (apiKey !== undefined && organizationId === undefined) {
      throw configError("apiKey", "needs organizationId, or use accessToken");
    }
    if (organizationId !== undefined && (apiKey === undefined || !isToken(organizationId))) {
      throw configError("organizationId", "must be a string and needs apiKey");
    }
    const credential = apiKey === undefined ? accessToken : apiKey;
    const name = apiKey === undefined ? "accessToken" : "apiKey";
    if (credential !== undefined && typeof credential !== "function" && !isToken(credential)) {
      throw configError(name, "must be a header value or a function");
    }
    if (this.#inPage && typeof credential === "string" && !options.dangerouslyAllowBrowser) {
      throw configError(
        name,
        "is readable by every visitor: use icloud-ready/forwarder, a function or dangerouslyAllowBrowser",
      );
    }
    if (rateLimit) {
      const names: OptionNames<typeof rateLimit> = { perMinute: 1, perHour: 1 };
      rejectUnknownOptions(rateLimit, names, "rateLimit");
      for (const name of Object.keys(names) as (keyof typeof names)[]) {
        const rate = rateLimit[name];
        if (rate === undefined) continue;
        assertNumber(`rateLimit.${name}`, rate, true);
        if (!rate || rate > 0xffffffff) throw configError(`rateLimit.${name}`, "must be from 1 to 4294967295");
      }
    }
    for (const name of ["fetch", "onRequest", "onResponse", "onRetry", "onWait"] as const) {
      if (options[name] && typeof options[name] !== "function") throw configError(name, "must be a function");
    }
    const { fetchOptions = {} } = options;
    for (const name of ["method", "headers", "body", "signal", "redirect", "credentials"]) {
      if (typeof fetchOptions !== "object" || name in fetchOptions)
        throw configError("fetchOptions", `must be an object without ${name}`);
    }
    // What stores responses is for reads.
    const { cache, next, cf, ...others } = fetchOptions;
    this.fetchOptions = [others, fetchOptions];
    if (options.itemsKey !== undefined && typeof options.itemsKey !== "string")
      throw configError("itemsKey", "must be a string");
    this.baseURL = validBaseURL(options);
    this.headers = { accept: "application/json", ...checkHeaders(options.headers) };
    this.credentials = parent?.credentials ?? new Credentials(credential, organizationId);
    const { perMinute = 480, perHour = 4_800 } = rateLimit || {};
    const shared = parent?.options.rateLimit === rateLimit && parent?.core;
    this.core = shared || new CoreHandle(rateLimit === false ? 0 : perMinute, perHour, parent?.core);
    this.callSettings();
    if (!parent && organizationId && !/^[\da-f]{24}$/i.test(organizationId)) {
      this.log("warn", "unusual organizationId");
    }
  }

  /** The context of a derived client. It shares the limiter and the token, unless the options replace them. */
  derive(options: ClientOptions): ClientContext {
    options = omitUndefined(options);
    const hasCredential = CREDENTIAL_OPTIONS.some((name) => name in options);
    const hasNewURL = options.baseURL !== undefined && validBaseURL({ ...this.options, ...options }) !== this.baseURL;
    const merged = { ...this.options, ...options };
    if (hasCredential) for (const name of CREDENTIAL_OPTIONS) if (!(name in options)) delete merged[name];
    if (hasNewURL && !hasCredential && new URL(merged.baseURL!).origin !== new URL(this.baseURL).origin) {
      throw configError("baseURL", "of another origin needs a credential");
    }
    return new ClientContext(merged, hasCredential || hasNewURL ? undefined : this);
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    return (this.options.fetch ?? runtime.fetch)(url, init);
  }

  /** The client's headers with those that authorize; merged once for the same ones. */
  headersWith(authorization: Record<string, string> | undefined): Record<string, string> {
    if (!this.#allHeaders || authorization !== this.#authorization) {
      this.#authorization = authorization;
      this.#allHeaders = { ...this.headers, ...authorization };
    }
    return this.#allHeaders;
  }

  /** The settings of one call. */
  callSettings(call?: CreateOptions, operation?: string): CallSettings {
    const { firstPage } = this.core;
    if (!this.#settings || firstPage !== this.#firstPage) {
      this.#firstPage = firstPage;
      this.#settings = resolveClientSettings(
        this.options,
        !!this.options.apiKey,
        this.credentials.isFunction,
        this.#inPage,
        firstPage,
      );
    }
    return call ? resolveCallSettings(this.#settings, call, operation) : this.#settings;
  }

  /** Calls a hook. Its errors are logged and ignored. */
  callHook<E>(hook: ((event: E) => unknown) | undefined, event: () => E): void {
    if (hook)
      ignoreErrors(
        () => hook(event()),
        () => this.log("error", "a hook threw"),
      );
  }

  /** Logs a message. Errors of the logger are ignored. */
  log(level: "debug" | "warn" | "error", message: string): void {
    const { logger } = this.options;
    if (logger) ignoreErrors(() => logger[level](message));
  }

  /** Logs a warning about the input: its path and code, never the value. */
  warn(operation: string, { path, code, message }: Issue): void {
    this.log("warn", `${operation}: ${path || "the body"} ${message} (${code})`);
  }
}

/** The base URL without a trailing slash. Errors do not contain it, because it may contain a secret. */
function validBaseURL({
  baseURL = "https://api.icloud-ready.com/api/v2",
  allowInsecureBaseURL,
}: ClientOptions): string {
  let url;
  try {
    url = new URL(baseURL);
  } catch {
    throw configError("baseURL", "is not a valid URL");
  }
  const loopback = /^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && (loopback || allowInsecureBaseURL));
  if (!secure) throw configError("baseURL", "must be https, or http on loopback or with allowInsecureBaseURL");
  if (url.username || url.password || /[?#]/.test(baseURL)) {
    throw configError("baseURL", "may have no user, query or fragment");
  }
  return url.href.replace(/\/+$/, "");
}
