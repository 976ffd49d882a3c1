import type { Country } from "./countries.js";
import type { Field, FieldOption, FieldValue } from "./fields.js";
import type { Language } from "./languages/index.js";
import { make, write } from "./make.js";

type Native = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const NO_TEXT = ["hidden", "radio", "checkbox", "checkboxes", "consent"];

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

/** Options with their labels. */
export function optionsOf(options: readonly FieldOption[] = []) {
  return options.map((option) => (typeof option === "string" ? { value: option, label: option } : option));
}

/** A text, a list, a box to tick; a phone number has a list of countries beside it. */
export class Single implements Control {
  readonly node: HTMLElement;
  readonly country: HTMLSelectElement | undefined;
  readonly #field: Field;
  readonly #native: Native;
  readonly #empty = make("option", { value: "" });

  constructor(field: Field) {
    const { name, type, required, autocomplete, options, path } = field;
    this.#field = field;
    const isList = type === "select" || type === "country";
    // Numbers and addresses run from left to right in every language.
    const dir = type === "tel" || type === "email" || type === "number" ? "ltr" : undefined;
    const isBox = type === "checkbox" || type === "consent";
    const common = { part: isBox ? "box" : "input", id: name, name, required, autocomplete: NO_TEXT.includes(type) ? undefined : autocomplete, dir };
    if (isList) {
      this.#native = make("select", common, this.#empty, ...optionsOf(options).map(({ value, label }) => make("option", { value }, label)));
    } else if (type === "textarea") {
      this.#native = make("textarea", { ...common, rows: "3" });
    } else {
      const inputType = isBox ? "checkbox" : type === "number" ? "text" : type;
      // A list of addresses is no address, and would be called wrong.
      this.#native = make("input", { ...common, type: field.isList && type === "email" ? "text" : inputType, inputmode: type === "number" ? "decimal" : undefined });
    }
    this.node = this.#native;
    if (path === "leadInformation.phone") {
      this.country = make("select", { part: "country", name: "callingCode", autocomplete: "tel-country-code" });
      this.node = make("div", { part: "phone", dir: "ltr" }, this.country, this.#native);
    }
    if (field.value !== undefined) this.value = field.value;
  }

  get value(): FieldValue {
    const native = this.#native;
    if (isBox(native)) return native.checked;
    const value = native.value.trim();
    return this.#field.isList
      ? value
          .split(/[,،;\n]/)
          .map((part) => part.trim())
          .filter(Boolean)
      : value;
  }

  set value(value: FieldValue | undefined) {
    const native = this.#native;
    if (isBox(native)) native.checked = value === true;
    else native.value = value === undefined ? "" : Array.isArray(value) ? value.join(", ") : String(value);
  }

  set isInvalid(isInvalid: boolean) {
    this.#native.setAttribute("aria-invalid", String(isInvalid));
  }

  set isLocked(isLocked: boolean) {
    const native = this.#native;
    // What is disabled loses the focus, and a list or a box cannot be read only.
    if (native instanceof HTMLSelectElement || isBox(native)) native.disabled = isLocked;
    else native.readOnly = isLocked;
    if (this.country) this.country.disabled = isLocked;
  }

  describe(ids: string): void {
    if (ids) this.#native.setAttribute("aria-describedby", ids);
    else this.#native.removeAttribute("aria-describedby");
  }

  speak({ choose, callingCode }: Language): void {
    write(this.#empty, choose);
    this.country?.setAttribute("aria-label", callingCode);
  }

  offer(countries: readonly Country[]): void {
    const list = this.country ?? (this.#field.type === "country" ? (this.#native as HTMLSelectElement) : undefined);
    if (!list) return;
    const { value } = list;
    const entries = countries.map(({ code, name, callingCode }) =>
      // The mark keeps the plus before the number, after an Arabic name too.
      make("option", { value: code }, this.country ? `${name} \u200e${callingCode}` : name),
    );
    list.replaceChildren(...(this.country ? [make("option", { value: "" }, "+")] : [this.#empty]), ...entries);
    list.value = value;
  }

  focus(): void {
    this.#native.focus();
  }
}

function isBox(native: Native): native is HTMLInputElement {
  return native.type === "checkbox";
}
