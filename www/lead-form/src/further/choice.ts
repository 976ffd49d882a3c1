import type { Control } from "../controls.js";
import type { Field, FieldOption, FieldValue } from "../fields.js";
import { make } from "../make.js";

/** Options with their labels. */
export function optionsOf(options: readonly FieldOption[] = []) {
  return options.map((option) => (typeof option === "string" ? { value: option, label: option } : option));
}

/** One or several of a few, all of them in sight. */
export class Choice implements Control {
  readonly node: HTMLFieldSetElement;
  readonly #inputs: HTMLInputElement[];
  readonly #isMany: boolean;

  constructor({ name, type, options, required }: Field) {
    this.#isMany = type === "checkboxes";
    const entries = optionsOf(options).map(({ value, label }, index) => {
      const input = make("input", {
        part: "box",
        id: index ? `${name}-${index}` : name,
        type: this.#isMany ? "checkbox" : "radio",
        name,
        value,
        required: required && !this.#isMany,
      });
      return { input, label: make("label", { part: "option" }, input, make("span", {}, label)) };
    });
    this.#inputs = entries.map(({ input }) => input);
    const labels = entries.map(({ label }) => label);
    this.node = make("fieldset", { role: this.#isMany ? "group" : "radiogroup" }, make("div", { part: "options" }, ...labels));
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
    // The role of a group of boxes knows no such state; each box does.
    for (const node of this.#isMany ? this.#inputs : [this.node]) node.setAttribute("aria-invalid", String(isInvalid));
  }

  set isLocked(isLocked: boolean) {
    this.node.disabled = isLocked;
  }

  describe(ids: string): void {
    if (ids) this.node.setAttribute("aria-describedby", ids);
    else this.node.removeAttribute("aria-describedby");
  }

  focus(): void {
    (this.#inputs.find(({ checked }) => checked) ?? this.#inputs[0])?.focus();
  }
}
