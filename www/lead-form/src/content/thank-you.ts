import type { FormSchema } from "../fields/field.js";

/**
 * The page to navigate to after a lead is accepted. Its origin must be this page's or listed, because a visitor may
 * control the URL.
 */
export function thankYouPage(
  form: HTMLElement,
  { thankYouUrl, thankYouOrigins = [] }: FormSchema,
  warn: (what: string) => void,
): string | undefined {
  const wanted = thankYouUrl ?? form.getAttribute("thank-you-url");
  if (!wanted) return undefined;
  try {
    const { href, origin, protocol } = new URL(wanted, document.baseURI);
    if (/^https?:$/.test(protocol) && [location.origin, ...thankYouOrigins].includes(origin)) return href;
  } catch {
    // Reported below.
  }
  warn("the thank-you URL is not of this page's origin, nor of the schema's thankYouOrigins: it is ignored");
  return undefined;
}
