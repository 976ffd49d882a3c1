// A challenge provider: tokens can be used once, and expire.
import { createServer } from "node:http";

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/**
 * `mode` may be "down", "slow", "html" or "secret": the ways in which there is no result. `before` may be a function
 * that is awaited before a result is returned, by its number.
 */
export async function startTurnstile(test) {
  const spent = new Map();
  const state = { mode: "up", requests: 0, before: undefined };
  const server = createServer(async (request, response) => {
    const number = ++state.requests;
    let text = "";
    for await (const part of request) text += part;
    const form = new URLSearchParams(text);
    const token = form.get("response");
    const key = form.get("idempotency_key");
    const respond = async (body) => {
      await state.before?.(number);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (state.mode === "down") return response.writeHead(502).end();
    if (state.mode === "html") return response.end("<p>sorry");
    if (state.mode === "secret" || form.get("secret") !== "a-secret")
      return respond({ success: false, "error-codes": ["invalid-input-secret"] });
    if (key !== null && !UUID.test(key)) return respond({ success: false, "error-codes": ["bad-request"] });
    if (token.startsWith("expired") || (spent.has(token) && (!spent.get(token) || spent.get(token) !== key)))
      return respond({ success: false, "error-codes": ["timeout-or-duplicate"] });
    if (!token.startsWith("good")) return respond({ success: false, "error-codes": ["invalid-input-response"] });
    spent.set(token, key);
    respond({ success: true, "error-codes": [] });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return Object.assign(state, { url: `http://127.0.0.1:${server.address().port}/siteverify` });
}
