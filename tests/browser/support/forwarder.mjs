// An endpoint that implements the forwarder's contract over real HTTP, and fails on request.

import { createServer } from "node:http";
import { leave } from "./browser.mjs";

const LIMIT = 65_536;

/**
 * Starts an endpoint that ends with the test. `next` decides what happens to each POST, by its count and body; it
 * returns one of:
 *
 * `"accept"`, `"cut-before"` and `"cut-after"` it is stored, `"hang"`, `"hang-after"`, or the response: `{ status,
 * retryAfter, body }`, stored if `store`.
 */
export async function startForwarder(test, { origins, next = () => "accept" } = {}) {
  const forwarder = new Forwarder(next, origins);
  const server = createServer((request, response) => {
    forwarder.answer(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  forwarder.url = `http://127.0.0.1:${server.address().port}/leads`;
  test.after(async () => {
    await leave(test);
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return forwarder;
}

class Forwarder {
  /** All requests, whatever happened to them: the bodies, in order. */
  requests = [];
  /** What was stored, by submission id: one lead each. */
  leads = new Map();
  /** Leads that arrived twice with different bodies. */
  conflicts = [];
  /** The pending responses. */
  #hung = new Set();
  /** The requests in progress, with their submission ids. */
  #open = new Map();

  constructor(next, origins) {
    this.next = next;
    this.origins = origins;
  }

  /** Ends the hanging requests. */
  letGo() {
    for (const response of this.#hung) response.destroy();
    this.#hung.clear();
  }

  /** The requests so far and those in progress, for the message of a wait that timed out. */
  describe() {
    const ids = this.requests.map(({ submissionId }) => submissionId);
    return {
      requests: ids.length,
      last: ids.slice(-5),
      stored: this.leads.size,
      open: [...this.#open.values()],
      hanging: this.#hung.size,
    };
  }

  async answer(request, response) {
    const { origin } = request.headers;
    const isListed = origin && (!this.origins || this.origins.includes(origin));
    if (isListed) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-expose-headers", "Retry-After");
    }
    response.setHeader("vary", "Origin");
    this.#open.set(request, request.method);
    response.on("close", () => this.#open.delete(request));
    if (request.method === "OPTIONS") {
      response.setHeader("access-control-allow-methods", "POST");
      response.setHeader("access-control-allow-headers", "content-type");
      return response.writeHead(204).end();
    }
    const send = (status, body, headers = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    const fail = (status, code, more = {}) => send(status, { error: { code, message: code, issues: [], ...more } });
    if (request.method !== "POST") return fail(405, "method");
    const text = await read(request);
    if (Buffer.byteLength(text) > LIMIT) return fail(413, "too_large");
    if (request.headers["content-type"] !== "application/json") return fail(415, "media_type");
    const sent = JSON.parse(text);
    this.requests.push(sent);
    this.#open.set(request, sent.submissionId);
    if (!isListed) return fail(403, "origin");
    const accepted = { submissionId: sent.submissionId, status: "accepted" };
    if (this.leads.has(sent.submissionId)) {
      if (JSON.stringify(this.leads.get(sent.submissionId).lead) !== JSON.stringify(sent.lead))
        this.conflicts.push(sent);
    }
    const fate = await this.next(this.requests.length, sent);
    const store = () => this.leads.has(sent.submissionId) || this.leads.set(sent.submissionId, sent);
    switch (fate) {
      case "accept":
        store();
        return send(202, accepted);
      case "cut-before":
        return response.destroy();
      case "cut-after":
        store();
        return response.destroy();
      case "hang":
        return this.#hung.add(response);
      case "hang-after":
        store();
        return this.#hung.add(response);
      default: {
        const { status, retryAfter, store: isStored, body } = fate;
        if (isStored) store();
        return send(
          status,
          body ?? { error: { code: "failed", message: "failed", issues: [] } },
          retryAfter && { "retry-after": String(retryAfter) },
        );
      }
    }
  }
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
