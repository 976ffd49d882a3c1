import { type Control, NativeControl } from "./native-control.js";
import type { Country } from "../fields/countries.js";
import type { Field, FieldValue } from "../fields/field.js";
import type { FieldError } from "../fields/missing.js";
import type { DefaultField, Language } from "../languages/index.js";
import { createElement, setText } from "../base/create-element.js";

/** A field: label, control, hint and error. */
export class FieldView {
  readonly node: HTMLElement;
  readonly definition: Field;
  readonly #control: Control;
  readonly #label = createElement("span");
  readonly #hintText: HTMLElement;
  readonly #errorText: HTMLElement;
  /** Whether the field is shown: it may depend on another one. */
  isVisible = true;
  /** The label's text. */
  label = "";
  #fieldError: FieldError | undefined;

  /** `control` replaces the default text input. */
  constructor(field: Field, control: Control = new NativeControl(field)) {
    const { name, required } = field;
    this.definition = field;
    this.#control = control;
    this.#hintText = createElement("p", { part: "hint", id: `${name}-hint` });
    this.#errorText = createElement("p", { part: "error", id: `${name}-error` });
    const mark = required ? [createElement("span", { part: "mark", "aria-hidden": "true" }, " *")] : [];
    const { node } = this.#control;
    const label = [this.#label, ...mark];
    this.node =
      control.withLabel?.(label) ??
      createElement("div", {}, createElement("label", { part: "label", for: name }, ...label), node);
    this.node.append(this.#hintText, this.#errorText);
    this.node.setAttribute("part", (field.span ? field.span > 1 : control.isWide) ? "field wide" : "field");
    this.value = field.value;
  }

  /** The control's value, whether or not the field is shown. */
  get rawValue(): FieldValue | undefined {
    return this.#control.value;
  }

  /** The field's value; `undefined` if it is empty or not shown. */
  get value(): FieldValue | undefined {
    const value = this.rawValue;
    return this.isVisible && (typeof value === "boolean" || value?.length) ? value : undefined;
  }

  set value(value: FieldValue | undefined) {
    this.#control.value = value;
  }

  /** The country selected next to a phone number. */
  get country(): string {
    return this.#control.country?.value ?? "";
  }

  set country(country: string) {
    if (this.#control.country) this.#control.country.value = country;
  }

  get fieldError(): FieldError | undefined {
    return this.#fieldError;
  }

  set fieldError(error: FieldError | undefined) {
    this.#fieldError = error;
    this.#control.isInvalid = error !== undefined && !error.isWarning;
    this.node.toggleAttribute("data-error", error !== undefined);
    this.node.toggleAttribute("data-warning", error?.isWarning ?? false);
  }

  set isLocked(isLocked: boolean) {
    this.#control.isLocked = isLocked;
  }

  contains(target: EventTarget | null): boolean {
    return this.node.contains(target as Node | null);
  }

  focus(): void {
    this.#control.focus();
  }

  /** Shows all texts in a language. */
  setLanguage(language: Language): void {
    const { definition: field } = this;
    const { name, type, label, hint } = field;
    const { issues, labels } = language;
    this.node.hidden = !this.isVisible || type === "hidden";
    this.label = label ?? field.defaultLabel?.(language) ?? labels[name as DefaultField];
    setText(this.#label, this.label);
    setText(this.#hintText, hint ?? this.#control.defaultHint?.(language) ?? "");
    const error = this.#fieldError;
    const missing = () => this.#control.missingText?.(language) ?? issues.missing;
    setText(this.#errorText, error ? (error.textIn?.(language) ?? missing()) : "");
    const described = [this.#errorText, this.#hintText].filter((text) => text.textContent);
    for (const text of [this.#errorText, this.#hintText]) text.hidden = !described.includes(text);
    this.#control.setDescription(described.map(({ id }) => id).join(" "));
    this.#control.setLanguage?.(language);
  }

  /** Sets the countries to choose from, in order. */
  setCountries(countries: readonly Country[]): void {
    this.#control.setCountries?.(countries);
  }
}
