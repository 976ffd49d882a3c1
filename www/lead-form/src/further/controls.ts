import { attributesOf, type Control, Single } from "../controls.js";
import type { Country } from "../countries.js";
import type { Field, FieldValue } from "../fields.js";
import type { Language } from "../languages/index.js";
import { make, write } from "../make.js";
import { Choice, optionsOf } from "./choice.js";

/** The control of a field that is no line of text by itself. */
export function controlOf(field: Field): Control {
  const attributes = attributesOf(field);
  switch (field.type) {
    case "radio":
    case "checkboxes":
      return new Choice(field);
    case "checkbox":
    case "consent":
      return new Box(field, make("input", { ...attributes, part: "box", type: "checkbox", autocomplete: undefined }));
    case "select":
    case "country":
      return new List(field);
    case "textarea":
      return new Text(field, make("textarea", { ...attributes, type: undefined, rows: "3" }));
    case "hidden":
      return new Text(field, make("input", { ...attributes, autocomplete: undefined }));
    case "number":
      return new Text(field, make("input", { ...attributes, type: "text", inputmode: "decimal" }));
    case "email":
      // A list of addresses is no address, and would be called wrong.
      return new Text(field, make("input", { ...attributes, type: field.isList ? "text" : "email" }));
    default:
      return new Text(field, make("input", attributes));
  }
}

/** A text, or several in one line. */
class Text extends Single<HTMLInputElement | HTMLTextAreaElement> {
  readonly #isList: boolean;

  constructor(field: Field, native: HTMLInputElement | HTMLTextAreaElement) {
    super(field, native);
    this.#isList = field.isList;
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
  }
}

/** A box to tick. */
class Box extends Single {
  override get value(): FieldValue {
    return this.native.checked;
  }

  override set value(value: FieldValue | undefined) {
    this.native.checked = value === true;
  }

  override set isLocked(isLocked: boolean) {
    this.native.disabled = isLocked;
  }
}

/** A list to choose from: of options, or of countries. */
class List extends Single<HTMLSelectElement> {
  readonly #empty: HTMLOptionElement;
  readonly #areCountries: boolean;
  /** What it was given to hold, though that may not be among the countries yet. */
  #wanted = "";

  constructor(field: Field) {
    const empty = make("option", { value: "" });
    const options = optionsOf(field.options).map(({ value, label }) => make("option", { value }, label));
    super(field, make("select", { ...attributesOf(field), type: undefined }, empty, ...options));
    this.#empty = empty;
    this.#areCountries = field.type === "country";
  }

  override get value(): FieldValue {
    return this.native.value;
  }

  override set value(value: FieldValue | undefined) {
    this.native.value = this.#wanted = String(value ?? "");
  }

  override set isLocked(isLocked: boolean) {
    this.native.disabled = isLocked;
  }

  override speak({ choose }: Language): void {
    write(this.#empty, choose);
  }

  override offer(countries: readonly Country[]): void {
    if (!this.#areCountries) return;
    const value = this.native.value || this.#wanted;
    this.native.replaceChildren(this.#empty, ...countries.map(({ code, name }) => make("option", { value: code }, name)));
    this.native.value = value;
    // From here on it is the visitor's.
    if (this.native.value) this.#wanted = "";
  }
}
