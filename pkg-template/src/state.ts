import { isWebPage, runtime } from "./environment.js";
import { given, headersOf, number, quietly, settingsOf, wrong } from "./settings.js";
import type { Behaviour, CallSettings, CreateOptions } from "./settings.js";
import type { WasmSource } from "./loading.js";
import { Limits } from "./limits.js";
import { type Credential, isToken, Tokens } from "./tokens.js";

/** Told before a request leaves. */
export interface RequestEvent {
  /** The operation, as in `leads.create`. */
  readonly operation: string;
  /** The HTTP method, as in `POST`. */
  readonly method: string;
  /** The path's template, as in `/leads/{id}`. */
  readonly route: string;
  /** From 1. */
  readonly attempt: number;
}

/** Told when an answer's status and headers are there. */
export interface ResponseEvent {
  /** The operation, as in `leads.create`. */
  readonly operation: string;
  /** The path's template, as in `/leads/{id}`. */
  readonly route: string;
  /** The answer's HTTP status. */
  readonly status: number;
  /** Without `set-cookie`. */
  readonly headers: Headers;
  /** The CRM's id of the request: `x-request-id`, else `cf-ray`. */
  readonly requestId?: string | undefined;
  /** Milliseconds from the request's leaving until the answer's headers came. */
  readonly durationMs: number;
  /** From 1. */
  readonly attempt: number;
}

/** Told before a call waits and tries again. */
export interface RetryEvent {
  /** The operation, as in `leads.create`. */
  readonly operation: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  /** What made the attempt fail; `reconcile`: the CRM is to be asked whether the lead is there. */
  readonly reason: "status" | "connection" | "timeout" | "reconcile";
  /** The answer's HTTP status, where `reason` is `status`. */
  readonly status?: number | undefined;
}

/** What a client can be given. Option by option, `undefined` is "not given". */
export interface ClientOptions extends Behaviour {
  /** The integration token, sent as `x-api-key`; needs `organizationId`. */
  apiKey?: Credential | undefined;
  /** The organization's id, 24 hexadecimal digits. */
  organizationId?: string | undefined;
  /** The API reference's key (`ICLOUDREADY_API_KEY`) or a user's token, sent as `Bearer`. */
  accessToken?: Credential | undefined;
  /** https, or http on loopback. Default `https://api.icloud-ready.com/api/v2`. */
  baseURL?: string | undefined;
  /** Takes an http base URL off loopback too. */
  allowInsecureBaseURL?: boolean | undefined;
  /** The limits to keep under, or none. Default 480 a minute and 4,800 an hour, as published. */
  rateLimit?: { perMinute?: number; perHour?: number } | false | undefined;
  /** Called instead of the global `fetch`. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Sent with every request. */
  headers?: Record<string, string> | undefined;
  /** Observes; what it throws is logged and ignored. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
  /** Observes; what it throws is logged and ignored. */
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** Observes; what it throws is logged and ignored. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Silent by default. */
  logger?: Pick<Console, "debug" | "info" | "warn" | "error"> | undefined;
  /** Takes a credential given as text in a web page, where every visitor can read it. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** The wasm, for `icloud-ready/slim`. */
  wasm?: WasmSource | Promise<WasmSource> | undefined;
}

const CREDENTIALS = ["apiKey", "organizationId", "accessToken"] as const;

/** A client's options, checked, with what it shares with its siblings. @internal */
export class Client {
  readonly options: ClientOptions;
  readonly baseURL: string;
  readonly headers: Record<string, string>;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly #inPage = isWebPage();
  /** A call that says nothing has the client's own settings. */
  readonly #settings: CallSettings;

