import { withTimeout } from "../outbox/with-timeout.js";
import { problem, HttpError } from "./http-error.js";

/** The maximum size of a page's body. */
const MAX_BODY_BYTES = 65_536;

/** The timeout for receiving a body. */
const BODY_TIMEOUT_MS = 60_000;

/** Shared: creating a decoder takes longer than decoding a lead. */
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The media types that a page may send. */
export function mediaTypeOf(headers: Headers): "json" | "form" | undefined {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return undefined;
  const encoding = headers.get("content-encoding");
  // A small compressed body could expand to a huge one.
  if (encoding !== null && encoding.trim().toLowerCase() !== "identity") return undefined;
  if (type.trim() === "application/json") return "json";
  return type.trim() === "application/x-www-form-urlencoded" ? "form" : undefined;
}

/**
 * Reads the body as text, and enforces the size limit while reading if the length is unknown.
 *
 * @throws {HttpError} `too_large`, `too_slow`, or `malformed` if it is not UTF-8.
 */
export async function readText(request: Request): Promise<string> {
  const bytes = await readBytes(request, MAX_BODY_BYTES);
  try {
    return UTF8.decode(bytes);
  } catch {
    throw malformed("is not UTF-8, or is incomplete");
  }
}

/**
 * Reads the body as bytes, and enforces the size limit while reading if the length is unknown.
 *
 * @throws {HttpError} `too_large`, `too_slow`, or `malformed` if the body is incomplete.
 */
export async function readBytes(request: Request, max: number): Promise<Uint8Array<ArrayBuffer>> {
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (length > max) throw new HttpError("too_large");
  try {
    // The server enforces the declared length, but a worker that passes a request on can declare any length, so the
    // actual length is checked too.
    const bytes = await (length <= max ? request.arrayBuffer() : readLimited(request.body, max));
    if (bytes.byteLength > max) throw new HttpError("too_large");
    return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  } catch (error) {
    throw error instanceof HttpError ? error : malformed("is not UTF-8, or is incomplete");
  }
}

async function readLimited(body: ReadableStream<Uint8Array> | null, max: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  try {
    return await withTimeout(readAll(reader, max), BODY_TIMEOUT_MS, () => {
      throw new HttpError("too_slow");
    });
  } catch (error) {
    // Not awaited: a sender may never release the stream.
    reader.cancel().catch(() => {});
    throw error;
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, max: number): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(max, MAX_BODY_BYTES));
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    if (length + value.length > max) throw new HttpError("too_large");
    if (length + value.length > bytes.length) {
      const larger = new Uint8Array(Math.min(max, Math.max(bytes.length * 2, length + value.length)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(value, length);
    length += value.length;
  }
}

/** The error for a body that cannot be read. */
export function malformed(message: string): HttpError {
  return new HttpError("malformed", { issues: [problem("", "json", message)] });
}
