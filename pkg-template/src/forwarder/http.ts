import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** A server that listens. */
export interface Listening {
  /** Where, as `http://127.0.0.1:8080`. */
  url: string;
  /** Ends when the requests under way are answered. */
  close(): Promise<void>;
}

/** How long a request may take to arrive, in milliseconds. */
const PATIENCE = 90_000;

/** Serves a function over HTTP/1.1. */
export async function listen(
  answer: (request: Request, address: string | undefined) => Promise<Response>,
  { port, host }: { port: number; host: string },
): Promise<Listening> {
  const { createServer } = await import("node:http");
  const server: Server = createServer((request, response) => {
    respond(request, response, answer).catch(() => response.destroy());
  });
  server.requestTimeout = PATIENCE;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections?.();
    });
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${server.address().port}`, close };
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request, address: string | undefined) => Promise<Response>,
): Promise<void> {
  const request = requestOf(incoming);
  const response = request ? await answer(request, incoming.socket.remoteAddress) : new Response(null, { status: 400 });
  const headers = Object.fromEntries(response.headers);
  if (!incoming.complete) {
    // The rest of a body that nobody wants is not waited for; a moment, so that the answer is read first.
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

/** The request as `fetch` has it; none of what is no request. */
function requestOf(incoming: IncomingMessage): Request | undefined {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  try {
    if (!url.startsWith("/")) return undefined;
    const headers = new Headers();
    for (let index = 0; index < rawHeaders.length; index += 2) headers.append(rawHeaders[index]!, rawHeaders[index + 1]!);
    const hasBody = headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
    const body = hasBody && method !== "GET" && method !== "HEAD" ? streamOf(incoming) : undefined;
    const init: RequestInit & { duplex: "half" } = { method, headers, duplex: "half", ...(body ? { body } : {}) };
    return new Request(`http://${incoming.headers.host ?? "localhost"}${url}`, init);
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
