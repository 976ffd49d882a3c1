import type { createError } from "../base/errors.js";
import type { guardUserCode } from "../base/options.js";
import type { ownMember } from "../base/own-member.js";
import type { ClientContext } from "./context.js";
import type { isToken } from "./credentials.js";

/** What the entry has too: importing it here would add a chunk to the entry. */
type SignInDependencies = [typeof createError, typeof guardUserCode, typeof isToken, typeof ownMember];

/** Implements `signIn` with a function that sends the credentials. @internal */
export async function signIn(
  client: ClientContext,
  credentials: { email: string; password: string },
  send: (body: object) => Promise<unknown>,
  [createError, guardUserCode, isToken, ownMember]: SignInDependencies,
): Promise<{ accessToken: string }> {
  const { email, password } = guardUserCode(() => ({ ...credentials }));
  if (client.options.apiKey !== undefined || client.options.accessToken !== undefined) {
    throw createError("configuration", "signIn: the client has a credential");
  }
  if (!email || !password) throw createError("configuration", "signIn: needs email and password");
  const body = await send({ email, password });
  // The response is not documented: the token has a common name, at the top level or one level below.
  const objects = [body, ...["data", "result", "user"].map((name) => ownMember(body, name))];
  const names = ["accessToken", "access_token", "token", "jwt"];
  const token = objects.flatMap((object) => names.map((name) => ownMember(object, name))).find(isToken);
  if (!token) throw createError("response", "signIn: the response has no token", undefined, { attempts: 1 });
  client.credentials.setToken(token);
  return { accessToken: token };
}
