import type { ICloudReadyLeadForm } from "./element.js";
import { codeOf, FALLBACK, load } from "./languages/index.js";
import { measure } from "./room.js";

const NAME = "icloud-ready-lead-form";

/**
 * Defines the element once the languages are there that the forms of this page will speak: until
 * then the room that a page reserves with `:not(:defined)` stays.
 */
export async function define(form: typeof ICloudReadyLeadForm): Promise<void> {
  const { customElements, document } = globalThis;
  // A server has no elements.
  if (!customElements) return;
  const forms = () => [...document.querySelectorAll<HTMLElement>(NAME)];
  const { lang } = document.documentElement;
  const tags = forms().map((form) => form.getAttribute("locale") ?? form.closest<HTMLElement>("[lang]")?.lang ?? lang);
  if (!tags.length) tags.push(lang);
  await Promise.allSettled([...new Set(tags.map((tag) => codeOf(tag) ?? FALLBACK))].map(load));
  // A page may load this twice: by two tags, or in two versions. The first one stays.
  if (customElements.get(NAME)) return;
  measure(forms());
  customElements.define(NAME, form);
}
