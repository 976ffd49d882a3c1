import type { Fault, Field } from "./fields.js";
import type { Language } from "./languages/index.js";
import { make, write } from "./make.js";

/** One field as it is shown: label, input, hint, and what is wrong with it. */
export class FieldView {
  readonly field: Field;
  readonly node: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #label = make("span");
  readonly #hint: HTMLElement;
  readonly #error: HTMLElement;
  #fault: Fault | undefined;

  constructor(field: Field) {
    const { name, type, autocomplete, isRequired } = field;
    this.field = field;
    this.#hint = make("p", { part: "hint", id: `${name}-hint` });
    this.#error = make("p", { part: "error", id: `${name}-error` });
    this.input = make("input", { part: "input", id: name, name, type, autocomplete });
    this.input.required = isRequired;
    // Numbers and addresses run from left to right in every language.
    if (type !== "text") this.input.dir = "ltr";
    const label = make("label", { part: "label", for: name }, this.#label);
    // `required` tells assistive technology the same.
    if (isRequired) label.append(make("span", { part: "mark", "aria-hidden": "true" }, new Text("*")));
    this.node = make("div", { part: "field" }, label, this.input, this.#error, this.#hint);
    this.fault = undefined;
  }

  get value(): string {
    return this.input.value.trim();
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  set fault(fault: Fault | undefined) {
    this.#fault = fault;
    this.input.setAttribute("aria-invalid", String(fault !== undefined));
  }

  /** Says everything in a language; `country` is the country's name in it. */
  speak(language: Language, country: string | undefined): void {
    const { name, type } = this.field;
    const fault = this.#fault;
    write(this.#label, language.labels[name]);
    write(this.#hint, type === "tel" ? language.phoneHint(country) : "");
    write(this.#error, fault ? (fault === "missing" ? language.missing[name] : language.faults[fault]) : "");
    const described = [this.#error, this.#hint].filter((text) => text.textContent);
    for (const text of [this.#error, this.#hint]) text.hidden = !described.includes(text);
    this.input.setAttribute("aria-describedby", described.map(({ id }) => id).join(" "));
  }
}
