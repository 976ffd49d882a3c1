import { configError, omitUndefined } from "../base/options.js";
import type { TestCRM, TestRequest } from "./contract.js";
import { AcceptedCredentials, ORGANIZATION_ID } from "./credentials.js";
import { connectionLost, faultReply, Faults, type TestFault, untilAborted } from "./faults.js";
import { copy } from "./json.js";
import { type Call, perform, signIn } from "./operations.js";
import { checkOptions, type TestCRMOptions } from "./options.js";
import { RateLimiter } from "./rate-limit.js";
import { notFound, Rejection, rejectionReply, type Reply, toResponse } from "./responses.js";
import { matchRoute } from "./routes.js";
import { type Resource, RESOURCES, RecordStore } from "./store.js";

const BASE_URL = "https://api.icloud-ready.com/api/v2";
const MAX_BODY = 16 * 2 ** 20;

/** The CRM's state and request handling. @internal */
export class TestServer {
  readonly #options: TestCRMOptions;
  readonly #prefix: string;
  readonly #faults = new Faults();
  readonly #requests: TestRequest[] = [];
  #store!: RecordStore;
  #credentials!: AcceptedCredentials;
  #rateLimit!: RateLimiter;
  #responses = 0;

  constructor(options: TestCRMOptions) {
    checkOptions(options);
    const { baseURL = BASE_URL, ...rest } = omitUndefined(options);
    this.#options = { ...rest, baseURL };
    try {
      this.#prefix = new URL(baseURL).pathname.replace(/\/+$/, "");
    } catch {
      throw configError("baseURL", "is not a valid URL");
    }
    this.reset();
  }

  /** The interface for tests. */
  api(): TestCRM {
    const records = <T>(resource: Resource) => copy<T[]>(this.#store.all(resource));
    const [store, requests] = [() => records, this.#requests];
    return {
      fetch: (input, init) => this.#fetch(input, init),
      baseURL: this.#options.baseURL!,
      get leads() {
        return store()("leads") as TestCRM["leads"];
      },
      get opportunities() {
        return store()("opportunities") as TestCRM["opportunities"];
      },
      get batches() {
        return store()("batches") as TestCRM["batches"];
      },
      get customers() {
        return store()("customers") as TestCRM["customers"];
      },
      get requests() {
        return [...requests];
      },
      fail: (fault: TestFault) => this.#faults.add(fault),
      reset: () => this.reset(),
    };
  }

  reset(): void {
    const { credentials, users, rateLimit = {} } = this.#options;
    this.#faults.clear();
    this.#requests.length = 0;
    this.#responses = 0;
    this.#store = new RecordStore();
    this.#credentials = new AcceptedCredentials(credentials, users);
    this.#rateLimit = new RateLimiter(rateLimit);
    for (const resource of RESOURCES) {
      for (const record of this.#options[resource] ?? []) {
        this.#store.seed(resource, record, ORGANIZATION_ID, this.#now());
      }
    }
  }

  async #fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    // The signal is not passed to `Request`, which may not accept a test environment's own `AbortSignal`.
    const { signal = input instanceof Request ? input.signal : undefined, ...rest } = init;
    signal?.throwIfAborted();
    const request = new Request(input, rest);
    const body = new Uint8Array(await request.arrayBuffer());
    signal?.throwIfAborted();
    const url = new URL(request.url);
    const { method, headers } = request;
    const finish = (reply: Reply) => toResponse(this.#finished(reply), method);
    if (body.length > MAX_BODY) return finish(this.#rejected(new Rejection(413, "The body is too large")));
    let route: ReturnType<typeof matchRoute>;
    try {
      route = matchRoute(method, this.#path(url));
    } catch (rejection) {
      return finish(this.#rejected(rejection));
    }
    const call = { method, headers, query: url.searchParams, body, ...route, operation: route.operation };
    const fault = method === "OPTIONS" ? undefined : this.#faults.choose(call.operation);
    const entry = this.#record(url, call);
    if (!fault || fault.when === "after") {
      const reply = this.#respond(call);
      if (!fault) {
        entry.status = reply.status;
        return finish(reply);
      }
    }
    if (fault.status !== undefined) {
      entry.status = fault.status;
      return finish(faultReply(fault));
    }
    if (fault.error === "connection") throw connectionLost();
    return untilAborted(signal);
  }

  /** The path below the base URL. */
  #path({ pathname }: URL): string {
    if (pathname.startsWith(`${this.#prefix}/`)) return pathname.slice(this.#prefix.length);
    throw new Rejection(404, `The test CRM answers below ${this.#prefix}: set its option baseURL to the client's`);
  }

  /** The response without a fault. */
  #respond(call: Call): Reply {
    try {
      return this.#act(call);
    } catch (rejection) {
      return this.#rejected(rejection);
    }
  }

  #act(call: Call): Reply {
    const [now, { operation }] = [this.#now(), call];
    const context = { call, store: this.#store, credentials: this.#credentials, options: this.#options, now };
    if (operation === "signIn") return signIn(context);
    const caller = this.#credentials.authenticate(call.headers);
    const wait = this.#rateLimit.pass(caller.credential, now);
    if (wait !== undefined) throw new Rejection(429, "Too many requests", wait);
    if (!operation) throw notFound();
    if (caller.mayOnlyCreateLeads && operation !== "leads.create") {
      throw new Rejection(403, "The role lacks this permission");
    }
    return perform(context, operation, caller);
  }

  #rejected(rejection: unknown): Reply {
    if (!(rejection instanceof Rejection)) throw rejection;
    return rejectionReply(rejection, this.#options, this.#now());
  }

  /** Adds the headers that every response has. */
  #finished(reply: Reply): Reply {
    const { requestIdHeader } = this.#options;
    const id: Record<string, string> = requestIdHeader
      ? { [requestIdHeader]: `test-request-${++this.#responses}` }
      : {};
    return { ...reply, headers: { date: new Date(this.#now()).toUTCString(), ...id, ...reply.headers } };
  }

  #record(url: URL, { method, headers, query, body, operation }: Call): TestRequest {
    const text = new TextDecoder().decode(body);
    const entry: TestRequest = {
      method,
      url: url.href,
      path: this.#path(url),
      query: Object.fromEntries(query),
      operation,
      headers: Object.fromEntries(headers),
      body: text === "" ? undefined : parsed(text),
      status: undefined,
    };
    this.#requests.push(entry);
    return entry;
  }

  #now(): number {
    const { now = Date.now } = this.#options;
    const time = Number(typeof now === "function" ? now() : now);
    if (!Number.isFinite(time)) throw configError("now", "must be a date or a number of milliseconds");
    return time;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
