import { abortListeners } from "../base/abort.js";
import { isWebPage } from "../base/environment.js";
import { abortError, errorFromWasm, createError, withCallerStack } from "../base/errors.js";
import { CallHost } from "./call.js";
import { queryWasm, internalError, generation } from "../loader/instance.js";
import { findRoundedIntegers } from "../base/precision.js";
import { loadChunk, loadWithTimeout } from "./load.js";
import { wasm as wasmModule } from "../loader/modules/client.js";
import { createPageCursor } from "./page-cursor.js";
import { type PageCursor, List } from "./list.js";
import { operations } from "./generated/resources.js";
import type { Batches, Customers, Leads, Opportunities } from "./generated/resources.js";
import type { JsonValue } from "../base/generated/models.js";
import { didYouMean, omitUndefined, type OptionNames } from "../base/options.js";
import { type CallOptions, type CallSettings } from "./settings.js";
import { guardUserCode, rejectUnknownOptions, checkSignal } from "../base/options.js";
import { CREATE_OPTIONS } from "./settings.js";
import { ClientContext, type ClientOptions } from "./context.js";
import { isToken } from "./credentials.js";
import { ownMember } from "../base/own-member.js";

export type { CallOptions, CreateOptions } from "./settings.js";

/** The variables that `fromEnv` reads, of `process.env` or of a worker's `env`, whatever else is in it. */
export interface Environment {
  /** The key. */
  ICLOUDREADY_API_KEY?: string | undefined;
  /** The organization's id, if the key is an integration token. */
  ICLOUDREADY_ORGANIZATION_ID?: string | undefined;
  /** The base URL. */
  ICLOUDREADY_BASE_URL?: string | undefined;
}

/** A request to an endpoint that has no method of its own. */
export interface RequestInput {
  /** The HTTP method. */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Starts with one slash and is appended to the base URL. `{name}` is replaced by a member of `params`. */
  path: string;
  /** The values of the path's placeholders. They are URL-encoded. */
  params?: Record<string, string | number> | undefined;
  /** The query parameters. `undefined` members are omitted. */
  query?: Record<string, string | number | boolean | undefined> | undefined;
  /** The body, sent as JSON. */
  body?: unknown;
}

/**
 * A client of the iCloud-Ready CRM. The constructor is synchronous and sends nothing; the first call loads the wasm.
 *
 * A call rejects with an `ICloudReadyError`: a `ValidationError` before it sends anything, an `APIError` such as
 * `NotFoundError` after an error status, a `ResponseError` after an unexpected 2xx, a `ConnectionError` without a
 * response.
 *
 * @throws {ConfigurationError} if an option is invalid.
 *
 * @example
 * const crm = new ICloudReady({ apiKey, organizationId });
 * const lead = await crm.leads.retrieve(id);
 */
export class ICloudReady {
  readonly #client: ClientContext;
  /** Leads, their notes and activities. */
  declare readonly leads: Leads;
  /** Opportunities. */
  declare readonly opportunities: Opportunities;
  /** Batches. */
  declare readonly batches: Batches;
  /** Customers. */
  declare readonly customers: Customers;

  constructor(options: ClientOptions = {}) {
    this.#client = derivedContext ?? guardUserCode(() => new ClientContext(options));
    derivedContext = undefined;
    const groups = this as Record<string, any>;
    let position = 0;
    for (const [group, methods] of Object.entries(operations)) {
      const [name, part] = group.split(".") as [string, string?];
      const resource: Record<string, unknown> = part ? (groups[name][part] = {}) : (groups[name] = {});
      for (const [method, shape] of Object.entries(methods)) {
        resource[method] = this.#method(`${group}.${method}`, position++, shape);
      }
    }
    const { create } = this.leads;
    // In a chunk of its own, because most pages never need it.
    groups["leads"].createMany = async function* (...args: any[]) {
      const { createMany } = await loadChunk("leads.createMany", import("./create-many.js"));
      yield* createMany(
        create,
        [
          createError,
          guardUserCode,
          CREATE_OPTIONS,
          rejectUnknownOptions,
          checkSignal,
          abortListeners,
          withCallerStack,
        ],
        ...(args as [any]),
      );
    };
    for (const name of ["request", "signIn", "withOptions"]) groups[name] = groups[name].bind(this);
  }

