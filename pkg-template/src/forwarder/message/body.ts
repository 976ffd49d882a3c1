import { withTimeout } from "../outbox/with-timeout.js";
import { problem, HttpError } from "./http-error.js";

/** The maximum size of a body. */
const MAX_BODY_BYTES = 65_536;

/** How long a body may take to arrive. */
const BODY_TIMEOUT_MS = 60_000;

/** Made once: making one takes longer than reading a lead with it. */
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The media types that a page may send. */
export function mediaTypeOf(headers: Headers): "json" | "form" | undefined {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return undefined;
  const encoding = headers.get("content-encoding");
  // Unpacking could make much of little.
  if (encoding !== null && encoding.trim().toLowerCase() !== "identity") return undefined;
  if (type.trim() === "application/json") return "json";
  return type.trim() === "application/x-www-form-urlencoded" ? "form" : undefined;
}

/**
 * The body's text, counted as it comes where its length is not known.
 *
 * @throws {HttpError} `too_large`, `too_slow`, or `malformed` where it is not UTF-8.
 */
export async function textOf(request: Request): Promise<string> {
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (length > MAX_BODY_BYTES) throw new HttpError("too_large");
  try {
    // With a length no more comes than it says, and the server sees to it that it comes; but another
    // worker that hands a request on may say what it likes, so that is looked at too.
    const bytes = await (length <= MAX_BODY_BYTES ? request.arrayBuffer() : readLimited(request.body));
    if (bytes.byteLength > MAX_BODY_BYTES) throw new HttpError("too_large");
    return UTF8.decode(bytes);
  } catch (error) {
    throw error instanceof HttpError ? error : malformed("is not UTF-8, or is incomplete");
  }
}

async function readLimited(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  try {
    return await withTimeout(readAll(reader), BODY_TIMEOUT_MS, () => {
      throw new HttpError("too_slow");
    });
  } catch (error) {
    // Not awaited: a sender may never release the stream.
    reader.cancel().catch(() => {});
    throw error;
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_BODY_BYTES);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    if (length + value.length > MAX_BODY_BYTES) throw new HttpError("too_large");
    bytes.set(value, length);
    length += value.length;
  }
}

/** What a body that cannot be read is refused with. */
export function malformed(message: string): HttpError {
  return new HttpError("malformed", { issues: [problem("", "json", message)] });
}
