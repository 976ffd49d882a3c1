import type { Control } from "../view/native-control.js";
import type { Field, FieldOption, FieldValue } from "../fields/field.js";
import { createElement } from "../base/create-element.js";

/** Options with their labels. */
export function labeledOptions(options: readonly FieldOption[] = []) {
  return options.map((option) => (typeof option === "string" ? { value: option, label: option } : option));
}

/** A group of radio buttons or checkboxes. */
export class ChoiceGroup implements Control {
  readonly isWide = true;
  readonly node: HTMLFieldSetElement;
  readonly #inputs: HTMLInputElement[];
  readonly #isMany: boolean;

  constructor({ name, type, options, required, layout }: Field) {
    this.#isMany = type === "checkboxes";
    const entries = labeledOptions(options).map(({ value, label }, index) => {
      const input = createElement("input", {
        part: "control",
        id: index ? `${name}-${index}` : name,
        type: this.#isMany ? "checkbox" : "radio",
        name,
        value,
        required: required && !this.#isMany,
      });
      return { input, label: createElement("label", { part: "option" }, input, createElement("span", {}, label)) };
    });
    this.#inputs = entries.map(({ input }) => input);
    const labels = entries.map(({ label }) => label);
    this.node = createElement(
      "fieldset",
      { role: this.#isMany ? "group" : "radiogroup" },
      createElement("div", { part: layout === "cards" ? "options cards" : "options" }, ...labels),
    );
  }

  get value(): FieldValue {
    const chosen = this.#inputs.filter(({ checked }) => checked).map(({ value }) => value);
    return this.#isMany ? chosen : (chosen[0] ?? "");
  }

  set value(value: FieldValue | undefined) {
    const chosen = Array.isArray(value) ? value : [value];
    for (const input of this.#inputs) input.checked = chosen.includes(input.value);
  }

  set isInvalid(isInvalid: boolean) {
    // The role `group` does not support `aria-invalid`; checkboxes do.
    for (const node of this.#isMany ? this.#inputs : [this.node]) node.setAttribute("aria-invalid", String(isInvalid));
  }

  set isLocked(isLocked: boolean) {
    this.node.disabled = isLocked;
  }

  setDescription(ids: string): void {
    if (ids) this.node.setAttribute("aria-describedby", ids);
    else this.node.removeAttribute("aria-describedby");
  }

  withLabel(label: readonly Node[]): HTMLElement {
    this.node.prepend(createElement("legend", { part: "label" }, ...label));
    return this.node;
  }

  focus(): void {
    (this.#inputs.find(({ checked }) => checked) ?? this.#inputs[0])?.focus();
  }
}
