// The pill that opens a slide-in: a separate script, which shares no module state with the main script.

import { createElement } from "../base/create-element.js";
import { whatsAppUrl } from "../base/whatsapp-url.js";
import styles from "./styles.css";

/** The parts of the element that the pill needs. */
export interface TeaserHost extends HTMLElement {
  show(): Promise<void>;
  hide(): void;
  prepare(): unknown;
}

/** Shows the pill, with the text of the attribute `teaser`, and a picture and WhatsApp if the form has them. */
export function showTeaser(form: TeaserHost): void {
  const { shadowRoot } = form;
  const text = form.getAttribute("teaser");
  if (!text || !shadowRoot || shadowRoot.querySelector("[part=teaser]")) return;
  const image = form.getAttribute("teaser-image");
  const number = form.getAttribute("whatsapp");
  const picture = image ? [createElement("img", { part: "teaser-image", src: image, alt: "" })] : [];
  const button = createElement(
    "button",
    { part: "teaser-button", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" },
    ...picture,
    createElement("span", {}, text),
  );
  const link = number
    ? [
        createElement(
          "a",
          { part: "teaser-whatsapp", href: whatsAppUrl(number, text, undefined), target: "_blank", rel: "noopener" },
          "WhatsApp",
        ),
      ]
    : [];
  const isOpen = () => button.ariaExpanded === "true";
  for (const event of ["pointerover", "focus"]) button.addEventListener(event, () => form.prepare());
  button.addEventListener("click", () => (isOpen() ? form.hide() : void form.show()));
  form.addEventListener("lead-open", () => (button.ariaExpanded = "true"));
  form.addEventListener("lead-close", () => (button.ariaExpanded = "false"));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, sheet];
  shadowRoot.append(createElement("div", { part: "teaser" }, button, ...link));
}
