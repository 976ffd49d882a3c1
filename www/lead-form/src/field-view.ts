import { type Control, Single } from "./controls.js";
import type { Country } from "./countries.js";
import type { Field, FieldType, FieldValue } from "./fields.js";
import type { Language, NamedField } from "./languages/index.js";
import { make, write } from "./make.js";

/** What is wrong with a field; a doubt does not keep the visitor from sending it. */
export interface Fault {
  readonly kind: "missing" | "phone" | "email" | "number" | "other";
  readonly isDoubt: boolean;
}

/** What needs a line of its own. */
const WIDE: readonly FieldType[] = ["tel", "email", "textarea", "consent", "radio", "checkboxes"];

/** A field: its label, its control, what is said about it. */
export class FieldView {
  readonly node: HTMLElement;
  readonly field: Field;
  /** Whether the visitor wrote or chose something here. */
  isTouched = false;
  readonly #control: Control;
  readonly #label = make("span");
  readonly #hint: HTMLElement;
  readonly #error: HTMLElement;
  #fault: Fault | undefined;
  #label0 = "";

  /** `control`: the control where it is not a single one. */
  constructor(field: Field, control: Control = new Single(field)) {
    const { name, type, required } = field;
    this.field = field;
    this.#control = control;
    this.#hint = make("p", { part: "hint", id: `${name}-hint` });
    this.#error = make("p", { part: "error", id: `${name}-error` });
    const mark = required ? [make("span", { part: "mark", "aria-hidden": "true" }, "*")] : [];
    const { node } = this.#control;
    const about = [this.#hint, this.#error];
    if (node instanceof HTMLFieldSetElement) {
      this.node = node;
      node.prepend(make("legend", { part: "label" }, this.#label, ...mark));
      node.append(...about);
    } else if (type === "checkbox" || type === "consent") {
      const label = make("label", { part: "option" }, node, make("span", {}, this.#label, ...mark));
      this.node = make("div", {}, label, ...about);
    } else {
      const label = make("label", { part: "label", for: name }, this.#label, ...mark);
      this.node = make("div", {}, label, node, ...about);
    }
    this.node.setAttribute("part", WIDE.includes(type) ? "field wide" : "field");
    this.node.hidden = type === "hidden";
    this.value = field.value;
  }

  /** What the field holds; nothing if that is empty or not asked for. */
  get value(): FieldValue | undefined {
    const { value } = this.#control;
    return this.isAsked && (typeof value === "boolean" || value?.length) ? value : undefined;
  }

  set value(value: FieldValue | undefined) {
    this.#control.value = value;
  }

  /** Whether the field is asked for: it may depend on another one. */
  get isAsked(): boolean {
    return this.field.type === "hidden" || !this.node.hidden;
  }

  set isAsked(isAsked: boolean) {
    if (this.field.type !== "hidden") this.node.hidden = !isAsked;
  }

  /** The country chosen beside a number. */
  get country(): string {
    return this.#control.country?.value ?? "";
  }

  set country(country: string) {
    if (this.#control.country) this.#control.country.value = country;
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  set fault(fault: Fault | undefined) {
    this.#fault = fault;
    this.#control.isInvalid = fault !== undefined && !fault.isDoubt;
    this.node.toggleAttribute("data-fault", fault !== undefined);
    this.node.toggleAttribute("data-doubt", fault?.isDoubt ?? false);
  }

  set isLocked(isLocked: boolean) {
    this.#control.isLocked = isLocked;
  }

  /** What the field is called. */
  get label(): string {
    return this.#label0;
  }

  owns(target: EventTarget | null): boolean {
    return this.node.contains(target as Node | null);
  }

  focus(): void {
    this.#control.focus();
  }

  /** Says everything in a language. */
  speak(language: Language): void {
    const { name, label, hint, isList, type } = this.field;
    const { faults } = language;
    const names = language.labels;
    this.#label0 = label ?? (Object.hasOwn(names, name) ? names[name as NamedField] : name);
    write(this.#label, this.#label0);
    write(this.#hint, hint ?? (isList && type !== "checkboxes" ? language.several : ""));
    const fault = this.#fault;
    const isBox = type === "checkbox" || type === "consent";
    const missing = isBox ? faults.unticked : faults.missing(this.#label0);
    const wrong = fault && (fault.kind === "missing" ? missing : faults[fault.kind]);
    write(this.#error, fault?.isDoubt ? `${wrong} ${language.doubt}` : (wrong ?? ""));
    const described = [this.#error, this.#hint].filter((text) => text.textContent);
    for (const text of [this.#error, this.#hint]) text.hidden = !described.includes(text);
    this.#control.describe(described.map(({ id }) => id).join(" "));
    this.#control.speak?.(language);
  }

  /** Offers countries, in order. */
  offer(countries: readonly Country[]): void {
    this.#control.offer?.(countries);
  }
}
