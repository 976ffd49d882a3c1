import type { Country } from "./countries.js";
import type { Field, FieldValue } from "./fields.js";
import type { Language } from "./languages/index.js";
import { make } from "./make.js";

/** What a visitor writes in or chooses from: native, so that browsers fill it in and phones show their own. */
export interface Control {
  readonly node: HTMLElement;
  /** The list of countries beside a phone number. */
  readonly country?: HTMLSelectElement | undefined;
  value: FieldValue | undefined;
  set isInvalid(isInvalid: boolean);
  set isLocked(isLocked: boolean);
  /** Ties what is said about it to it, by the ids. */
  describe(ids: string): void;
  speak?(language: Language): void;
  offer?(countries: readonly Country[]): void;
  focus(): void;
}

/** The attributes of a field's native control. */
export function attributesOf({ name, type, required, autocomplete }: Field) {
  // Numbers and addresses run from left to right in every language.
  const dir = type === "tel" || type === "email" || type === "number" ? "ltr" : undefined;
  return { part: "input", id: name, name, type, required, autocomplete, dir };
}

/** One native control, by itself a line of text; a phone number has a list of countries beside it. */
export class Single<Native extends HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement = HTMLInputElement> implements Control {
  readonly node: HTMLElement;
  readonly country: HTMLSelectElement | undefined;
  protected readonly native: Native;

  constructor(field: Field, native = make("input", attributesOf(field)) as Native) {
    this.node = this.native = native;
    if (field.path === "leadInformation.phone") {
      this.country = make("select", { part: "country", name: "callingCode", autocomplete: "tel-country-code" });
      this.node = make("div", { part: "phone", dir: "ltr" }, this.country, native);
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
    // What is disabled loses the focus.
    (this.native as HTMLInputElement).readOnly = isLocked;
    if (this.country) this.country.disabled = isLocked;
  }

  describe(ids: string): void {
    if (ids) this.native.setAttribute("aria-describedby", ids);
    else this.native.removeAttribute("aria-describedby");
  }

  speak({ callingCode }: Language): void {
    this.country?.setAttribute("aria-label", callingCode);
  }

  offer(countries: readonly Country[]): void {
    const { country } = this;
    if (!country) return;
    const { value } = country;
    // The mark keeps the plus before the number, after an Arabic name too.
    const entries = countries.map(({ code, name, callingCode }) => make("option", { value: code }, `${name} \u200e${callingCode}`));
    country.replaceChildren(make("option", { value: "" }, "+"), ...entries);
    country.value = value;
  }

  focus(): void {
    this.native.focus();
  }
}
