import type { Country } from "../fields/countries.js";
import type { Field, FieldValue } from "../fields/field.js";
import type { Language } from "../languages/index.js";
import { createElement } from "../base/create-element.js";

/** A control: native, so that autofill works and phones show their own pickers. */
export interface Control {
  readonly node: HTMLElement;
  /** The country list next to a phone number. */
  readonly country?: HTMLSelectElement | undefined;
  /** Whether it spans the whole row. */
  readonly isWide?: boolean;
  value: FieldValue | undefined;
  set isInvalid(isInvalid: boolean);
  set isLocked(isLocked: boolean);
  /** Sets `aria-describedby`. */
  setDescription(ids: string): void;
  /** The field's node with the label inside, for controls without a label above them. */
  withLabel?(label: readonly Node[]): HTMLElement;
  /** The hint, if the page has none. */
  defaultHint?(language: Language): string;
  /** The error for a required control without a value, if it differs from the usual one. */
  missingText?(language: Language): string;
  setLanguage?(language: Language): void;
  setCountries?(countries: readonly Country[]): void;
  focus(): void;
}

/** The types that span the whole row. */
const WIDE = ["tel", "email", "textarea", "consent"];

/** The attributes of a field's native control. */
export function attributesOf({ name, type, required, autocomplete }: Field) {
  // Numbers and e-mail addresses are written from left to right in every language.
  const dir = type === "tel" || type === "email" || type === "number" ? "ltr" : undefined;
  return { part: "input", id: name, name, type, required, autocomplete, dir };
}

/** One native control, by default a text input. A phone number has a country list next to it. */
export class NativeControl<
  Native extends HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement = HTMLInputElement,
> implements Control {
  readonly node: HTMLElement;
  readonly country: HTMLSelectElement | undefined;
  readonly isWide: boolean;
  protected readonly native: Native;

  constructor(field: Field, native = createElement("input", attributesOf(field)) as Native) {
    this.node = this.native = native;
    this.isWide = WIDE.includes(field.type);
    if (field.path === "leadInformation.phone") {
      this.country = createElement("select", {
        part: "country",
        name: "callingCode",
        autocomplete: "tel-country-code",
      });
      this.node = createElement("div", { part: "phone", dir: "ltr" }, this.country, native);
    }
  }

  get value(): FieldValue {
    return this.native.value.trim();
  }

  set value(value: FieldValue | undefined) {
    this.native.value = String(value ?? "");
  }

  set isInvalid(isInvalid: boolean) {
    this.native.setAttribute("aria-invalid", String(isInvalid));
  }

  set isLocked(isLocked: boolean) {
    // A disabled control would lose the focus. Lists are not locked: to disable one restyles all countries, which took
    // longer than the rest of sending, and the lead that is sent has its values already.
    (this.native as HTMLInputElement).readOnly = isLocked;
  }

  setDescription(ids: string): void {
    if (ids) this.native.setAttribute("aria-describedby", ids);
    else this.native.removeAttribute("aria-describedby");
  }

  setLanguage({ callingCode }: Language): void {
    this.country?.setAttribute("aria-label", callingCode);
  }

  setCountries(countries: readonly Country[]): void {
    const { country } = this;
    if (!country) return;
    // The mark keeps the plus in front of the number after an Arabic name.
    const entries = countries.map(({ code, name, callingCode }) =>
      createElement("option", { value: code }, `${name} \u200e${callingCode}`),
    );
    country.replaceChildren(createElement("option", { value: "" }, "+"), ...entries);
  }

  focus(): void {
    this.native.focus();
  }
}
