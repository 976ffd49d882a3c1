// The admin API. The token is in memory only: a reload forgets it.

let token;

/** More bytes than the names of a table's columns have. */
const MAX_NAMES = 4_096;

/** A response that is no success. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

export function setToken(value) {
  token = value;
}

export async function call(path, options) {
  return (await request(path, options)).result;
}

/** Requests a table whose response may have several parts. Each begins with the names of the columns. */
export async function callTable(path) {
  const parts = [];
  let next = path;
  while (next) {
    const { response, result } = await request(next);
    const names = parts.length ? (await result.slice(0, MAX_NAMES).text()).indexOf("\n") + 1 : 0;
    parts.push(result.slice(names));
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
  return new Blob(parts, { type: "text/csv" });
}

async function request(path, { method = "GET", sent } = {}) {
  const headers = { authorization: `Bearer ${token}`, ...(sent ? { "content-type": "application/json" } : {}) };
  const body = sent && JSON.stringify(sent);
  const response = await fetch(path, { method, headers, body, cache: "no-store", credentials: "omit" });
  const isJson = response.headers.get("content-type")?.includes("json");
  const result = isJson ? await response.json() : await response.blob();
  // A store that is unavailable is described all the same.
  const isHealth = path === "../health" && isJson && "ok" in result && "backlog" in result;
  if (!response.ok && !isHealth) throw new ApiError(response.status, isJson ? result : undefined);
  return { response, result };
}
