import { createMany } from "./bulk.js";
import { failure, type Issue } from "./errors.js";
import { Exchange } from "./exchange.js";
import { ask, defect, generation } from "./instance.js";
import { wasm as own } from "./modules/client.js";
import type * as glue from "../wasm/client.js";
import { type Cursor, List } from "./pages.js";
import { operations } from "./generated/resources.js";
import type { Batches, Customers, Leads, Opportunities } from "./generated/resources.js";
import type { JsonValue } from "./generated/models.js";
import { type CallOptions, type CallSettings, reading } from "./settings.js";
import { Client, type ClientOptions } from "./state.js";
import { isToken } from "./tokens.js";

export type { CallOptions, CreateOptions } from "./settings.js";

/** A call of an endpoint that has no method of its own. */
export interface RequestInput {
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL, beginning with one slash; `{name}` stands for a member of `params`. */
  path: string;
  /** Fill the path's placeholders, each encoded on its own. */
  params?: Record<string, string | number> | undefined;
  /** The query. Members that are `undefined` are left out. */
  query?: Record<string, string | number | boolean | undefined> | undefined;
  /** The body, written as JSON. */
  body?: unknown;
}

/**
 * A client of the iCloud-Ready CRM. Making one is synchronous and sends nothing; the first call
 * loads the wasm.
 *
 * @throws {ConfigurationError} for options that are wrong.
 */
export class ICloudReady {
  readonly #client: Client;
  /** Leads, their notes and activities. */
  declare readonly leads: Leads;
  /** Opportunities. */
  declare readonly opportunities: Opportunities;
  /** Batches. */
  declare readonly batches: Batches;
  /** Customers. */
  declare readonly customers: Customers;

  constructor(options: ClientOptions = {}) {
    this.#client = shared ?? reading(() => new Client(options));
    shared = undefined;
    const groups: Record<string, any> = this;
    let position = 0;
    for (const [group, methods] of Object.entries(operations)) {
      const [name, part] = group.split(".") as [string, string?];
      const resource: Record<string, unknown> = part ? (groups[name][part] = {}) : (groups[name] = {});
      for (const [method, shape] of Object.entries(methods)) {
        resource[method] = this.#method(`${group}.${method}`, position++, shape);
      }
    }
    groups["leads"].createMany = createMany.bind(undefined, this.leads.create);
    this.request = this.request.bind(this);
    this.signIn = this.signIn.bind(this);
    this.withOptions = this.withOptions.bind(this);
  }

  /**
   * A client set up by the environment: `ICLOUDREADY_API_KEY`, with `ICLOUDREADY_ORGANIZATION_ID`
   * as an integration token, else as an access token; `ICLOUDREADY_BASE_URL`.
   */
  static fromEnv(env: Record<string, string | undefined> = environment()): ICloudReady {
    const [key, organizationId, baseURL] = reading(() =>
      ["API_KEY", "ORGANIZATION_ID", "BASE_URL"].map((name) => env[`ICLOUDREADY_${name}`] || undefined),
    );
    if (!key) throw failure("configuration", "ICLOUDREADY_API_KEY is not set");
    return new ICloudReady(organizationId ? { apiKey: key, organizationId, baseURL } : { accessToken: key, baseURL });
  }

  /**
   * A sibling with other options; it shares the limiter, the token and the wasm. With a credential
   * or base URL of its own it has its own token and limiter.
   */
  withOptions(options: ClientOptions): ICloudReady {
    shared = reading(() => this.#client.with(options));
    return new ICloudReady();
  }

  /** Signs in and uses the token from now on, siblings included. The password is not kept. */
  async signIn(credentials: { email: string; password: string }): Promise<void> {
    const client = this.#client;
    const { email, password } = reading(() => ({ ...credentials }));
    if (client.options.apiKey !== undefined || client.options.accessToken !== undefined) {
      throw failure("configuration", "signIn: the client has a credential already");
    }
    const settings = { ...client.settings({}), anonymous: true };
    const body = json("signIn", { email, password });
    const answer = await this.#run("signIn", settings, CUSTOM, ["POST", "/signin", undefined, body]);
    const token = ask("signIn", (wasm) => client.limits.core(wasm).token(answer));
    if (!isToken(token)) throw failure("response", "signIn: the answer holds no token", undefined, { attempts: 1 });
    client.tokens.use(token);
  }

  /**
   * Calls any other endpoint, with the same authorization, retries, limits and errors. Gives the
   * parsed body, `undefined` if it is empty.
   */
  async request<T = JsonValue | undefined>(input: RequestInput, options?: CallOptions): Promise<T> {
    const { method, path, params, query, body } = reading(() => ({ ...input }));
    const part = (name: string, value: unknown) => (value === undefined ? undefined : json("request", value, name));
    const texts = [method, path, part("query", query), part("", body)];
    // What is no text is refused by the wasm.
    const names = typeof path === "string" ? [...path.matchAll(/{([^}]*)}/g)] : [];
    const values = reading(() =>
      names.map(([, name]) => {
        const value = params?.[name!];
        return typeof value === "number" ? `${value}` : value;
      }),
    );
    const answer = await this.#run("request", this.#settings(options), CUSTOM, texts, values);
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
    const text = nothing ? undefined : json(operation, input);
    return this.#run(operation, this.#settings(options), position, [, , , text], ids);
  }

