import { isEdgeWorker } from "../base/environment.js";
import { createError } from "../base/errors.js";
import { isHeaderValue } from "../base/options.js";

/** A credential, or a function that returns it and is called before each request. */
export type Credential = string | (() => string | Promise<string>);

/** The headers that authorize a request. @internal */
interface Authorization {
  /** Counts different tokens, from 1. */
  number: number;
  headers: Record<string, string>;
}

/** The credential of a client and of derived clients. @internal */
export class Credentials {
  readonly #credential: Credential | undefined;
  readonly #organizationId: string | undefined;
  #token: string | undefined;
  #current: Authorization | undefined;
  #pending: Promise<Authorization> | undefined;
  /** The number of the rejected token that the pending request replaces; 0 for none. */
  #replacing = 0;

  constructor(credential: Credential | undefined, organizationId: string | undefined) {
    this.#credential = credential;
    this.#organizationId = organizationId;
    if (typeof credential === "string") this.setToken(credential);
  }

  /** Whether a rejected token can be replaced. */
  get isFunction(): boolean {
    return typeof this.#credential === "function";
  }

  /** Whether there is no credential and no sign-in. */
  get isMissing(): boolean {
    return !this.isFunction && !this.#current;
  }

  /** Sets the token of the next requests. */
  setToken(token: string): Authorization {
    if (token !== this.#token || !this.#current) {
      this.#token = token;
      const headers: Record<string, string> = this.#organizationId
        ? { "x-api-key": token, organizationId: this.#organizationId }
        : { authorization: `Bearer ${token}` };
      this.#current = { number: (this.#current?.number ?? 0) + 1, headers };
    }
    return this.#current;
  }

  /** Returns the headers. `rejected`: the number of the token that the CRM rejected, otherwise 0. */
  authorize(rejected: number): Promise<Authorization> | Record<string, string> {
    if (!this.isFunction) return this.#current?.headers ?? {};
    if (rejected && this.#current && this.#current.number > rejected) return Promise.resolve(this.#current);
    // A request from before the rejection may return the rejected token again.
    const early = this.#replacing < rejected && this.#pending;
    if (!early) return this.#requestToken(rejected);
    return early.then((current) => (current.number === rejected ? this.#requestToken(rejected) : current));
  }

  /** Makes the next request call the token function again, because the last call took too long. */
  reset(): void {
    this.#pending = undefined;
  }

  #requestToken(rejected: number): Promise<Authorization> {
    if (this.#pending) return this.#pending;
    this.#replacing = rejected;
    const pending = (async () => {
      const token: unknown = await (this.#credential as () => unknown)();
      if (!isToken(token)) throw createError("configuration", "the token function returned no token");
      return this.setToken(token);
    })().finally(() => {
      if (this.#pending === pending) this.#pending = undefined;
    });
    // An edge worker must not wait for a promise of another request.
    if (!isEdgeWorker()) this.#pending = pending;
    return pending;
  }
}

/** Whether a value is a string for a header, and not blank. @internal */
export function isToken(value: unknown): value is string {
  return typeof value === "string" && isHeaderValue(value) && value.trim() !== "";
}
