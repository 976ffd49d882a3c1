/**
 * The URL of a chat with a prefilled text: the subject, and the page without its query, which may contain personal
 * data.
 */
export function whatsAppUrl(number: string, greeting: string, about: string | undefined): string {
  const { origin, pathname, protocol } = location;
  const page = /^https?:$/.test(protocol) ? origin + pathname : "";
  const text = [about ? `${greeting} ${about}` : greeting, page].filter(Boolean).join("\n");
  return `https://wa.me/${number.replace(/\D/g, "")}?text=${encodeURIComponent(text)}`;
}
