import type { IncomingMessage, Server, ServerResponse, Socket } from "node:http";

/** A server that listens. */
export interface Listening {
  /** Where, as `http://127.0.0.1:8080`. */
  url: string;
  /** Takes no more requests; ends when those under way are answered, or after `CLOSE_TIMEOUT_MS`. */
  close(): Promise<void>;
}

/** How long requests under way may take while the server closes, in milliseconds. */
const CLOSE_TIMEOUT_MS = 10_000;

/** How long a request may take to arrive, in milliseconds. */
const REQUEST_TIMEOUT_MS = 90_000;

/** Serves a function over HTTP/1.1. */
export async function listen(
  respond: (request: Request, address: string | undefined) => Promise<Response>,
  { port, host }: { port: number; host: string },
): Promise<Listening> {
  const { createServer } = await import("node:http");
  const connections = new Connections();
  const server: Server = createServer((request, response) => {
    connections.begin(request.socket);
    response.on("close", () => connections.end(request.socket));
    handle(request, response, respond, connections).catch(() => response.destroy());
  });
  server.on("connection", (socket: Socket) => connections.add(socket));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  let closing: Promise<void> | undefined;
  const close = () =>
    (closing ??= new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        connections.destroy();
        server.closeAllConnections?.();
        resolve();
      }, CLOSE_TIMEOUT_MS);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      connections.close();
      server.closeIdleConnections?.();
    }));
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${server.address().port}`, close };
}

/**
 * The connections of a server. Node.js counts one that a browser opened ahead of need as busy, so that a server
 * with such a one would not close before its timeout.
 */
class Connections {
  /** How many requests are under way on each. */
  readonly #busy = new Map<Socket, number>();
  isClosing = false;

  add(socket: Socket): void {
    this.#busy.set(socket, 0);
    socket.on("close", () => this.#busy.delete(socket));
  }

  begin(socket: Socket): void {
    this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + 1);
  }

  end(socket: Socket): void {
    const busy = this.#busy.get(socket);
    if (busy === undefined) return;
    this.#busy.set(socket, busy - 1);
    if (this.isClosing && busy === 1) socket.end?.();
  }

  /** Ends those without a request. */
  close(): void {
    this.isClosing = true;
    for (const [socket, busy] of this.#busy) {
      if (!busy) socket.destroy();
    }
  }

  destroy(): void {
    for (const socket of this.#busy.keys()) socket.destroy();
  }
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  respond: (request: Request, address: string | undefined) => Promise<Response>,
  connections: Connections,
): Promise<void> {
  const request = requestOf(incoming);
  const response = request
    ? await respond(request, incoming.socket.remoteAddress)
    : new Response(null, { status: 400 });
  const headers = Object.fromEntries(response.headers);
  if (connections.isClosing) headers["connection"] = "close";
  if (!incoming.complete) {
    // The rest of an unwanted body is not awaited; a second, so that the client reads the response first.
    headers["connection"] = "close";
    outgoing.on("finish", () => {
      incoming.resume();
      setTimeout(() => incoming.socket.destroy(), 1_000);
    });
  }
  const body = new Uint8Array(await response.arrayBuffer());
  outgoing.writeHead(response.status, { ...headers, "content-length": String(body.length) });
  outgoing.end(incoming.method === "HEAD" ? undefined : body);
}

/** A host as a URL has it: nothing that would end it and begin a path, a query or a user's name. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** The methods that `Request` refuses, though they arrive. */
const UNKNOWN_TO_FETCH = ["TRACE", "TRACK", "CONNECT"];

/** The request as `fetch` has it; none of what is no request. */
function requestOf(incoming: IncomingMessage): Request | undefined {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const { host = "localhost" } = incoming.headers;
  try {
    if (!url.startsWith("/") || !HOST.test(host)) return undefined;
    const headers = new Headers();
    for (let index = 0; index < rawHeaders.length; index += 2)
      headers.append(rawHeaders[index]!, rawHeaders[index + 1]!);
    const hasBody = headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
    const body = hasBody && method !== "GET" && method !== "HEAD" ? streamOf(incoming) : undefined;
    const isUnknown = UNKNOWN_TO_FETCH.includes(method.toUpperCase());
    const init: RequestInit & { duplex: "half" } = {
      method: isUnknown ? "GET" : method,
      headers,
      duplex: "half",
      ...(body && !isUnknown ? { body } : {}),
    };
    const request = new Request(`http://${host}${url}`, init);
    return isUnknown ? Object.defineProperty(request, "method", { value: method }) : request;
  } catch {
    return undefined;
  }
}

/** The body as it comes. Node's own conversion closes the connection where reading ends early. */
function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let ended = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const end = (finish: () => void) => {
        if (!ended) finish();
        ended = true;
      };
      incoming.on("data", (chunk: Uint8Array) => {
        if (ended) return;
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on("end", () => end(() => controller.close()));
      const broken = () => end(() => controller.error(new Error("the request broke off")));
      incoming.on("error", broken);
      incoming.on("close", broken);
      incoming.pause();
    },
    pull: () => incoming.resume(),
    cancel() {
      ended = true;
      incoming.pause();
    },
  });
}