  /**
   * Creates a client from environment variables: `ICLOUDREADY_API_KEY` (with `ICLOUDREADY_ORGANIZATION_ID` an
   * integration token, otherwise an access token) and `ICLOUDREADY_BASE_URL`. `options` override them.
   *
   * @param env Default `process.env`.
   * @throws {ConfigurationError} without a key, or in a web page.
   */
  static fromEnv(env: Environment = processEnv(), options: ClientOptions = {}): ICloudReady {
    const [key, organizationId, baseURL] = guardUserCode(() =>
      (["API_KEY", "ORGANIZATION_ID", "BASE_URL"] as const).map((name) => env[`ICLOUDREADY_${name}`] || undefined),
    );
    if (!key) throw createError("configuration", "ICLOUDREADY_API_KEY is not set");
    const credential = organizationId ? { apiKey: key, organizationId } : { accessToken: key };
    return new ICloudReady(guardUserCode(() => ({ baseURL, ...credential, ...omitUndefined(options) })));
  }

  /**
   * Returns a derived client: these options override this client's. It shares the limiter and the token, unless
   * `options` have another credential or base URL.
   *
   * @throws {ConfigurationError} if an option is invalid.
   */
  withOptions(options: ClientOptions): ICloudReady {
    derivedContext = guardUserCode(() => this.#client.derive(options));
    return new ICloudReady();
  }

  /**
   * Signs in with email and password; this client and derived clients then use the token. The password is not kept.
   * Returns the token, so that an app can store it.
   *
   * @throws {ConfigurationError} if the client has a credential.
   * @throws {ResponseError} if the response has no token.
   */
  async signIn(credentials: { email: string; password: string }): Promise<{ accessToken: string }> {
    const { signIn } = await loadChunk("signIn", import("./sign-in.js"));
    const send = (body: object) => {
      const texts = ["POST", "/signin", undefined, this.#stringify("signIn", body)];
      const settings = { ...this.#client.callSettings(), anonymous: true };
      return this.#run("signIn", CUSTOM_OPERATION, () => [texts, settings]);
    };
    return signIn(this.#client, credentials, send, [createError, guardUserCode, isToken, ownMember]);
  }

  /**
   * Calls any other endpoint, with the same authorization, retries, limits and errors. Returns the parsed body, or
   * `undefined` if it is empty.
   *
   * @throws {ValidationError} if the path, a parameter or the body is invalid; otherwise like any call.
   *
   * @example
   * await crm.request({ method: "GET", path: "/units/{id}", params: { id } });
   */
  async request<T = JsonValue | undefined>(input: RequestInput, options?: CallOptions): Promise<T> {
    const { method, path, params, query, body } = guardUserCode(() => {
      rejectUnknownOptions(input, REQUEST_INPUT, "request");
      return { ...input };
    });
    const part = (name: string, value: unknown) =>
      value === undefined ? undefined : this.#stringify("request", value, name);
    const texts = [method, path, part("query", query), part("", body)];
    // The wasm rejects values that are not strings.
    const names = typeof path === "string" ? [...path.matchAll(/{([^}]*)}/g)] : [];
    const values = guardUserCode(() =>
      names.map(([, name]) => {
        const value = params?.[name!];
        return typeof value === "number" ? `${value}` : value;
      }),
    );
    const prepare = () => [texts, this.#settings(options, "request")] as const;
    return (await this.#run("request", CUSTOM_OPERATION, prepare, values)) as T;
  }

  #method(operation: string, position: number, shape: number) {
    const ids = shape >> 2;
    const input = shape & 3;
    return (...args: any[]): unknown => {
      const options = args[input ? ids + 1 : ids] as CallOptions | undefined;
      if (input === 2) return new List(() => this.#cursor(operation, position, args[0], options));
      return this.#call(operation, position, args.slice(0, ids), input && args[ids], input, options);
    };
  }

  #call(
    operation: string,
    position: number,
    ids: unknown[],
    input: unknown,
    kind: number,
    options: CallOptions | undefined,
  ): Promise<unknown> {
    const hasNoBody = !kind || (kind === 3 && input === undefined);
    const prepare = () => {
      const body = hasNoBody ? undefined : this.#stringify(operation, input);
      const texts = [undefined, undefined, undefined, body];
      return [texts, this.#settings(options, operation)] as const;
    };
    return this.#run(operation, position, prepare, ids);
  }

  #cursor(operation: string, position: number, query: unknown, options: CallOptions | undefined): PageCursor<any> {
    const client = this.#client;
    /** The instance that read the first page: it holds the state of the list. */
    let opened: number | undefined;
    const check = () => {
      if (opened !== undefined && opened !== generation) throw internalError(operation);
    };
    return createPageCursor(
      () => {
        if (query === undefined) return;
        const text = this.#stringify(operation, query, "query");
        for (const name of Object.keys(JSON.parse(text) ?? {})) {
          const hint = LIST_PARAMETERS.includes(name) ? "" : didYouMean(name, LIST_PARAMETERS);
          if (hint) client.log("warn", `${operation}, query: unknown option "${name}"${hint}`);
        }
        return text;
      },
      async (text) => {
        check();
        const texts = [undefined, undefined, text, undefined];
        const body = await this.#run(operation, position, () => [texts, this.#settings(options, operation)]);
        check();
        return body;
      },
      (body) => {
        const records = queryWasm(operation, () => client.core.get().records(position, body, client.options.itemsKey));
        opened ??= generation;
        return records as unknown[] | undefined;
      },
      client.core,
      client.options.firstPage,
    );
  }

  /** Makes a call. `prepare` returns its texts (method, path, query, body) and its settings; what it throws rejects. */
  async #run(
    operation: string,
    position: number,
    prepare: () => readonly [unknown[], CallSettings],
    ids: unknown[] = [],
  ): Promise<unknown> {
    const client = this.#client;
    const [texts, settings] = prepare();
    if (client.credentials.isMissing && !settings.anonymous) {
      throw createError("configuration", `${operation}: no credential: pass one or call signIn`, undefined, {
        operation,
      });
    }
    const { wasm } = client.options;
    try {
      const loading = wasmModule.ready(wasm === undefined ? undefined : () => wasm);
      if (loading) await loadWithTimeout(loading, operation, settings);
    } catch (cause) {
      throw withCallerStack(wasmModule.loadError(cause, operation));
    }
    const { signal, submissionId } = settings;
    if (signal?.aborted) throw abortError(operation, signal);
    if (ids.some((id) => typeof id === "string" && /[^\w-]/.test(id))) {
      client.log("warn", `${operation}: unusual id`);
    }
    const call = new CallHost(client, settings, operation, position, texts, ids);
    const abort = () => call.abort(signal!.reason);
    const listeners = abortListeners(signal);
    listeners?.add(abort);
    try {
      const body = await call.start(() => client.core.get().call(call));
      if (submissionId !== undefined && operation === "leads.create") {
        const { submissionField = "customField" } = client.options;
        const isEmpty = !(body as Record<string, unknown>)[submissionField];
        if (isEmpty) client.log("warn", `${operation}: ${submissionField} came back empty`);
      }
      return body;
    } catch (error) {
      throw withCallerStack(error);
    } finally {
      listeners?.delete(abort);
    }
  }

  /** Converts input to JSON. @throws {ValidationError} if it cannot, or for a warning if the client is strict. */
  #stringify(operation: string, value: unknown, path = ""): string {
    let text: string | undefined;
    let cause: unknown;
    try {
      text = JSON.stringify(value);
    } catch (error) {
      cause = error;
    }
    if (text === undefined) {
      const isMissing = value === undefined;
      const code = path ? "format" : isMissing ? "required" : "json";
      const message = isMissing ? "is required" : "cannot be written as JSON";
      throw errorFromWasm(0, { operation, issues: [{ path, code, severity: "error", message }] }, undefined, cause);
    }
    for (const issue of findRoundedIntegers(text, path)) {
      if (this.#client.options.strict) throw errorFromWasm(0, { operation, issues: [{ ...issue, severity: "error" }] });
      this.#client.warn(operation, issue);
    }
    return text;
  }

  #settings(options: CallOptions | undefined, operation: string): CallSettings {
    return guardUserCode(() => this.#client.callSettings(options, operation));
  }
}

/** A position beyond the wasm's table, for calls that are not one of the operations. */
const CUSTOM_OPERATION = 1_000;

/** Parameters whose misspellings are reported; `p` and `q` are missing, because every letter is similar to them. */
const LIST_PARAMETERS = ["limit", "page", "order", "sortBy", "fields"];

const REQUEST_INPUT: OptionNames<RequestInput> = { method: 1, path: 1, params: 1, query: 1, body: 1 };

/** Passes the context from `withOptions` to the constructor, whose parameters are public. */
let derivedContext: ClientContext | undefined;

function processEnv(): Environment {
  const { env } = (globalThis as { process?: { env?: Environment } }).process ?? {};
  if (env && !isWebPage()) return env;
  throw createError("configuration", "fromEnv is for servers; in a page use the forwarder");
}