  #cursor(operation: string, position: number, query: unknown, options: CallOptions | undefined): Cursor<any> {
    let pages: glue.Pages | undefined;
    let opened = 0;
    let first: string | undefined;
    return async () => {
      if (!pages && query !== undefined) first = json(operation, query, "query");
      for (;;) {
        if (pages && opened !== generation) throw defect(operation);
        const text = pages ? ask(operation, () => pages!.ask()) : first;
        if (pages && text === undefined) return undefined;
        const body = await this.#run(operation, this.#settings(options), position, [, , text, undefined]);
        if (pages && opened !== generation) throw defect(operation);
        const { itemsKey, firstPage } = this.#client.options;
        const found = ask(operation, (wasm) => {
          opened = generation;
          pages ??= this.#client.limits.core(wasm).list(position, first, itemsKey, firstPage ?? -1);
          return pages.take(body);
        });
        // `null`: it was found out how the CRM counts its pages, and nothing more.
        if (found !== null) return found as [any[], unknown] | undefined;
      }
    };
  }

  async #run(
    operation: string,
    settings: CallSettings,
    position: number,
    texts: unknown[],
    ids: unknown[] = [],
  ): Promise<unknown> {
    const client = this.#client;
    if (client.tokens.isMissing && !settings.anonymous) {
      throw failure("configuration", `${operation}: the client has no credential: give one, or sign in first`, undefined, { operation });
    }
    const { wasm } = client.options;
    try {
      const loading = own.ready(wasm === undefined ? undefined : () => wasm);
      if (loading) await bounded(loading, operation, settings);
    } catch (cause) {
      throw own.unloadable(cause, operation);
    }
    const { signal } = settings;
    if (signal?.aborted) throw aborted(operation, signal);
    const exchange = new Exchange(client, settings, operation, position, texts, ids);
    const abort = () => exchange.abort(signal!.reason);
    signal?.addEventListener("abort", abort);
    try {
      return await exchange.start((wasm) => client.limits.core(wasm).call(exchange));
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #settings(options: CallOptions | undefined): CallSettings {
    return reading(() => this.#client.settings(options));
  }
}

/** A position beyond the wasm's table: a call that is none of the operations. */
const CUSTOM = 1_000;

/** Handed to the constructor by `withOptions`, since the class has no second public shape. */
let shared: Client | undefined;

/** Waits for the wasm no longer than one attempt may take, and not beyond an abort. */
function bounded(loading: Promise<void>, operation: string, { signal, numbers }: CallSettings): Promise<void> {
  const [, timeout = 0] = numbers;
  return new Promise((resolve, reject) => {
    const abort = () => end(aborted(operation, signal!));
    const end = (error?: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      error ? reject(error) : resolve();
    };
    const late = () => {
      own.forget(loading);
      end(failure("timeout", `${operation}: loading the WebAssembly module took too long`, undefined, { operation }));
    };
    const timer = timeout ? setTimeout(late, timeout) : undefined;
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    loading.then(() => end(), end);
  });
}

function aborted(operation: string, signal: AbortSignal): Error {
  return failure("abort", `${operation}: the call was aborted`, signal.reason, { operation });
}

/** The text that goes out. */
function json(operation: string, value: unknown, path = ""): string {
  let cause: unknown;
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch (error) {
    cause = error;
  }
  const message = "cannot be written as JSON";
  const issues: Issue[] = [{ path, code: path ? "format" : "json", severity: "error", message }];
  throw failure("validation", `${operation}: ${path || "the body"} ${message}`, cause, { operation, issues });
}

function environment(): Record<string, string | undefined> {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
}
