import { problem, Refusal } from "./refusal.js";

/** The most a body may have, in bytes. */
const MOST = 65_536;

/** How long a body may take to arrive, in milliseconds. */
const PATIENCE = 60_000;

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
 * @throws {Refusal} `too_large`, `too_slow`, or `malformed` where it is not UTF-8.
 */
export async function textOf(request: Request): Promise<string> {
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (length > MOST) throw new Refusal("too_large");
  try {
    // With a length no more comes than it says, and the server sees to it that it comes; but another
    // worker that hands a request on may say what it likes, so that is looked at too.
    const bytes = await (length <= MOST ? request.arrayBuffer() : counted(request.body));
    if (bytes.byteLength > MOST) throw new Refusal("too_large");
    return UTF8.decode(bytes);
  } catch (error) {
    throw error instanceof Refusal ? error : malformed("is not UTF-8, or broke off");
  }
}

async function counted(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Refusal("too_slow")), PATIENCE);
  });
  const reader = body.getReader();
  const bytes = new Uint8Array(MOST);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return bytes.subarray(0, length);
      if (length + value.length > MOST) throw new Refusal("too_large");
      bytes.set(value, length);
      length += value.length;
    }
  } catch (error) {
    // Not awaited: a sender may never let go.
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What a body that cannot be read is refused with. */
export function malformed(said: string): Refusal {
  return new Refusal("malformed", { issues: [problem("", "json", said)] });
}
