import type { IncomingMessage, Server, ServerResponse, Socket } from "node:http";
import { readerOf } from "../http/cors.js";
import { errorResponse, toResponse } from "../http/responses.js";
import { HttpError } from "../message/http-error.js";
import type { ConnectionLimit } from "./connection-limit.js";

/** A listening server. */
export interface Listening {
  /** The URL, such as `http://127.0.0.1:8080`. */
  url: string;
  /** Stops accepting requests; resolves when those in progress are answered, or after `CLOSE_TIMEOUT_MS`. */
  close(): Promise<void>;
}

/** How long `close` waits for requests in progress, in milliseconds. */
const CLOSE_TIMEOUT_MS = 10_000;

/** The timeout for receiving a request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 90_000;

/** The timeout for receiving a request on a connection beyond the limit, in milliseconds. */
const REFUSED_TIMEOUT_MS = 5_000;

/** Serves a function over HTTP/1.1. */
export async function listen(
  respond: (request: Request, address: string | undefined) => Promise<Response>,
  { port, host, connections: limit }: { port: number; host: string; connections?: ConnectionLimit },
): Promise<Listening> {
  const { createServer } = await import("node:http");
  const connections = new Connections(limit);
  const server: Server = createServer((request, response) => {
    connections.begin(request.socket);
    response.on("close", () => connections.end(request.socket));
    handle(request, response, respond, connections).catch(() => response.destroy());
  });
  server.on("connection", (socket: Socket) => connections.add(socket));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  if (limit) server.maxConnections = limit.hardLimit;
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
 * The connections of a server. Node.js counts a connection that a browser opened but has not used as busy, which would
 * delay closing until the timeout.
 */
class Connections {
  /** The number of requests in progress on each connection. */
  readonly #busy = new Map<Socket, number>();
  readonly #limit: ConnectionLimit | undefined;
  /** The connections beyond the limit. */
  readonly #refused = new WeakSet<Socket>();
  isClosing = false;

  constructor(limit: ConnectionLimit | undefined) {
    this.#limit = limit;
  }

  add(socket: Socket): void {
    this.#busy.set(socket, 0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (this.#limit?.add()) {
      this.#refused.add(socket);
      timer = setTimeout(() => socket.destroy(), REFUSED_TIMEOUT_MS);
    }
    socket.on("close", () => {
      clearTimeout(timer);
      this.#busy.delete(socket);
      this.#limit?.remove();
    });
  }

  isRefused(socket: Socket): boolean {
    return this.#refused.has(socket);
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

  /** Closes connections without a request; the others close after theirs. */
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
  const isRefused = connections.isRefused(incoming.socket);
  let response: Response;
  if (!request) response = new Response(null, { status: 400 });
  else if (isRefused) response = toResponse(readerOf(request), errorResponse(new HttpError("unavailable")));
  else response = await respond(request, incoming.socket.remoteAddress);
  const headers = Object.fromEntries(response.headers);
  if (connections.isClosing || isRefused) headers["connection"] = "close";
  if (!incoming.complete) {
    // Does not wait for the rest of an unwanted body; the delay of a second lets the client read the response first.
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

/** The host of a URL: no characters that would begin a path, a query or user information. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** The methods that Node.js accepts but `Request` rejects. */
const UNKNOWN_TO_FETCH = ["TRACE", "TRACK", "CONNECT"];

/** Converts to a `Request`; `undefined` if that is not possible. */
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

/** The body as a stream. Node's own conversion closes the connection if reading ends early. */
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
