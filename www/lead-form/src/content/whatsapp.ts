import { createElement } from "../base/create-element.js";
import { whatsAppUrl } from "../base/whatsapp-url.js";
import type { FormUnit } from "../fields/field.js";
import type { View } from "../view/view.js";

const TEXTS = {
  en: {
    open: "Ask on WhatsApp",
    greeting: "Hello, I am interested in",
    page: "Hello, I have a question about this page.",
    consent: "If you write to us on WhatsApp, we reply to you there.",
  },
  ar: {
    open: "اسأل عبر واتساب",
    greeting: "مرحبًا، أنا مهتم بـ",
    page: "مرحبًا، لديّ سؤال عن هذه الصفحة.",
    consent: "إذا راسلتنا عبر واتساب فسنرد عليك هناك.",
  },
  fr: {
    open: "Demander sur WhatsApp",
    greeting: "Bonjour, je suis intéressé(e) par",
    page: "Bonjour, j’ai une question sur cette page.",
    consent: "Si vous nous écrivez sur WhatsApp, nous vous répondons là-bas.",
  },
};

/** A link to WhatsApp with a text that names the property and the page. It remains visible if sending fails. */
export function createWhatsAppLink(number: string, unit: FormUnit | undefined, view: View): HTMLElement {
  const link = createElement("a", { part: "whatsapp", target: "_blank", rel: "noopener" });
  const consent = createElement("p", { part: "whatsapp-note" });
  const about = [unit?.title, unit?.id && `(${unit.id})`].filter(Boolean).join(" ");
  const node = createElement("div", { part: "whatsapp-box" }, link, consent);
  const update = () => {
    const texts = TEXTS[view.root.lang as "en"] ?? TEXTS.en;
    link.textContent = texts.open;
    link.href = whatsAppUrl(number, about ? texts.greeting : texts.page, about);
    consent.textContent = texts.consent;
  };
  update();
  const observer = new MutationObserver(() => (node.isConnected ? update() : observer.disconnect()));
  observer.observe(view.root, { attributeFilter: ["lang"] });
  return node;
}
