import { warn } from "../base/warn.js";

/** The URL that a form sends its leads to: its endpoint, else the action of the plain form inside. */
export function endpointOf(form: HTMLElement & { readonly endpoint: string | null }): string {
  let plain: Element | null | undefined = form.querySelector("form");
  // HTML allows no form in a paragraph: the parser ends the paragraph before the plain form.
  const next = form.closest("p")?.nextElementSibling;
  if (!plain && next?.matches("form") && next.querySelector('[name="leadInformation.phone"]')) {
    warn("a <p> cannot contain a form: use a <div>");
    plain = next;
  }
  // An input named `getAttribute` would hide the form's own method.
  const address = form.endpoint ?? (plain && form.getAttribute.call(plain, "action"));
  try {
    if (address) return new URL(address, document.baseURI).href;
  } catch {
    // Reported below.
  }
  warn("no endpoint: /leads is used");
  return new URL("/leads", document.baseURI).href;
}
