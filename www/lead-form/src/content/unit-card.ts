import { createElement } from "../base/create-element.js";
import type { FormUnit } from "../fields/field.js";

/** A card of the property that the form is about. */
export function createUnitCard({ image, title, price }: FormUnit): HTMLElement {
  const texts = [
    title && createElement("p", { part: "unit-title" }, title),
    // Isolates the price from the text direction of the language.
    price && createElement("p", { part: "unit-price" }, createElement("bdi", {}, price)),
  ];
  return createElement(
    "div",
    { part: "unit" },
    ...(image ? [createElement("img", { part: "unit-image", src: image, alt: "" })] : []),
    createElement("div", {}, ...texts.filter((text) => text !== undefined && text !== "")),
  );
}