  constructor(options: ClientOptions, sibling?: Client) {
    options = given(options);
    const { apiKey, organizationId, accessToken, rateLimit } = options;
    this.options = options;
    if (apiKey !== undefined && accessToken !== undefined) {
      throw wrong("apiKey", "and accessToken are both given: give one of them");
    }
    if (apiKey !== undefined && organizationId === undefined) {
      throw wrong("apiKey", "needs organizationId beside it; a key without an organization is an accessToken");
    }
    if (organizationId !== undefined && (apiKey === undefined || !isToken(organizationId))) {
      throw wrong("organizationId", "must be text and goes with apiKey");
    }
    const credential = apiKey === undefined ? accessToken : apiKey;
    const name = apiKey === undefined ? "accessToken" : "apiKey";
    if (credential !== undefined && typeof credential !== "function" && !isToken(credential)) {
      throw wrong(name, "must be text that a header can hold, or a function");
    }
    if (this.#inPage && typeof credential === "string" && !options.dangerouslyAllowBrowser) {
      throw wrong(
        name,
        "would be readable by every visitor of this page: send leads through the forwarder " +
          "(icloud-ready/forwarder), or give a function; dangerouslyAllowBrowser allows it all the same",
      );
    }
    if (rateLimit) {
      for (const name of ["perMinute", "perHour"] as const) {
        const rate = rateLimit[name];
        if (rate === undefined) continue;
        number(`rateLimit.${name}`, rate, true);
        if (!rate || rate > 0xffffffff) throw wrong(`rateLimit.${name}`, "must be from 1 to 4294967295");
      }
    }
    for (const name of ["fetch", "onRequest", "onResponse", "onRetry"] as const) {
      if (options[name] && typeof options[name] !== "function") throw wrong(name, "must be a function");
    }
    if (options.itemsKey !== undefined && typeof options.itemsKey !== "string") throw wrong("itemsKey", "must be text");
    this.baseURL = checkedURL(options);
    this.headers = { accept: "application/json", ...headersOf(options.headers) };
    this.tokens = sibling?.tokens ?? new Tokens(credential, organizationId);
    const { perMinute = 480, perHour = 4_800 } = rateLimit || {};
    const shared = sibling?.options.rateLimit === rateLimit && sibling?.limits;
    this.limits = shared || new Limits(rateLimit === false ? 0 : perMinute, perHour);
    this.#settings = settingsOf(options, {}, this.#facts);
  }

  /** A sibling: it shares the limiter and the token, unless it is given its own. */
  with(options: ClientOptions): Client {
    options = given(options);
    const own = CREDENTIALS.some((name) => name in options);
    const moved = options.baseURL !== undefined && checkedURL({ ...this.options, ...options }) !== this.baseURL;
    const merged = { ...this.options, ...options };
    if (own) for (const name of CREDENTIALS) if (!(name in options)) delete merged[name];
    if (moved && !own && new URL(merged.baseURL!).origin !== new URL(this.baseURL).origin) {
      throw wrong("baseURL", "of another origin needs a credential given with it");
    }
    return new Client(merged, own || moved ? undefined : this);
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    return (this.options.fetch ?? runtime.fetch)(url, init);
  }

  /** The settings of one call. */
  settings(call: CreateOptions | undefined): CallSettings {
    return call ? settingsOf(this.options, call, this.#facts) : this.#settings;
  }

  /** Tells a hook. It observes: what it throws changes nothing. */
  observe<E>(hook: ((event: E) => unknown) | undefined, event: () => E): void {
    if (hook) quietly(() => hook(event()), () => this.log("error", "a hook threw"));
  }

  /** Tells the logger, which may throw as little as a hook. */
  log(level: "debug" | "warn" | "error", message: string): void {
    const { logger } = this.options;
    // Of one that throws there is nobody else to tell.
    if (logger) quietly(() => logger[level](message));
  }

  get #facts() {
    return {
      integrationToken: this.options.apiKey !== undefined,
      tokenFunction: this.tokens.isFunction,
      inPage: this.#inPage,
    };
  }
}

/** The base URL without a slash at its end. It is not shown where it is bad: it may hold a secret. */
function checkedURL({ baseURL = "https://api.icloud-ready.com/api/v2", allowInsecureBaseURL }: ClientOptions): string {
  let url;
  try {
    url = new URL(baseURL);
  } catch {
    throw wrong("baseURL", "is no URL");
  }
  const loopback = /^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && (loopback || allowInsecureBaseURL));
  if (!secure) throw wrong("baseURL", "must be https, or http on loopback (else give allowInsecureBaseURL)");
  if (url.username || url.password || /[?#]/.test(baseURL)) {
    throw wrong("baseURL", "may have no user, password, query or fragment");
  }
  return url.href.replace(/\/+$/, "");
}
