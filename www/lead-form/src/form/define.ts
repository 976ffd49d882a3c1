import { measureHeights } from "../view/reserved-height.js";

const NAME = "icloud-ready-lead-form";

/** Defines the element synchronously: frameworks check its properties at the first render. */
export function define(form: CustomElementConstructor): void {
  const { customElements, document } = globalThis;
  // Servers have no custom elements. A page may load this twice, even in two versions: the first one is used.
  if (!customElements || customElements.get(NAME)) return;
  measureHeights(document.querySelectorAll(NAME));
  customElements.define(NAME, form);
}
