import { abortListeners } from "../base/abort.js";
import { isWebPage } from "../base/environment.js";
import { abortError, errorFromWasm, createError, withCallerStack } from "../base/errors.js";
import { CallHost } from "./call.js";
import { queryWasm, internalError, generation } from "../loader/instance.js";
import { findRoundedIntegers } from "../base/precision.js";
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
import { findToken } from "./credentials.js";

export type { CallOptions, CreateOptions } from "./settings.js";

/** A request to an endpoint without a method. */
export interface RequestInput {
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Relative to the base URL, starting with one slash; `{name}` is replaced by a member of `params`. */
  path: string;
  /** Values of the path's placeholders; each is encoded. */
  params?: Record<string, string | number> | undefined;
  /** The query. `undefined` members are omitted. */
  query?: Record<string, string | number | boolean | undefined> | undefined;
  /** The body, sent as JSON. */
  body?: unknown;
}

/**
 * A client of the iCloud-Ready CRM. The constructor is synchronous and sends nothing; the first call loads the wasm.
 *
 * @throws {ConfigurationError} if an option is invalid.
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
    const groups: Record<string, any> = this;
    let position = 0;
    for (const [group, methods] of Object.entries(operations)) {
      const [name, part] = group.split(".") as [string, string?];
      const resource: Record<string, unknown> = part ? (groups[name][part] = {}) : (groups[name] = {});
      for (const [method, shape] of Object.entries(methods)) {
        resource[method] = this.#method(`${group}.${method}`, position++, shape);
      }
    }
    const { create } = this.leads;
    // In a script of its own: most pages never need it.
    groups["leads"].createMany = async function* (...given: any[]) {
      const { createMany } = await import("./create-many.js").catch((cause: unknown) => {
        throw createError("connection", "leads.createMany: could not load", cause);
      });
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
        ...(given as [any]),
      );
    };
    for (const name of ["request", "signIn", "withOptions"]) groups[name] = groups[name].bind(this);
  }

  /**
   * Creates a client from environment variables: `ICLOUDREADY_API_KEY` (with `ICLOUDREADY_ORGANIZATION_ID` an
   * integration token, otherwise an access token) and `ICLOUDREADY_BASE_URL`. `options` override them.
   */
  static fromEnv(env: Record<string, string | undefined> = processEnv(), options: ClientOptions = {}): ICloudReady {
    const [key, organizationId, baseURL] = guardUserCode(() =>
      ["API_KEY", "ORGANIZATION_ID", "BASE_URL"].map((name) => env[`ICLOUDREADY_${name}`] || undefined),
    );
    if (!key) throw createError("configuration", "ICLOUDREADY_API_KEY is not set");
    const credential = organizationId ? { apiKey: key, organizationId } : { accessToken: key };
    return new ICloudReady(guardUserCode(() => ({ baseURL, ...credential, ...omitUndefined(options) })));
  }

  /**
   * Returns a derived client with other options; it shares the limiter, the token and the wasm. With its own
   * credential or base URL it has its own token and limiter.
   */
  withOptions(options: ClientOptions): ICloudReady {
    derivedContext = guardUserCode(() => this.#client.derive(options));
    return new ICloudReady();
  }

  /**
   * Signs in; this client and those derived from it then use the token. The password is not kept. Returns the token, so
   * that an app can store it.
   */
  async signIn(credentials: { email: string; password: string }): Promise<{ accessToken: string }> {
    const client = this.#client;
    const { email, password } = guardUserCode(() => ({ ...credentials }));
    if (client.options.apiKey !== undefined || client.options.accessToken !== undefined) {
      throw createError("configuration", "signIn: there is a credential");
    }
    if (!email || !password) throw createError("configuration", "signIn: needs email and password");
    const settings = { ...client.callSettings(), anonymous: true };
    const body = this.#stringify("signIn", { email, password });
    const answer = await this.#run("signIn", settings, CUSTOM_OPERATION, ["POST", "/signin", undefined, body]);
    const token = findToken(answer);
    if (!token) throw createError("response", "signIn: no token came", undefined, { attempts: 1 });
    client.credentials.setToken(token);
    return { accessToken: token };
  }

  /**
   * Calls any other endpoint, with the same authorization, retries, limits and errors. Returns the parsed body, or
   * `undefined` if it is empty.
   */
  async request<T = JsonValue | undefined>(input: RequestInput, options?: CallOptions): Promise<T> {
    const { method, path, params, query, body } = guardUserCode(() => {
      rejectUnknownOptions(input, REQUEST_INPUT, "request");
      return { ...input };
    });
    const part = (name: string, value: unknown) =>
      value === undefined ? undefined : this.#stringify("request", value, name);
    const texts = [method, path, part("query", query), part("", body)];
    // What is no text is refused by the wasm.
    const names = typeof path === "string" ? [...path.matchAll(/{([^}]*)}/g)] : [];
    const values = guardUserCode(() =>
      names.map(([, name]) => {
        const value = params?.[name!];
        return typeof value === "number" ? `${value}` : value;
      }),
    );
    const answer = await this.#run("request", this.#settings(options, "request"), CUSTOM_OPERATION, texts, values);
    return answer as T;
  }

  #method(operation: string, position: number, shape: number) {
    const ids = shape >> 2;
    const input = shape & 3;
    return (...given: any[]): unknown => {
      const options = given[input ? ids + 1 : ids] as CallOptions | undefined;
      if (input === 2) return new List(() => this.#cursor(operation, position, given[0], options));
      return this.#call(operation, position, given.slice(0, ids), input && given[ids], input, options);
    };
  }

  async #call(
    operation: string,
    position: number,
    ids: unknown[],
    input: unknown,
    kind: number,
    options: CallOptions | undefined,
  ): Promise<unknown> {
    const nothing = !kind || (kind === 3 && input === undefined);
    const text = nothing ? undefined : this.#stringify(operation, input);
    const settings = this.#settings(options, operation);
    const answer = await this.#run(operation, settings, position, [, , , text], ids);
    if (settings.submissionId !== undefined && operation === "leads.create") {
      const { submissionField = "customField" } = this.#client.options;
      const isEmpty = !(answer as Record<string, unknown>)[submissionField];
      if (isEmpty) this.#client.log("warn", `${operation}: ${submissionField} came back empty`);
    }
    return answer;
  }

  #cursor(operation: string, position: number, query: unknown, options: CallOptions | undefined): PageCursor<any> {
    const client = this.#client;
    /** The instance that read the first page: a list does not outlive it. */
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
        const body = await this.#run(operation, this.#settings(options, operation), position, [, , text, undefined]);
        check();
        return body;
      },
      (body) => {
        const found = queryWasm(operation, () => client.core.get().records(position, body, client.options.itemsKey));
        opened ??= generation;
        return found as unknown[] | undefined;
      },
      client.core,
      client.options.firstPage,
    );
  }

  async #run(
    operation: string,
    settings: CallSettings,
    position: number,
    texts: unknown[],
    ids: unknown[] = [],
  ): Promise<unknown> {
    const client = this.#client;
    if (client.credentials.isMissing && !settings.anonymous) {
      throw createError("configuration", `${operation}: no credential: give one, or sign in first`, undefined, {
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
    const { signal } = settings;
    if (signal?.aborted) throw abortError(operation, signal);
    if (ids.some((id) => typeof id === "string" && /[^\w-]/.test(id))) {
      client.log("warn", `${operation}: unusual id`);
    }
    const exchange = new CallHost(client, settings, operation, position, texts, ids);
    const abort = () => exchange.abort(signal!.reason);
    const calls = abortListeners(signal);
    calls?.add(abort);
    try {
      return await exchange.start(() => client.core.get().call(exchange));
    } catch (error) {
      throw withCallerStack(error);
    } finally {
      calls?.delete(abort);
    }
  }

  /** The text that goes out. */
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

/** What may be misspelled in a list's query; other parameters are sent as they are. One letter would be near to any other. */
const LIST_PARAMETERS = ["limit", "page", "order", "sortBy", "fields"];

const REQUEST_INPUT: OptionNames<RequestInput> = { method: 1, path: 1, params: 1, query: 1, body: 1 };

/** Handed to the constructor by `withOptions`, since the class has no second public shape. */
let derivedContext: ClientContext | undefined;

/** Waits for the wasm no longer than one attempt may take, and not beyond an abort. */
function loadWithTimeout(loading: Promise<void>, operation: string, { signal, numbers }: CallSettings): Promise<void> {
  const [, timeout = 0] = numbers;
  return new Promise((resolve, reject) => {
    const end = (error?: unknown) => {
      clearTimeout(timer);
      calls?.delete(abort);
      error ? reject(error) : resolve();
    };
    const onTimeout = () => {
      wasmModule.reset(loading);
      end(createError("timeout", `${operation}: loading timed out`, undefined, { operation }));
    };
    const timer = timeout ? setTimeout(onTimeout, timeout) : undefined;
    const abort = () => end(abortError(operation, signal!));
    const calls = abortListeners(signal);
    calls?.add(abort);
    if (signal?.aborted) abort();
    loading.then(() => end(), end);
  });
}

function processEnv(): Record<string, string | undefined> {
  const { env } = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process ?? {};
  if (env && !isWebPage()) return env;
  throw createError("configuration", "fromEnv is for servers; in a page use the forwarder");
}
