import type { FieldView } from "./field-view.js";
import type { Language } from "../languages/index.js";
import { createElement, setText } from "../base/create-element.js";

/** The error summary above the form, with a link to each field. */
export class Summary {
  readonly #title = createElement("p", { part: "summary-title", role: "alert" });
  readonly #list = createElement("ul", { part: "summary-list" });
  readonly node = createElement("div", { part: "summary" }, this.#title, this.#list);

  show(invalid: readonly FieldView[], { summary }: Language): void {
    setText(this.#title, invalid.length ? summary(invalid.length) : "");
    const links = invalid.map((view) => {
      const link = createElement("a", { href: `#${view.definition.name}` }, view.definition.shortLabel ?? view.label);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        view.focus();
      });
      return createElement("li", {}, link);
    });
    this.#list.replaceChildren(...links);
    this.node.hidden = !invalid.length;
  }
}
