import { createError } from "../base/errors.js";
import { ownMember } from "../base/own-member.js";

/** A credential: the text, or a function that is asked for it before each request. */
export type Credential = string | (() => string | Promise<string>);

/** What a request is authorized with. @internal */
interface Authorization {
  /** Counts the tokens a function gave, from 1; the same token keeps its number. */
  number: number;
  headers: Record<string, string>;
}

/** The credential of a client and its siblings. @internal */
export class Credentials {
  readonly #credential: Credential | undefined;
  readonly #organizationId: string | undefined;
  #token: string | undefined;
  #current: Authorization | undefined;
  #pending: Promise<Authorization> | undefined;
  /** The refused token that is to be replaced by the asking under way, 0 for none. */
  #replacing = 0;

  constructor(credential: Credential | undefined, organizationId: string | undefined) {
    this.#credential = credential;
    this.#organizationId = organizationId;
    if (typeof credential === "string") this.setToken(credential);
  }

  /** Whether a refused token can be asked for anew. */
  get isFunction(): boolean {
    return typeof this.#credential === "function";
  }

  /** Whether there is nothing to authorize a request with. */
  get isMissing(): boolean {
    return !this.isFunction && !this.#current;
  }

  /** Takes a token: a string credential, or what signing in gave. */
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

  /** The headers, or a promise of them. `refused`: the number of the token the CRM refused. */
  authorize(refused: number): Promise<Authorization> | Record<string, string> {
    if (!this.isFunction) return this.#current?.headers ?? {};
    if (refused && this.#current && this.#current.number > refused) return Promise.resolve(this.#current);
    // An asking from before the refusal may give the refused token once more.
    const early = this.#replacing < refused && this.#pending;
    if (!early) return this.#requestToken(refused);
    return early.then((given) => (given.number === refused ? this.#requestToken(refused) : given));
  }

  /** Stops waiting for an asking that took too long, so that the next request asks anew. */
  abandonRequest(): void {
    this.#pending = undefined;
  }

  #requestToken(refused: number): Promise<Authorization> {
    if (this.#pending) return this.#pending;
    this.#replacing = refused;
    const asking = (async () => {
      const token: unknown = await (this.#credential as () => unknown)();
      if (!isToken(token)) throw createError("configuration", "the token function gave no token");
      return this.setToken(token);
    })().finally(() => {
      if (this.#pending === asking) this.#pending = undefined;
    });
    // An edge worker may not wait in one request for what another began.
    if (!isEdgeWorker) this.#pending = asking;
    return asking;
  }
}

const isEdgeWorker = typeof navigator === "object" && navigator?.userAgent === "Cloudflare-Workers";

/** Whether a value is text that a header can hold, and not blank. @internal */
export function isToken(value: unknown): value is string {
  return typeof value === "string" && isHeaderValue(value) && value.trim() !== "";
}

/**
 * The token in the answer to a sign-in, whose shape is not documented: under a usual name at the top,
 * then one level down. @internal
 */
export function findToken(answer: unknown): string | undefined {
  const objects = [answer, ...["data", "result", "user"].map((name) => ownMember(answer, name))];
  const names = ["accessToken", "access_token", "token", "jwt"];
  return objects.flatMap((object) => names.map((name) => ownMember(object, name))).find(isToken);
}

/** Whether a text can be sent as a header's value. @internal */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
