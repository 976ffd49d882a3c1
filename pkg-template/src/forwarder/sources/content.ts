import { exactNumbers, isObject, type JsonObject, nullPrototype, wellFormed } from "../message/json.js";
import { HttpError, problem } from "../message/http-error.js";
import type { RawDelivery } from "./definition.js";

const UTF8 = new TextDecoder("utf-8");

/**
 * Checks that a body can be read as text. Senders do not compress by default, and a signature could be that of either
 * form.
 *
 * @throws {HttpError} `media_type` if the body is compressed, or for an unknown charset.
 */
export function assertReadable(headers: Headers): void {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity")
    throw unreadable("content-encoding", "must not be set: send the body without compression");
  decoderOf(headers);
}

/** The body as text; invalid bytes become U+FFFD, since a lead is never rejected for them. */
export function decodeText({ bytes, headers }: RawDelivery): string {
  return decoderOf(headers).decode(bytes);
}

/** The value of JSON text, with integers beyond 2^53 as strings; `undefined` if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(exactNumbers(wellFormed(text)));
  } catch {
    return undefined;
  }
}

/** The content of a delivery of any media type; an unparsable body is returned in `body`. */
export async function contentOf(delivery: RawDelivery): Promise<unknown> {
  const type = delivery.headers.get("content-type") ?? "";
  if (/^multipart\/form-data\b/i.test(type)) {
    try {
      const form = await new Response(delivery.bytes, { headers: { "content-type": type } }).formData();
      const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string");
      return fieldsOf(texts.map(([name, value]) => [name, parseJson(value) ?? value]));
    } catch {
      return { body: decodeText(delivery) };
    }
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return fieldsOf(entriesOf(delivery));
  const text = decodeText(delivery);
  const value = parseJson(text);
  return isObject(value) || Array.isArray(value) ? value : { body: text };
}

/** The fields of a form; a repeated name becomes a list. */
function fieldsOf(entries: Iterable<readonly [string, unknown]>): JsonObject {
  const lists = new Map<string, unknown[]>();
  for (const [name, value] of entries) lists.set(name, [...(lists.get(name) ?? []), value]);
  return nullPrototype([...lists].map(([name, values]) => [name, values.length > 1 ? values : values[0]] as const));
}

/** The names and values of a URL-encoded form in its charset. */
function entriesOf(delivery: RawDelivery): (readonly [string, string])[] {
  const decoder = decoderOf(delivery.headers);
  if (decoder === UTF8) return [...new URLSearchParams(decodeText(delivery))];
  const decode = (text: string) => {
    const bytes = text
      .replaceAll("+", " ")
      .replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
    return decoder.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  };
  // One character per byte.
  const text = Array.from(delivery.bytes, (byte) => String.fromCharCode(byte)).join("");
  return text
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decode(name), decode(value.join("="))] as const;
    });
}

/** The decoder of the charset that the media type declares; UTF-8 without one. */
function decoderOf(headers: Headers): TextDecoder {
  const type = headers.get("content-type") ?? "";
  const [, quoted, token] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]*))/i.exec(type) ?? [];
  const charset = (quoted ?? token ?? "").trim().toLowerCase();
  if (["", "utf-8", "utf8"].includes(charset)) return UTF8;
  try {
    return new TextDecoder(charset);
  } catch {
    throw unreadable("content-type", "has a charset that is not supported: send UTF-8");
  }
}

function unreadable(header: string, message: string): HttpError {
  return new HttpError("media_type", { issues: [problem(header, "format", message)] });
}
