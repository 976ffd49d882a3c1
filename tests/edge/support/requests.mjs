// Requests as pages send them.
import { randomUUID } from "node:crypto";
import { connect } from "node:net";

export const ORIGIN = "https://agency.example";
export const PERSON = { firstName: "Ahmed", phone: "+201001234567" };

/** A body as a page's script sends it. */
export function body(changes = {}) {
  return { submissionId: randomUUID(), lead: { leadInformation: { ...PERSON } }, ...changes };
}

/**
 * Fetches on a machine of any speed. Connections are not reused, since a server may close them at that moment; a
 * connection that timed out is retried.
 */
export async function reach(url, init = {}) {
  for (;;) {
    try {
      return await fetch(url, { ...init, headers: { connection: "close", ...init.headers } });
    } catch (error) {
      if (error.cause?.code !== "UND_ERR_CONNECT_TIMEOUT")
        throw new Error(`fetching failed: ${error.cause}`, { cause: error });
    }
  }
}

/** Sends JSON: `text` unchanged, else a default body. */
export function postJson(url, sent = body(), headers = {}) {
  return reach(url, {
    method: "POST",
    headers: { "content-type": "application/json", origin: ORIGIN, ...headers },
    body: typeof sent === "string" || sent instanceof Uint8Array ? sent : JSON.stringify(sent),
  });
}

/** Sends a form as a browser without scripts does. */
export function postForm(url, fields, headers = {}) {
  return reach(url, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: ORIGIN, ...headers },
    body: typeof fields === "string" ? fields : new URLSearchParams(fields).toString(),
  });
}

export const FORM = { "leadInformation.firstName": "Ahmed", "leadInformation.phone": "+201001234567" };

/**
 * Sends bytes over a connection and returns the response's text. `parts` are sent one after another; `ends` closes the
 * client's side after the last.
 */
export function raw(url, parts, { pause = 0, ends = false } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let response = "";
    const socket = connect(Number(port), hostname);
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      response += text;
      // The server may keep the connection open longer.
      if (isWhole(response)) socket.destroy();
    });
    socket.on("error", (error) => (response ? resolve(response) : reject(error)));
    socket.on("close", () => resolve(response));
    socket.on("connect", async () => {
      for (const part of parts) {
        if (socket.destroyed) return;
        socket.write(part);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      if (ends) socket.end();
    });
  });
}

function isWhole(response) {
  const [head, ...body] = response.split("\r\n\r\n");
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (!body.length) return false;
  return length === undefined
    ? response.endsWith("\r\n0\r\n\r\n")
    : Buffer.byteLength(body.join("\r\n\r\n")) >= Number(length);
}

/** A request's head, for `raw`. */
export function head(url, headers = {}, method = "POST") {
  const { host, pathname } = new URL(url);
  const all = { host, origin: ORIGIN, "content-type": "application/json", connection: "close", ...headers };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  return `${method} ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** One chunk of a body of unknown length. */
export function chunk(bytes) {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), Buffer.from(bytes), Buffer.from("\r\n")]);
}

export const LAST_CHUNK = "0\r\n\r\n";
