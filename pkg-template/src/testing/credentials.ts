import type { TestCredential, TestUser } from "./options.js";
import { Rejection } from "./responses.js";

/** The organization of a request with an access token. @internal */
export const ORGANIZATION_ID = "686f894eaf67193dd6e124ce";

/** A request whose credential was accepted. @internal */
export interface Caller {
  credential: string;
  organizationId: string;
  mayOnlyCreateLeads: boolean;
}

/** The credentials and users that the CRM accepts; by default any. @internal */
export class AcceptedCredentials {
  readonly #accepted: readonly TestCredential[] | undefined;
  readonly #users: readonly TestUser[] | undefined;
  /** Tokens of sign-ins. */
  readonly #tokens: string[] = [];

  constructor(accepted: readonly TestCredential[] | undefined, users: readonly TestUser[] | undefined) {
    this.#accepted = accepted;
    this.#users = users;
  }

  authenticate(headers: Headers): Caller {
    const [authorization, apiKey] = [headers.get("authorization"), headers.get("x-api-key")];
    if (authorization === null && apiKey === null) throw new Rejection(401, "No credential was sent");
    if (authorization !== null && apiKey !== null) throw new Rejection(400, "Two kinds of credential were sent");
    if (authorization !== null) {
      const [, token = ""] = /^bearer (.*)$/i.exec(authorization) ?? [];
      return this.#find("accessToken", token.trim(), ORGANIZATION_ID);
    }
    const organizationId = headers.get("organizationid") ?? "";
    if (!/^[\da-f]{24}$/i.test(organizationId)) throw new Rejection(401, "organizationId is missing or malformed");
    return this.#find("apiKey", apiKey as string, organizationId);
  }

  #find(kind: "accessToken" | "apiKey", credential: string, organizationId: string): Caller {
    const isSignedIn = kind === "accessToken" && this.#tokens.includes(credential);
    const known = this.#accepted?.find(
      (accepted) => accepted[kind] === credential && (accepted.organizationId ?? organizationId) === organizationId,
    );
    const isAccepted = this.#accepted ? known || isSignedIn : credential !== "";
    if (!isAccepted) throw new Rejection(401, "Invalid or expired token");
    return { credential, organizationId, mayOnlyCreateLeads: known?.role === "create-only" };
  }

  /** Signs a user in and returns the token. */
  signIn({ email, password }: { email?: unknown; password?: unknown }): string {
    if (typeof email !== "string" || typeof password !== "string") {
      throw new Rejection(400, "email and password are required");
    }
    const isKnown = this.#users?.some((user) => user.email === email && user.password === password) ?? true;
    if (!isKnown) throw new Rejection(401, "Unknown user or wrong password");
    const token = `test-token-${this.#tokens.length + 1}`;
    this.#tokens.push(token);
    return token;
  }
}
