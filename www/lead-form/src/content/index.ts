// Custom content: texts, the property, WhatsApp, and the thank-you page. A separate script, which shares no module
// state with the main script.

import { createElement } from "../base/create-element.js";
import type { FormSchema } from "../fields/field.js";
import type { View } from "../view/view.js";
import { thankYouPage } from "./thank-you.js";
import { createUnitCard } from "./unit-card.js";
import { createWhatsAppLink } from "./whatsapp.js";

export { default as styles } from "./styles.css";

/** The parts of a form that this script added. */
const added = new WeakMap<View, { remove(): void }>();

/** Shows the content of a schema and of the form's attributes, and updates it when the attributes change. */
export function showContent(form: HTMLElement, view: View, schema: FormSchema, warn: (what: string) => void): void {
  added.get(view)?.remove();
  const nodes: Element[] = [];
  const apply = () => {
    for (const node of nodes.splice(0)) node.remove();
    nodes.push(...addContent(form, view, schema));
  };
  apply();
  // The form has no properties for these attributes.
  const observer = new MutationObserver(apply);
  observer.observe(form, { attributeFilter: ["heading", "submit-text", "thanks", "whatsapp", "lang"] });
  const onAccepted = ({ detail }: Event & { detail?: { isEarlier?: boolean } }) => {
    const page = detail?.isEarlier ? undefined : thankYouPage(form, schema, warn);
    if (page) location.assign(page);
  };
  form.addEventListener("lead-accepted", onAccepted);
  added.set(view, {
    remove() {
      observer.disconnect();
      form.removeEventListener("lead-accepted", onAccepted);
      for (const node of nodes) node.remove();
    },
  });
}

/** Adds the content and returns its parts. */
function addContent(form: HTMLElement, view: View, { texts, unit, whatsapp }: FormSchema): Element[] {
  const textIn = (name: string) => form.getAttribute(name) || undefined;
  const submit = texts?.submit ?? textIn("submit-text");
  const thanks = [texts?.thanks ?? textIn("thanks") ?? []].flat() as readonly string[];
  const [title, more = ""] = thanks;
  view.setTexts({ ...(submit && { submit }), ...(title && { accepted: [title, more] as const }) });
  const heading = texts?.heading ?? textIn("heading");
  const number = whatsapp ?? textIn("whatsapp");
  const parts = {
    heading: heading ? createElement("h2", { part: "heading" }, heading) : undefined,
    card: unit ? createUnitCard(unit) : undefined,
    link: number ? createWhatsAppLink(number, unit, view) : undefined,
  };
  if (parts.heading) view.headingSlot.append(parts.heading);
  if (parts.card) view.form.before(parts.card);
  if (parts.link) view.form.append(parts.link);
  return Object.values(parts).filter((part) => part !== undefined);
}
