// An HTTP server on loopback that responds by script and records requests byte for byte.
import { createServer } from "node:http";
import { once } from "node:events";

/**
 * Starts a recorder. `script` is one response for all requests, an array of responses in order (the last one repeats),
 * or a function of the request and its index.
 *
 * A response is `{ status?, headers?, body?, delay?, hang?, cut? }`: `body` is sent unchanged if it is text or bytes,
 * else as JSON; `hang: true` never responds, `hang: "body"` sends the head and a part of the body; `cut: true` closes
 * the connection, `cut: "body"` after a part of the body. `onHang` is called with each response that hangs.
 */
export async function record(test, script = {}, onHang = () => {}) {
  const requests = [];
  const closed = [];
  const server = createServer({ maxHeaderSize: 1 << 17 }, async (message, response) => {
    const chunks = [];
    try {
      for await (const chunk of message) chunks.push(chunk);
    } catch {
      return; // The client disconnected while sending.
    }
    const request = {
      method: message.method,
      target: message.url,
      path: message.url.split("?")[0],
      headers: pairs(message.rawHeaders),
      body: Buffer.concat(chunks),
    };
    const index = requests.push(request) - 1;
    response.on("close", () => response.writableFinished || closed.push(index));
    const reply =
      typeof recorder.script === "function" ? await recorder.script(request, index) : pick(recorder.script, index);
    await send(response, reply ?? {});
    if (reply?.hang) onHang();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const recorder = {
    script,
    requests,
    /** The indexes of the requests whose client disconnected before the response was complete. */
    closed,
    origin: `http://127.0.0.1:${server.address().port}`,
    url: `http://127.0.0.1:${server.address().port}/api/v2`,
    clear: () => requests.splice(0),
  };
  test?.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return recorder;
}

function pick(script, index) {
  return Array.isArray(script) ? script[Math.min(index, script.length - 1)] : script;
}

async function send(response, { status = 200, headers = {}, body = { _id: "1" }, delay, hang, cut }) {
  if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
  if (hang === true) return;
  if (cut === true) return response.destroy();
  const bytes =
    typeof body === "string" || body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const empty = status === 204 || status === 304;
  response.writeHead(status, { ...(empty ? {} : { "content-length": bytes.length }), ...headers });
  if (hang || cut) {
    response.write(bytes.subarray(0, Math.max(1, bytes.length >> 1)));
    if (cut) setTimeout(() => response.destroy(), 5);
    return;
  }
  response.end(empty ? undefined : bytes);
}

function pairs(raw) {
  return raw.flatMap((name, index) => (index % 2 ? [] : [[name, raw[index + 1]]]));
}

/** The value of a request's header, case-insensitive; `undefined` if it is missing. */
export function header({ headers }, wanted) {
  return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
}
