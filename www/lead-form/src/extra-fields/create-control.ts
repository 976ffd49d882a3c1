import { attributesOf, type Control, NativeControl } from "../view/native-control.js";
import type { Country } from "../fields/countries.js";
import type { Field, FieldValue } from "../fields/field.js";
import type { Language } from "../languages/index.js";
import { createElement, setText } from "../base/create-element.js";
import { ChoiceGroup, labeledOptions } from "./choice.js";
import { labelsOf } from "./budget-ranges.js";
import { textsIn } from "./texts.js";
import { VisitControl } from "./visit.js";

/** Creates the control of a field. */
export function createControl(field: Field): Control {
  const attributes = attributesOf(field);
  switch (field.type) {
    case "radio":
    case "checkboxes":
      return new ChoiceGroup(field);
    case "visit":
      return new VisitControl(field);
    case "checkbox":
    case "consent":
      return new Checkbox(
        field,
        createElement("input", { ...attributes, part: "control", type: "checkbox", autocomplete: undefined }),
      );
    case "select":
    case "country":
      return new SelectControl(field);
    case "textarea":
      return new TextControl(field, createElement("textarea", { ...attributes, type: undefined, rows: "3" }));
    case "hidden":
      return new TextControl(field, createElement("input", { ...attributes, autocomplete: undefined }));
    case "number":
      return new TextControl(field, createElement("input", { ...attributes, type: "text", inputmode: "decimal" }));
    case "email":
      // A list of addresses would not be a valid e-mail address.
      return new TextControl(field, createElement("input", { ...attributes, type: field.isList ? "text" : "email" }));
    default:
      return new TextControl(
        field,
        createElement("input", {
          ...attributes,
          dir: attributes.dir ?? (field.autocomplete === "postal-code" && "ltr"),
        }),
      );
  }
}

/** A text control, or a comma-separated list. */
class TextControl extends NativeControl<HTMLInputElement | HTMLTextAreaElement> {
  readonly #isList: boolean;

  constructor(field: Field, native: HTMLInputElement | HTMLTextAreaElement) {
    super(field, native);
    this.#isList = field.isList;
    native.addEventListener("input", () => this.#setBidi());
  }

  /** Keeps Arabic digits in typing order, also with spaces between them; words follow the direction of their script. */
  #setBidi(): void {
    const { dir, style, value } = this.native;
    if (dir) style.unicodeBidi = /\p{L}/u.test(value) ? "" : "bidi-override";
  }

  override get value(): FieldValue {
    const value = super.value as string;
    if (!this.#isList) return value;
    return value
      .split(/[,،;\n]/)
      .map((part) => part.trim())
      .filter(Boolean);
  }

  override set value(value: FieldValue | undefined) {
    super.value = Array.isArray(value) ? value.join(", ") : value;
    this.#setBidi();
  }

  defaultHint(language: Language): string {
    return this.#isList ? textsIn(language).several : "";
  }
}

/** A checkbox. */
class Checkbox extends NativeControl {
  override get value(): FieldValue {
    return this.native.checked;
  }

  override set value(value: FieldValue | undefined) {
    this.native.checked = value === true;
  }

  override set isLocked(isLocked: boolean) {
    this.native.disabled = isLocked;
  }

  withLabel(label: readonly Node[]): HTMLElement {
    return createElement(
      "div",
      {},
      createElement("label", { part: "option" }, this.node, createElement("span", {}, ...label)),
    );
  }

  missingText(language: Language): string {
    return textsIn(language).unchecked;
  }
}

/** A select, of answers or countries. */
class SelectControl extends NativeControl<HTMLSelectElement> {
  readonly #empty: HTMLOptionElement;
  readonly #areCountries: boolean;
  readonly #currency: string | undefined;
  /** The value that was set, which may not be in the country list yet. */
  #wanted = "";

  constructor(field: Field) {
    const empty = createElement("option", { value: "" });
    const options = labeledOptions(field.options).map(({ value, label }) => createElement("option", { value }, label));
    super(field, createElement("select", { ...attributesOf(field), type: undefined }, empty, ...options));
    this.#empty = empty;
    this.#areCountries = field.type === "country";
    this.#currency = field.currency;
  }

  override get value(): FieldValue {
    return this.native.value;
  }

  override set value(value: FieldValue | undefined) {
    this.native.value = this.#wanted = String(value ?? "");
  }

  override setLanguage(language: Language): void {
    setText(this.#empty, textsIn(language).choose);
    if (!this.#currency) return;
    const labels = labelsOf(this.#currency, language.code);
    [...this.native.options].slice(1).forEach((option, index) => setText(option, labels[index] ?? option.value));
  }

  override setCountries(countries: readonly Country[]): void {
    if (!this.#areCountries) return;
    const value = this.native.value || this.#wanted;
    this.native.replaceChildren(
      this.#empty,
      ...countries.map(({ code, name }) => createElement("option", { value: code }, name)),
    );
    this.native.value = value;
    // From now on the visitor's choice takes precedence.
    if (this.native.value) this.#wanted = "";
  }
}
